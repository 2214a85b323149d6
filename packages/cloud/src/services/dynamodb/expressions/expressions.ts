import type { AttributeValue } from '../attributeValue.ts';
import { DynamoDbError, validationException } from '../errors.ts';
import { checkValue } from '../validateValue.ts';
import type { Bound, Names, Values } from './binding.ts';
import { ExpressionCache } from './cache.ts';
import { bindCondition, type Condition } from './condition.ts';
import { parseCondition } from './conditionParser.ts';
import { bindKeyCondition, type KeyCondition } from './keyCondition.ts';
import { bindProjection, type Projection, parseProjection } from './projection.ts';
import type { ActionNode, ConditionNode, PathNode } from './tree.ts';
import { bindUpdate, type Update } from './update.ts';
import { parseUpdate } from './updateParser.ts';

/** The expression parameters of an operation's input. */
export interface ExpressionInput {
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** An input's expressions, read, checked and ready to be run with its values. */
export interface Expressions {
  readonly update: Update | undefined;
  readonly condition: Condition | undefined;
  readonly keyCondition: KeyCondition | undefined;
  readonly filter: Condition | undefined;
  readonly projection: Projection | undefined;
  readonly values: Values;
}

const updates = new ExpressionCache<readonly ActionNode[], Update>(parseUpdate, bindUpdate);
const conditions = new ExpressionCache<ConditionNode, Condition>(
  (text) => parseCondition('ConditionExpression', text),
  bindCondition,
);
const keyConditions = new ExpressionCache<ConditionNode, KeyCondition>(
  (text) => parseCondition('KeyConditionExpression', text),
  bindKeyCondition,
);
const filters = new ExpressionCache<ConditionNode, Condition>(
  (text) => parseCondition('FilterExpression', text),
  bindCondition,
);
const projections = new ExpressionCache<readonly PathNode[], Projection>(parseProjection, bindProjection);

const NO_NAMES: Names = {};
const NO_VALUES: Values = {};
const NONE: Expressions = {
  update: undefined,
  condition: undefined,
  keyCondition: undefined,
  filter: undefined,
  projection: undefined,
  values: NO_VALUES,
};

/**
 * Reads an input's expressions in AWS's order: names and values, then every text for itself, then each with names and values, then what
 * none of them uses.
 *
 * @throws ValidationException with AWS's text
 */
export function readExpressions(input: ExpressionInput): Expressions {
  const { UpdateExpression, ConditionExpression, KeyConditionExpression, FilterExpression, ProjectionExpression } =
    input;
  const given = input.ExpressionAttributeNames;
  const names = given === undefined ? NO_NAMES : checkNames(given);
  const values =
    input.ExpressionAttributeValues === undefined ? NO_VALUES : checkValues(input.ExpressionAttributeValues);
  const update = UpdateExpression === undefined ? undefined : updates.read(UpdateExpression);
  const condition = ConditionExpression === undefined ? undefined : conditions.read(ConditionExpression);
  const keyCondition = KeyConditionExpression === undefined ? undefined : keyConditions.read(KeyConditionExpression);
  const filter = FilterExpression === undefined ? undefined : filters.read(FilterExpression);
  const projection = ProjectionExpression === undefined ? undefined : projections.read(ProjectionExpression);
  const expressions: Expressions = {
    update: update && updates.resolve(update, names),
    condition: condition && conditions.resolve(condition, names),
    keyCondition: keyCondition && keyConditions.resolve(keyCondition, names),
    filter: filter && filters.resolve(filter, names),
    projection: projection && projections.resolve(projection, names),
    values,
  };
  const bounds = [
    expressions.update,
    expressions.condition,
    expressions.keyCondition,
    expressions.filter,
    expressions.projection,
  ];
  for (const bound of bounds) bound?.check(values);
  if (names !== NO_NAMES) requireUse('ExpressionAttributeNames', names, bounds, 'aliases');
  if (values !== NO_VALUES) requireUse('ExpressionAttributeValues', values, bounds, 'values');
  return expressions;
}

/** What {@link readExpressions} gives for an input without any. */
export const NO_EXPRESSIONS: Expressions = NONE;

const ALIAS = /^#\w+$/;
const VALUE = /^:\w+$/;

function checkNames(names: Names): Names {
  let empty = true;
  for (const alias in names) {
    empty = false;
    if (!ALIAS.test(alias)) {
      throw validationException(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${alias}"`);
    }
  }
  if (empty) throw validationException('ExpressionAttributeNames must not be empty');
  return names;
}

function checkValues(values: Values): Values {
  let empty = true;
  for (const name in values) {
    empty = false;
    if (!VALUE.test(name)) {
      throw validationException(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${name}"`);
    }
  }
  if (empty) throw validationException('ExpressionAttributeValues must not be empty');
  for (const name in values) {
    try {
      checkValue(values[name] as AttributeValue); // an own name
    } catch (error) {
      if (!(error instanceof DynamoDbError) || error.name !== 'ValidationException') throw error;
      throw validationException(`ExpressionAttributeValues contains invalid value: ${error.message} for key ${name}`);
    }
  }
  return values;
}

function requireUse(
  parameter: string,
  given: Readonly<Record<string, unknown>>,
  bounds: readonly (Bound | undefined)[],
  kind: 'aliases' | 'values',
): void {
  let unused: string[] | undefined;
  for (const name in given) {
    if (bounds.some((bound) => bound?.[kind].includes(name))) continue;
    unused ??= [];
    unused.push(name);
  }
  if (unused !== undefined) {
    throw validationException(`Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`);
  }
}
