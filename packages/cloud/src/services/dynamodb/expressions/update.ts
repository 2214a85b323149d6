import { type AttributeType, type AttributeValue, copyValue, type Item, typeOf } from '../attributeValue.ts';
import { type DynamoDbError, validationException } from '../errors.ts';
import { addNumbers } from '../number.ts';
import { addMembers, removeMembers } from '../sets.ts';
import { Binder, type Bound, type Functions, type Getter, type Names, type Values } from './binding.ts';
import { comparePaths, type Path, pathClash, removeAt, requireParent, setAt, valueAt } from './documentPath.ts';
import type { ActionNode, OperandNode, Parsed, UpdateValueNode } from './tree.ts';

/** An update, ready to be run. */
export interface Update extends Bound {
  /** The paths that it writes. */
  readonly targets: readonly Path[];
  /** The type that it gives an attribute whatever the item, if that is known before. */
  typeGiven(name: string, values: Values): AttributeType | undefined;
  /**
   * Changes an item in place. Everything is computed from what the item was before.
   *
   * @throws ValidationException when the item does not have what the update needs: it may be half changed then
   */
  apply(item: Item, values: Values): void;
}

interface Step {
  readonly kind: ActionNode['kind'];
  readonly path: Path;
  readonly get: Getter;
}

const TYPE_WORDS: Readonly<Record<AttributeType, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  BOOL: 'BOOLEAN',
  NULL: 'NULL',
  SS: 'STRING_SET',
  NS: 'NUMBER_SET',
  BS: 'BINARY_SET',
  L: 'LIST',
  M: 'MAP',
};
const SETS: readonly AttributeType[] = ['SS', 'NS', 'BS'];
const ADDABLE: readonly AttributeType[] = ['N', ...SETS];

/** Makes an update of what was read, its aliases resolved. AWS checks names and values, then paths, then types, then functions. */
export function bindUpdate(parsed: Parsed<readonly ActionNode[]>, names: Names): Update {
  const binder = new Binder(names, FUNCTIONS);
  const actions = parsed.root;
  const steps = actions.map((action) => bindAction(action, binder));
  const targets = steps.map(({ path }) => path);
  binder.fail(pathClash(targets));
  for (const action of actions) requireAddable(action, binder);
  for (const action of actions) if (action.kind === 'set') requireOperands(action.value, binder);
  return {
    ...binder.finish(parsed),
    targets,
    typeGiven: (name, values) => {
      const index = targets.findIndex((path) => path.length === 1 && path[0] === name);
      const action = actions[index];
      return action === undefined ? undefined : typeGivenBy(action, binder, values);
    },
    apply: applier(steps),
  };
}

function bindAction(action: ActionNode, binder: Binder): Step {
  const path = binder.resolve(action.path);
  if (action.kind === 'remove') return { kind: action.kind, path, get: nothing };
  if (action.kind === 'set') return { kind: action.kind, path, get: bindValue(action.value, binder) };
  return { kind: action.kind, path, get: binder.operand(action.value) };
}

function bindValue(node: UpdateValueNode, binder: Binder): Getter {
  if (node.kind === 'arithmetic') {
    const [left, right] = [binder.operand(node.left), binder.operand(node.right)];
    const subtract = node.operator === '-';
    return (item, values) => ({ N: addNumbers(numberOf(left(item, values)), numberOf(right(item, values)), subtract) });
  }
  const get = binder.operand(node);
  if (node.kind === 'value') return get;
  return (item, values) => {
    const value = get(item, values);
    if (value === undefined) throw missingAttribute();
    return copyValue(value);
  };
}

const nothing: Getter = () => undefined;

const FUNCTIONS: Functions = {
  bind: (call, binder) => {
    const [first = nothing, second = nothing] = call.operands.map((each) => binder.operand(each));
    return call.name === 'if_not_exists'
      ? (item, values) => first(item, values) ?? second(item, values)
      : (item, values) => ({ L: [...listOf(first(item, values)), ...listOf(second(item, values))] });
  },
  typeOf: ({ name }) => (name === 'list_append' ? 'L' : undefined),
};

const incorrectType = (): DynamoDbError =>
  validationException('An operand in the update expression has an incorrect data type');

const missingAttribute = (): DynamoDbError =>
  validationException('The provided expression refers to an attribute that does not exist in the item');

function listOf(value: AttributeValue | undefined): readonly AttributeValue[] {
  if (value === undefined) throw missingAttribute();
  if (value.L === undefined) throw incorrectType();
  return value.L;
}

function numberOf(value: AttributeValue | undefined): string {
  if (value === undefined) throw missingAttribute();
  if (value.N === undefined) throw incorrectType();
  return value.N;
}

function requireAddable(action: ActionNode, binder: Binder): void {
  if (action.kind !== 'add' && action.kind !== 'delete') return;
  const operator = action.kind.toUpperCase();
  const allowed = action.kind === 'add' ? ADDABLE : SETS;
  binder.require((values) => {
    const type = binder.typeOf(action.value, values);
    if (type === undefined || allowed.includes(type)) return undefined;
    return `Incorrect operand type for operator or function; operator: ${operator}, operand type: ${TYPE_WORDS[type]}, typeSet: ALLOWED_FOR_${operator}_OPERAND`;
  });
}

/** Checks functions from the inside out, then the operator around them. */
function requireOperands(node: UpdateValueNode, binder: Binder): void {
  if (node.kind === 'arithmetic') {
    for (const each of [node.left, node.right]) requireCall(each, binder);
    for (const each of [node.left, node.right]) binder.requireType(node.operator, each, ['N']);
  } else {
    requireCall(node, binder);
  }
}

function requireCall(node: OperandNode, binder: Binder): void {
  if (node.kind !== 'call') return;
  for (const each of node.operands) requireCall(each, binder);
  binder.requireCount(node.name, node.operands, 2);
  if (node.name === 'if_not_exists') binder.requirePath(node.name, node.operands[0]);
  else for (const each of node.operands) binder.requireType(node.name, each, ['L']);
}

function typeGivenBy(action: ActionNode, binder: Binder, values: Values): AttributeType | undefined {
  if (action.kind === 'remove') return undefined;
  return action.value.kind === 'arithmetic' ? 'N' : binder.typeOf(action.value, values);
}

function applier(steps: readonly Step[]): (item: Item, values: Values) => void {
  const setting = steps.filter(({ kind }) => kind === 'set').sort((a, b) => comparePaths(a.path, b.path));
  const adding = steps.filter(({ kind }) => kind === 'add' || kind === 'delete');
  // From the end of each list to its front, so that indexes keep their meaning.
  const removing = steps.filter(({ kind }) => kind === 'remove').sort((a, b) => comparePaths(b.path, a.path));
  return (item, values) => {
    const set = setting.map(({ get }) => get(item, values));
    const added = adding.map((step) => changed(item, step, values));
    for (let index = 0; index < setting.length; index++) write(item, setting[index], set[index]);
    for (let index = 0; index < adding.length; index++) write(item, adding[index], added[index]);
    for (const { path } of removing) requireParent(item, path);
    for (const { path } of removing) removeAt(item, path);
  };
}

function write(item: Item, step: Step | undefined, value: AttributeValue | undefined): void {
  if (step === undefined) return;
  if (value !== undefined) setAt(item, step.path, value);
  else removeAt(item, step.path);
}

/** What ADD or DELETE makes of the value at a path: undefined when nothing remains of it. */
function changed(item: Item, { kind, path, get }: Step, values: Values): AttributeValue | undefined {
  requireParent(item, path);
  const current = valueAt(item, path);
  const operand = get(item, values);
  if (operand === undefined) return current;
  if (current === undefined) return kind === 'add' ? operand : undefined;
  if (kind === 'add') {
    if (current.N !== undefined && operand.N !== undefined) return { N: addNumbers(current.N, operand.N) };
    const union = addMembers(current, operand);
    if (union === undefined) throw incorrectType();
    return union;
  }
  const rest = removeMembers(current, operand);
  if (rest === undefined || typeOf(current) !== typeOf(operand)) throw incorrectType();
  return rest === 'empty' ? undefined : rest;
}
