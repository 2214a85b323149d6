import { type AttributeValue, type Item, typeOf } from '../attributeValue.ts';
import { CAPACITY, COMPARISONS, CONDITIONAL, Constraints, SELECT } from '../constraints.ts';
import { DynamoDbError, invalidParameter, validationException } from '../errors.ts';
import type { KeyRelation } from '../expressions/keyCondition.ts';
import { keyAfter, keyBytes, NO_KEY, partitionHash, prefixEnd } from '../keyBytes.ts';
import { type KeyAttribute, type Keys, keyNames } from '../keys.ts';
import { checkConditions, type LegacyCondition } from '../legacy/conditions.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';
import { attributesToGet, checkParameters, expressionsOf } from '../parameters.ts';
import { checkFilter, checkStartKey, Reading } from '../reading.ts';
import type { Cursor, Range } from '../rows.ts';

export const query =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['Query'] =>
  (input, context) => {
    const { AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions, ExclusiveStartKey } = input;
    const { ProjectionExpression, FilterExpression, KeyConditionExpression } = input;
    const constraints = new Constraints();
    if (input.Limit !== undefined && input.Limit < 1) constraints.fail(LIMIT_TOO_SMALL);
    checkComparisons(constraints, 'keyConditions', KeyConditions);
    checkComparisons(constraints, 'queryFilter', QueryFilter);
    constraints
      .oneOf('returnConsumedCapacity', input.ReturnConsumedCapacity, CAPACITY)
      .list('attributesToGet', AttributesToGet, 1)
      .tableName(input.TableName)
      .oneOf('select', input.Select, SELECT)
      .name('indexName', input.IndexName)
      .oneOf('conditionalOperator', ConditionalOperator, CONDITIONAL)
      .check();
    checkParameters(
      input,
      { AttributesToGet, QueryFilter, ConditionalOperator, KeyConditions },
      { ProjectionExpression, FilterExpression, KeyConditionExpression },
      ['FilterExpression', 'KeyConditionExpression'],
    );
    if (KeyConditionExpression === undefined && KeyConditions === undefined) {
      throw validationException(
        'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
      );
    }
    if (AttributesToGet !== undefined) attributesToGet(AttributesToGet);
    if (KeyConditions !== undefined) checkConditions(KeyConditions);
    checkFilter(QueryFilter);
    checkStartKey(ExclusiveStartKey);
    const expressions = expressionsOf(input);
    const relations = expressions.keyCondition?.relations(expressions.values) ?? legacyRelations(KeyConditions);
    const table = tables.get(context, input.TableName);
    const reading = new Reading(table, input, expressions);
    const start = ExclusiveStartKey && startOf(reading, ExclusiveStartKey);
    const range = rangeOf(reading.keys, relations, input.ScanIndexForward === false, input.IndexName !== undefined);
    reading.checkSelect('1 validation error detected: ');
    requireNoKeys(reading.keys, FilterExpression === undefined ? QueryFilter : undefined, expressions.filter?.paths);
    reading.checkPaths();
    if (start !== undefined) requireInside(range, start);
    return reading.answer((cursor, most) => reading.rows.range(range, cursor, most), start, QueryFilter);
  };

// Scan's text for the same is another.
const LIMIT_TOO_SMALL =
  "Value at 'Limit' failed to satisfy constraint: Member must have value greater than or equal to 1";

function checkComparisons(
  constraints: Constraints,
  parameter: string,
  conditions: Readonly<Record<string, LegacyCondition>> | undefined,
): void {
  for (const name in conditions) {
    const path = `${parameter}.${name}.member.comparisonOperator`;
    const operator = conditions[name]?.ComparisonOperator;
    constraints.required(path, operator).oneOf(path, operator, COMPARISONS);
  }
}

function legacyRelations(conditions: Readonly<Record<string, LegacyCondition>> = {}): KeyRelation[] {
  const entries = Object.entries(conditions);
  if (entries.length < 1 || entries.length > 2) throw validationException('Conditions can be of length 1 or 2 only');
  return entries.map(([name, { ComparisonOperator = 'EQ', AttributeValueList = [] }]) => ({
    name,
    operator: ComparisonOperator,
    operands: AttributeValueList,
  }));
}

const INDEXABLE: readonly string[] = ['EQ', 'LT', 'LE', 'GT', 'GE', 'BETWEEN', 'BEGINS_WITH'];

/** The rows that a query asks for. @throws ValidationException when its conditions do not fit the keys */
function rangeOf(keys: Keys, relations: readonly KeyRelation[], descending: boolean, isIndex: boolean): Range {
  const { partition, sort } = keys;
  const ofPartition = relations.find(({ name }) => name === partition.name);
  if (ofPartition === undefined) {
    throw validationException(`Query condition missed key schema element: ${partition.name}`);
  }
  const other = relations.find((relation) => relation !== ofPartition);
  if (other !== undefined && sort !== undefined && other.name !== sort.name) {
    throw validationException(`Query condition missed key schema element: ${sort.name}`);
  }
  for (const { operator } of relations) {
    if (!INDEXABLE.includes(operator)) {
      throw validationException('Attempted conditional constraint is not an indexable operation');
    }
  }
  checkOperands(partition, ofPartition, isIndex);
  if (other !== undefined && sort !== undefined) checkOperands(sort, other, isIndex);
  if (ofPartition.operator !== 'EQ' || (other !== undefined && sort === undefined)) {
    throw validationException('Query key condition not supported');
  }
  const partitionBytes = operandBytes(partition, ofPartition, 0);
  const [low, high] = other === undefined || sort === undefined ? [NO_KEY, undefined] : boundsOf(sort, other);
  return { hash: partitionHash(partitionBytes), partition: partitionBytes, low, high, descending };
}

function checkOperands({ name, type }: KeyAttribute, { operands, operator }: KeyRelation, isIndex: boolean): void {
  for (const operand of operands) {
    if (operand[type] === undefined || (operator === 'BEGINS_WITH' && type === 'N')) {
      throw invalidParameter('Condition parameter type does not match schema type');
    }
    if (operand.S === '' || operand.B === '') {
      const what = typeOf(operand) === 'B' ? 'binary' : 'string';
      throw validationException(
        isIndex
          ? `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${what} value. IndexKey: ${name}`
          : `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${what} value. Key: ${name}`,
      );
    }
  }
}

function operandBytes({ type }: KeyAttribute, { operands }: KeyRelation, index: number): Uint8Array {
  const operand: AttributeValue | undefined = operands[index];
  return operand === undefined ? NO_KEY : keyBytes(type, operand);
}

/** The first sort key that a relation allows, and the first one after those. */
function boundsOf(sort: KeyAttribute, relation: KeyRelation): [low: Uint8Array, high: Uint8Array | undefined] {
  const first = operandBytes(sort, relation, 0);
  switch (relation.operator) {
    case 'LT':
      return [NO_KEY, first];
    case 'LE':
      return [NO_KEY, keyAfter(first)];
    case 'GT':
      return [keyAfter(first), undefined];
    case 'GE':
      return [first, undefined];
    case 'BETWEEN':
      return [first, keyAfter(operandBytes(sort, relation, 1))];
    case 'BEGINS_WITH':
      return [first, prefixEnd(first)];
    default:
      return [first, keyAfter(first)];
  }
}

function startOf(reading: Reading, key: Item): Cursor {
  const names = Object.keys(key);
  if (names.length !== reading.startNames.size || !names.every((name) => reading.startNames.has(name))) {
    throw validationException('The provided starting key is invalid');
  }
  try {
    return reading.cursorOf(key);
  } catch (error) {
    if (!(error instanceof DynamoDbError)) throw error;
    throw validationException('The provided key element does not match the schema');
  }
}

/** A starting key must be of the partition that is asked for, and within the bounds of its sort key. */
function requireInside({ partition, low, high }: Range, { key }: Cursor): void {
  if (Buffer.compare(key.partition, partition) !== 0) {
    throw validationException('The provided starting key is outside query boundaries based on provided conditions');
  }
  if (Buffer.compare(key.sort, low) < 0 || (high !== undefined && Buffer.compare(key.sort, high) >= 0)) {
    throw validationException('The provided starting key does not match the range key predicate');
  }
}

/** A filter is for what the key condition cannot say: it may not have the keys that are queried by. */
function requireNoKeys(
  keys: Keys,
  filter: Readonly<Record<string, LegacyCondition>> | undefined,
  paths: readonly (readonly [string, ...unknown[]])[] = [],
): void {
  const names = keyNames(keys);
  const named = [...Object.keys(filter ?? {}), ...paths.map(([name]) => name)];
  const key = named.find((name) => names.includes(name));
  if (key === undefined) return;
  const what = filter === undefined ? 'Filter Expression' : 'QueryFilter';
  throw validationException(`${what} can only contain non-primary key attributes: Primary key attribute: ${key}`);
}
