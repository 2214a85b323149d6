import type * as sdk from '@aws-sdk/client-dynamodb';
import type { Item } from '../attributeValue.ts';
import { consumedByRead, readUnits, wantsCapacity } from '../capacity.ts';
import { CAPACITY, Constraints } from '../constraints.ts';
import { validationException } from '../errors.ts';
import { keyNames, keyOfInput, type RowKey } from '../keys.ts';
import { type DynamoDbDependencies, type DynamoDbOperations, splicedList, type Wire } from '../operation.ts';
import { attributesToGet, checkKeyValues, checkParameters, expressionsOf, requireScalarKeys } from '../parameters.ts';
import type { Table } from '../table.ts';
import { keyText } from './batchWriteItem.ts';

const MAX_KEYS = 100;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

type KeysAndAttributes = Wire<sdk.KeysAndAttributes>;

export const batchGetItem =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['BatchGetItem'] =>
  (input, context) => {
    const { RequestItems, ReturnConsumedCapacity } = input;
    const constraints = new Constraints()
      .oneOf('returnConsumedCapacity', ReturnConsumedCapacity, CAPACITY)
      .required('requestItems', RequestItems);
    if (RequestItems !== undefined && Object.keys(RequestItems).length === 0) {
      throw validationException('The requestItems parameter is required for BatchGetItem');
    }
    for (const name in RequestItems) {
      const { Keys, AttributesToGet } = RequestItems[name] ?? {};
      constraints.required(`requestItems.${name}.member.keys`, Keys);
      constraints.list(`requestItems.${name}.member.keys`, Keys, 1);
      if (Keys !== undefined && Keys.length > MAX_KEYS) {
        constraints.fail(
          `Value at 'RequestItems.${name}.member.Keys' failed to satisfy constraint: Member must have length less than or equal to ${MAX_KEYS}`,
        );
      }
      constraints.list(`requestItems.${name}.member.attributesToGet`, AttributesToGet, 1);
    }
    constraints.check();
    const requests = Object.entries(RequestItems ?? {});
    let count = 0;
    checkParameters(
      {},
      { AttributesToGet: requests.find(([, { AttributesToGet }]) => AttributesToGet)?.[1].AttributesToGet },
      {
        ProjectionExpression: requests.find(([, { ProjectionExpression: text }]) => text !== undefined)?.[1]
          .ProjectionExpression,
      },
      [],
    );
    const projections = requests.map(([, request]) => {
      const { AttributesToGet, ProjectionExpression, Keys = [] } = request;
      checkParameters(request, { AttributesToGet }, { ProjectionExpression }, []);
      for (const key of Keys) checkKeyValues(key);
      count += Keys.length;
      const project = AttributesToGet && attributesToGet(AttributesToGet);
      return { project, projection: expressionsOf(request).projection };
    });
    if (count > MAX_KEYS) throw validationException('Too many items requested for the BatchGetItem call');
    const reads = requests.map(([name, request], index) => {
      const table = tables.get(context, name);
      const projection = projections[index]?.projection;
      if (projection !== undefined) requireScalarKeys(projection.paths, keyNames(table.keys), 'Key');
      const project = projection?.project ?? projections[index]?.project;
      return { table, name, request, keys: keysOf(table, request), project };
    });
    let bytes = 0;
    const Responses: Record<string, Item[]> = {};
    const UnprocessedKeys: Record<string, KeysAndAttributes> = {};
    const consumed: sdk.ConsumedCapacity[] = [];
    for (const { table, name, request, keys, project } of reads) {
      const texts: string[] = [];
      let units = 0;
      for (const [index, key] of keys.entries()) {
        if (bytes > MAX_ANSWER_BYTES) {
          UnprocessedKeys[name] = { ...request, Keys: (request.Keys ?? []).slice(index) };
          break;
        }
        const row = table.rows.get(key);
        units += readUnits(row?.[0] ?? 0, request.ConsistentRead === true);
        if (row === undefined) continue;
        bytes += row[0];
        texts.push(project === undefined ? row[1] : JSON.stringify(project(JSON.parse(row[1]))));
      }
      Responses[name] = splicedList(texts);
      const capacity = wantsCapacity(ReturnConsumedCapacity)
        ? consumedByRead(table, undefined, ReturnConsumedCapacity, units)
        : undefined;
      if (capacity !== undefined) consumed.push(capacity);
    }
    return {
      Responses,
      UnprocessedKeys,
      ConsumedCapacity: wantsCapacity(ReturnConsumedCapacity) ? consumed : undefined,
    };
  };

function keysOf(table: Table, { Keys = [] }: KeysAndAttributes): RowKey[] {
  const keys = Keys.map((key) => keyOfInput(table.keys, key));
  if (new Set(keys.map((key) => keyText({ key }))).size < keys.length) {
    throw validationException('Provided list of item keys contains duplicates');
  }
  return keys;
}
