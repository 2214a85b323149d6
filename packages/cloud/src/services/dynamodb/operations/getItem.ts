import type { Item } from '../attributeValue.ts';
import { consumedByRead, readUnits, wantsCapacity } from '../capacity.ts';
import { CAPACITY, Constraints } from '../constraints.ts';
import { keyNames, keyOfInput } from '../keys.ts';
import { type DynamoDbDependencies, type DynamoDbOperations, spliced } from '../operation.ts';
import { attributesToGet, checkKeyValues, checkParameters, expressionsOf, requireScalarKeys } from '../parameters.ts';

export const getItem =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['GetItem'] =>
  (input, context) => {
    const { Key, AttributesToGet, ProjectionExpression, ReturnConsumedCapacity, ConsistentRead = false } = input;
    new Constraints()
      .list('attributesToGet', AttributesToGet, 1)
      .oneOf('returnConsumedCapacity', ReturnConsumedCapacity, CAPACITY)
      .required('key', Key)
      .tableName(input.TableName)
      .check();
    if (Key === undefined) throw new Error('constraints were checked');
    checkParameters(input, { AttributesToGet }, { ProjectionExpression }, []);
    checkKeyValues(Key);
    let project: ((item: Item) => Item) | undefined;
    if (AttributesToGet !== undefined) project = attributesToGet(AttributesToGet);
    const { projection } = expressionsOf(input);
    const table = tables.get(context, input.TableName);
    if (projection !== undefined) {
      requireScalarKeys(projection.paths, keyNames(table.keys), 'Key');
      project = projection.project;
    }
    const row = table.rows.get(keyOfInput(table.keys, Key));
    const ConsumedCapacity = wantsCapacity(ReturnConsumedCapacity)
      ? consumedByRead(table, undefined, ReturnConsumedCapacity, readUnits(row?.[0] ?? 0, ConsistentRead))
      : undefined;
    if (row === undefined) return { ConsumedCapacity };
    return { Item: project === undefined ? spliced(row[1]) : project(JSON.parse(row[1])), ConsumedCapacity };
  };
