import type { AttributeType, AttributeValue, Item } from '../attributeValue.ts';
import { ATTRIBUTE_TYPES, typeOf } from '../attributeValue.ts';
import { compareValues, equalValues } from '../compareValues.ts';
import { beginsWith, contains, sizeOf } from '../valueFunctions.ts';
import { Binder, type Bound, type Functions, type Getter, type Names, type Values } from './binding.ts';
import { displayPath } from './documentPath.ts';
import type {
  BetweenNode,
  CallNode,
  ComparisonNode,
  ConditionNode,
  InNode,
  OperandNode,
  Parsed,
  PathElement,
} from './tree.ts';

/** Whether an item fulfils a condition. */
export type Test = (item: Item, values: Values) => boolean;

/** A condition or filter, ready to be run. */
export interface Condition extends Bound {
  readonly test: Test;
}

const ORDERED: readonly AttributeType[] = ['S', 'N', 'B'];
const WITH_PREFIX: readonly AttributeType[] = ['S', 'B'];
const WITH_SIZE: readonly AttributeType[] = ['S', 'B', 'SS', 'NS', 'BS', 'L', 'M'];
const WITH_MEMBERS: readonly AttributeType[] = ['S', 'B', 'SS', 'NS', 'BS', 'L'];

/** Makes a condition of what was read, its aliases resolved. */
export function bindCondition(parsed: Parsed<ConditionNode>, names: Names): Condition {
  const binder = new ConditionBinder(names);
  const test = binder.bind(parsed.root);
  return { ...binder.finish(parsed), test };
}

const FUNCTIONS: Functions = {
  bind: (call, binder) => {
    const [operand] = call.operands;
    const getters = call.operands.map((each) => binder.operand(each));
    binder.requireCount('size', call.operands, 1);
    if (operand !== undefined) binder.requireType('size', operand, WITH_SIZE);
    const [get] = getters;
    return (item, values) => {
      const value = get?.(item, values);
      const size = value === undefined ? undefined : sizeOf(value);
      return size === undefined ? undefined : { N: String(size) };
    };
  },
  typeOf: () => 'N',
};

class ConditionBinder extends Binder {
  constructor(names: Names) {
    super(names, FUNCTIONS);
  }

  bind(node: ConditionNode): Test {
    switch (node.kind) {
      case 'and': {
        const [left, right] = [this.bind(node.left), this.bind(node.right)];
        return (item, values) => left(item, values) && right(item, values);
      }
      case 'or': {
        const [left, right] = [this.bind(node.left), this.bind(node.right)];
        return (item, values) => left(item, values) || right(item, values);
      }
      case 'not': {
        const test = this.bind(node.operand);
        return (item, values) => !test(item, values);
      }
      case 'comparison':
        return this.#bindComparison(node);
      case 'between':
        return this.#bindBetween(node);
      case 'in':
        return this.#bindIn(node);
      case 'call':
        return this.#bindCall(node);
    }
  }

  #bindComparison({ operator, left, right }: ComparisonNode): Test {
    const [a, b] = [this.operand(left), this.operand(right)];
    if (operator !== '=' && operator !== '<>') {
      this.requireType(operator, left, ORDERED);
      this.requireType(operator, right, ORDERED);
    }
    this.#requireDistinct(operator, [left, right]);
    switch (operator) {
      case '=':
        return (item, values) => equalTo(a(item, values), b(item, values));
      case '<>':
        return (item, values) => !equalTo(a(item, values), b(item, values));
      case '<':
        return (item, values) => orderOf(a(item, values), b(item, values)) < 0;
      case '<=':
        return (item, values) => orderOf(a(item, values), b(item, values)) <= 0;
      case '>':
        return (item, values) => orderOf(a(item, values), b(item, values)) > 0;
      case '>=':
        return (item, values) => orderOf(a(item, values), b(item, values)) >= 0;
    }
  }

  #bindBetween({ operand, lower, upper }: BetweenNode): Test {
    const [get, low, high] = [this.operand(operand), this.operand(lower), this.operand(upper)];
    for (const each of [operand, lower, upper]) this.requireType('BETWEEN', each, ORDERED);
    this.#requireDistinct('BETWEEN', [operand, lower, upper]);
    this.require((values) => boundsMessage(valueGiven(lower, values), valueGiven(upper, values)));
    return (item, values) => {
      const value = get(item, values);
      return orderOf(value, low(item, values)) >= 0 && orderOf(value, high(item, values)) <= 0;
    };
  }

  #bindIn({ operand, candidates }: InNode): Test {
    const get = this.operand(operand);
    const getters = candidates.map((each) => this.operand(each));
    this.#requireDistinct('IN', [operand, ...candidates]);
    return (item, values) => {
      const value = get(item, values);
      return value !== undefined && getters.some((candidate) => equalTo(value, candidate(item, values)));
    };
  }

  #bindCall({ name, operands }: CallNode): Test {
    const getters = operands.map((each) => this.operand(each));
    this.requireCount(name, operands, name === 'attribute_exists' || name === 'attribute_not_exists' ? 1 : 2);
    const [first, second] = operands;
    const [get = nothing, other = nothing] = getters;
    switch (name) {
      case 'attribute_exists':
        this.requirePath(name, first);
        return (item, values) => get(item, values) !== undefined;
      case 'attribute_not_exists':
        this.requirePath(name, first);
        return (item, values) => get(item, values) === undefined;
      case 'attribute_type':
        this.#requireTypeName(second);
        this.requirePath(name, first);
        this.#requireDistinct(name, operands);
        return (item, values) => {
          const value = get(item, values);
          return value !== undefined && typeOf(value) === other(item, values)?.S;
        };
      case 'begins_with':
        for (const each of operands) this.requireType(name, each, WITH_PREFIX);
        this.#requireDistinct(name, operands);
        return whenBoth(get, other, beginsWith);
      default:
        if (first !== undefined) this.requireType(name, first, WITH_MEMBERS);
        this.#requireDistinct(name, operands);
        return whenBoth(get, other, contains);
    }
  }

  #requireTypeName(node: OperandNode | undefined): void {
    if (node === undefined) return;
    this.requireType('attribute_type', node, ['S']);
    this.require((values) => {
      const name = valueGiven(node, values)?.S;
      if (name === undefined || ATTRIBUTE_TYPES.some((type) => type === name)) return undefined;
      return `Invalid attribute type name found; type: ${name}, valid types: {${ATTRIBUTE_TYPES.join(',')}}`;
    });
  }

  #requireDistinct(operator: string, operands: readonly OperandNode[]): void {
    const paths = operands.map((each) => (each.kind === 'path' ? this.#resolved(each.elements) : undefined));
    const [first, ...rest] = paths;
    if (first === undefined || !rest.includes(first)) return;
    this.fail(
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${first}`,
    );
  }

  /** A path as AWS writes it, by which equal ones are known: without noting it a second time. */
  #resolved(elements: readonly PathElement[]): string {
    const path = this.resolve({ kind: 'path', elements });
    this.paths.pop();
    return displayPath(path);
  }
}

const nothing: Getter = () => undefined;

const valueGiven = (node: OperandNode, values: Values): AttributeValue | undefined =>
  node.kind === 'value' ? values[node.name] : undefined;

const equalTo = (a: AttributeValue | undefined, b: AttributeValue | undefined): boolean =>
  a !== undefined && b !== undefined && equalValues(a, b);

/** The order of two values: NaN, of which every comparison is false, when they have none. */
const orderOf = (a: AttributeValue | undefined, b: AttributeValue | undefined): number =>
  a === undefined || b === undefined ? Number.NaN : (compareValues(a, b) ?? Number.NaN);

const whenBoth =
  (get: Getter, other: Getter, test: (a: AttributeValue, b: AttributeValue) => boolean): Test =>
  (item, values) => {
    const [a, b] = [get(item, values), other(item, values)];
    return a !== undefined && b !== undefined && test(a, b);
  };

/** What AWS says of bounds that nothing can lie between, or undefined. */
export function boundsMessage(
  lower: AttributeValue | undefined,
  upper: AttributeValue | undefined,
): string | undefined {
  if (lower === undefined || upper === undefined) return undefined;
  const order = compareValues(lower, upper);
  if (order !== undefined && order <= 0) return undefined;
  const operands = `lower bound operand: ${displayValue(lower)}, upper bound operand: ${displayValue(upper)}`;
  return order === undefined
    ? `The BETWEEN operator requires same data type for lower and upper bounds; ${operands}`
    : `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${operands}`;
}

const displayValue = (value: AttributeValue): string =>
  `AttributeValue: {${typeOf(value)}:${value.S ?? value.N ?? value.B}}`;
