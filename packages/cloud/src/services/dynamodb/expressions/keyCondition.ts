import type { AttributeValue } from '../attributeValue.ts';
import { validationException } from '../errors.ts';
import { Binder, type Bound, type Names, type Values } from './binding.ts';
import { bindCondition } from './condition.ts';
import type { Comparator, ConditionNode, OperandNode, Parsed } from './tree.ts';

/** A relation that a sort key's order can answer; a partition key only `EQ`. */
export type KeyOperator = 'EQ' | 'LT' | 'LE' | 'GT' | 'GE' | 'BETWEEN' | 'BEGINS_WITH';

/** What a query asks of one key attribute. */
export interface KeyRelation {
  readonly name: string;
  /** A legacy condition may have others, which no key can answer. */
  readonly operator: string;
  readonly operands: readonly AttributeValue[];
}

/** A key condition, ready to be run. */
export interface KeyCondition extends Bound {
  /** @throws ValidationException when a relation is not between one attribute and values */
  relations(values: Values): readonly KeyRelation[];
}

interface Template {
  readonly name: string;
  readonly operator: KeyOperator;
  readonly values: readonly string[];
}

const OPERATORS: Readonly<Record<Exclude<Comparator, '<>'>, KeyOperator>> = {
  '=': 'EQ',
  '<': 'LT',
  '<=': 'LE',
  '>': 'GT',
  '>=': 'GE',
};
const MIRRORED: Readonly<Record<KeyOperator, KeyOperator>> = {
  EQ: 'EQ',
  LT: 'GT',
  LE: 'GE',
  GT: 'LT',
  GE: 'LE',
  BETWEEN: 'BETWEEN',
  BEGINS_WITH: 'BEGINS_WITH',
};

/** Makes a key condition of what was read, its aliases resolved. */
export function bindKeyCondition(parsed: Parsed<ConditionNode>, names: Names): KeyCondition {
  const bound = bindCondition(parsed, names);
  const templates: Template[] = [];
  const problem = collect(parsed.root, names, templates);
  return {
    ...bound,
    relations: (values) => {
      if (problem !== undefined) throw validationException(problem);
      return templates.map(({ name, operator, values: operands }) => ({
        name,
        operator,
        operands: operands.map((operand) => values[operand] as AttributeValue), // checked by `check`
      }));
    },
  };
}

/** Takes a condition apart into relations of one key each, or says why it cannot be. */
function collect(node: ConditionNode, names: Names, templates: Template[]): string | undefined {
  switch (node.kind) {
    case 'and':
      return collect(node.left, names, templates) ?? collect(node.right, names, templates);
    case 'or':
    case 'not':
    case 'in':
      return `Invalid operator used in KeyConditionExpression: ${node.kind.toUpperCase()}`;
    case 'between':
      return relation('BETWEEN', 'BETWEEN', [node.operand, node.lower, node.upper], names, templates);
    case 'call':
      if (node.name !== 'begins_with') return `Invalid operator used in KeyConditionExpression: ${node.name}`;
      return relation('BEGINS_WITH', 'begins_with', node.operands, names, templates);
    case 'comparison':
      if (node.operator === '<>') return 'Invalid operator used in KeyConditionExpression: <>';
      return relation(OPERATORS[node.operator], node.operator, [node.left, node.right], names, templates);
  }
}

function relation(
  operator: KeyOperator,
  sign: string,
  operands: readonly OperandNode[],
  names: Names,
  templates: Template[],
): string | undefined {
  const needsKeyFirst = operator === 'BETWEEN' || operator === 'BEGINS_WITH';
  if (needsKeyFirst && operands[0]?.kind === 'value') {
    return `Invalid condition in KeyConditionExpression: ${sign} operator must have the key attribute as its first operand`;
  }
  let name: string | undefined;
  const values: string[] = [];
  for (const operand of operands) {
    if (operand.kind === 'call') return 'KeyConditionExpressions cannot contain nested operations';
    if (operand.kind === 'value') {
      values.push(operand.name);
      continue;
    }
    if (name !== undefined) {
      return 'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition';
    }
    if (operand.elements.length > 1) return 'KeyConditionExpressions cannot have conditions on nested attributes';
    [name] = new Binder(names, NO_FUNCTIONS).resolve(operand);
  }
  if (name === undefined) return 'Invalid condition in KeyConditionExpression: No key attribute specified';
  if (templates.some((other) => other.name === name)) {
    return 'KeyConditionExpressions must only contain one condition per key';
  }
  const mirrored = operands[0]?.kind === 'value';
  templates.push({ name, operator: mirrored ? MIRRORED[operator] : operator, values });
  return undefined;
}

const NO_FUNCTIONS = {
  bind: (): never => {
    throw new Error('a path is resolved without functions');
  },
  typeOf: (): undefined => undefined,
};
