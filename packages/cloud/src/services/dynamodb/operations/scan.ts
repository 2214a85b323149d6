import type { Item } from '../attributeValue.ts';
import { CAPACITY, COMPARISONS, CONDITIONAL, Constraints, SELECT } from '../constraints.ts';
import { DynamoDbError, validationException } from '../errors.ts';
import { keyNames } from '../keys.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';
import { attributesToGet, checkParameters, expressionsOf } from '../parameters.ts';
import { checkFilter, checkStartKey, Reading } from '../reading.ts';
import type { Cursor, Segment } from '../rows.ts';

const HASHES = 2 ** 32;

export const scan =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['Scan'] =>
  (input, context) => {
    const { AttributesToGet, ScanFilter, ConditionalOperator, ProjectionExpression, FilterExpression } = input;
    const { Segment, TotalSegments, ExclusiveStartKey } = input;
    const constraints = new Constraints()
      .oneOf('select', input.Select, SELECT)
      .name('indexName', input.IndexName)
      .atLeast('totalSegments', TotalSegments, 1)
      .atMost('totalSegments', TotalSegments, 1_000_000)
      .oneOf('returnConsumedCapacity', input.ReturnConsumedCapacity, CAPACITY)
      .list('attributesToGet', AttributesToGet, 1)
      .tableName(input.TableName)
      .oneOf('conditionalOperator', ConditionalOperator, CONDITIONAL);
    for (const name in ScanFilter) {
      const path = `scanFilter.${name}.member.comparisonOperator`;
      const operator = ScanFilter[name]?.ComparisonOperator;
      constraints.required(path, operator).oneOf(path, operator, COMPARISONS);
    }
    constraints.atLeast('segment', Segment, 0).atLeast('limit', input.Limit, 1).check();
    checkParameters(
      input,
      { AttributesToGet, ScanFilter, ConditionalOperator },
      { ProjectionExpression, FilterExpression },
      ['FilterExpression'],
    );
    if (AttributesToGet !== undefined) attributesToGet(AttributesToGet);
    checkFilter(ScanFilter);
    checkStartKey(ExclusiveStartKey);
    const segment = segmentOf(Segment, TotalSegments);
    const expressions = expressionsOf(input);
    const table = tables.get(context, input.TableName);
    const reading = new Reading(table, input, expressions);
    reading.checkSelect('');
    reading.checkPaths();
    const start = ExclusiveStartKey && startOf(reading, ExclusiveStartKey, segment, Segment, TotalSegments);
    return reading.answer((cursor, most) => reading.rows.scan(segment, cursor, most), start, ScanFilter);
  };

/** The part of the hashes that a segment has. @throws ValidationException when number and total do not fit */
function segmentOf(number: number | undefined, total: number | undefined): Segment {
  if (number !== undefined && total === undefined) {
    throw validationException(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (number === undefined && total !== undefined) {
    throw validationException(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (number === undefined || total === undefined) return { low: 0, high: HASHES };
  if (number >= total) {
    throw validationException(
      `The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: ${number} is not less than TotalSegments: ${total}`,
    );
  }
  return { low: Math.ceil((number * HASHES) / total), high: Math.ceil(((number + 1) * HASHES) / total) };
}

function startOf(
  reading: Reading,
  key: Item,
  segment: Segment,
  number: number | undefined,
  total: number | undefined,
): Cursor {
  const names = Object.keys(key);
  if (
    reading.index !== undefined &&
    (names.length !== reading.startNames.size || !names.every((name) => reading.startNames.has(name)))
  ) {
    throw validationException('The provided starting key is invalid');
  }
  if (names.length !== reading.startNames.size) throw mismatch();
  if (reading.index !== undefined && !keyNames(reading.index.keys).every((name) => name in key)) {
    throw validationException('The provided starting key is invalid');
  }
  let cursor: Cursor;
  try {
    cursor = reading.cursorOf(key);
  } catch (error) {
    if (!(error instanceof DynamoDbError)) throw error;
    throw mismatch();
  }
  if (cursor.key.hash < segment.low || cursor.key.hash >= segment.high) {
    throw validationException(
      `The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. TotalSegments: ${total} Segment: ${number}`,
    );
  }
  return cursor;
}

const mismatch = () =>
  validationException('The provided starting key is invalid: The provided key element does not match the schema');
