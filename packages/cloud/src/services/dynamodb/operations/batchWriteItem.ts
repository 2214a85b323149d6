import type * as sdk from '@aws-sdk/client-dynamodb';
import { attributeOf, type Item } from '../attributeValue.ts';
import { addCost, consumedByWrite, wantsCapacity } from '../capacity.ts';
import { CAPACITY, Constraints, METRICS } from '../constraints.ts';
import { validationException } from '../errors.ts';
import { NO_EXPRESSIONS } from '../expressions/expressions.ts';
import { type ItemCollection, itemCollectionMetrics } from '../itemCollection.ts';
import type { DynamoDbDependencies, DynamoDbOperations, Wire } from '../operation.ts';
import { checkKeyValues } from '../parameters.ts';
import { MAX_ITEM_BYTES, planDelete, planPut } from '../plans.ts';
import type { Table } from '../table.ts';
import { checkItem } from '../validateValue.ts';
import { type Plan, type WriteCost, writeItem } from '../writeItem.ts';

const MAX_WRITES = 25;
const UNCONDITIONAL = { condition: undefined, expressions: NO_EXPRESSIONS, showOnFailure: false };

type WriteRequest = Wire<sdk.WriteRequest>;

export const batchWriteItem =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['BatchWriteItem'] =>
  (input, context) => {
    const { RequestItems, ReturnConsumedCapacity, ReturnItemCollectionMetrics } = input;
    const constraints = new Constraints()
      .oneOf('returnConsumedCapacity', ReturnConsumedCapacity, CAPACITY)
      .oneOf('returnItemCollectionMetrics', ReturnItemCollectionMetrics, METRICS)
      .required('requestItems', RequestItems);
    if (RequestItems !== undefined && Object.keys(RequestItems).length === 0) {
      throw validationException('The requestItems parameter is required for BatchWriteItem');
    }
    for (const name in RequestItems) constraints.list(`requestItems.${name}.member`, RequestItems[name], 0);
    if (Object.values(RequestItems ?? {}).some(({ length }) => length < 1 || length > MAX_WRITES)) {
      constraints.mapValues('requestItems', RequestItems, MAX_WRITES);
    }
    constraints.check();
    const requests = Object.entries(RequestItems ?? {});
    let count = 0;
    const sizes = new Map<WriteRequest, number>();
    for (const [, list] of requests) {
      for (const request of list) {
        sizes.set(request, checkRequest(request));
        if (++count > MAX_WRITES) throw validationException('Too many items requested for the BatchWriteItem call');
      }
    }
    const wantsCost = wantsCapacity(ReturnConsumedCapacity);
    const batches = requests.map(([name, list]) => batchOf(tables.get(context, name), name, list, sizes));
    const consumed: sdk.ConsumedCapacity[] = [];
    const metrics: Record<string, ItemCollection[]> = {};
    for (const { table, name, plans, items } of batches) {
      const sum: WriteCost = { table: 0, indexes: new Map() };
      for (const plan of plans) addCost(sum, writeItem(plan, { wantsBefore: false, wantsCost }).cost);
      const capacity = wantsCost ? consumedByWrite(table, ReturnConsumedCapacity, sum) : undefined;
      if (capacity !== undefined) consumed.push(capacity);
      const collections = items.flatMap(
        (item) => itemCollectionMetrics(table, item, ReturnItemCollectionMetrics) ?? [],
      );
      if (collections.length > 0) metrics[name] = collections;
    }
    return {
      UnprocessedItems: {},
      ItemCollectionMetrics: Object.keys(metrics).length > 0 ? metrics : undefined,
      ConsumedCapacity: wantsCost ? consumed : undefined,
    };
  };

/** @returns the size of the item that is put */
function checkRequest({ PutRequest, DeleteRequest }: WriteRequest): number {
  if ((PutRequest === undefined) === (DeleteRequest === undefined)) {
    throw validationException(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  }
  if (PutRequest === undefined) {
    checkKeyValues(DeleteRequest?.Key ?? {});
    return 0;
  }
  const size = checkItem(PutRequest.Item ?? {});
  if (size > MAX_ITEM_BYTES) throw validationException('Item size has exceeded the maximum allowed size');
  return size;
}

interface Batch {
  readonly table: Table;
  readonly name: string;
  readonly plans: readonly Plan[];
  readonly items: readonly Item[];
}

function batchOf(
  table: Table,
  name: string,
  requests: readonly WriteRequest[],
  sizes: ReadonlyMap<WriteRequest, number>,
): Batch {
  const keys = new Set<string>();
  const plans: Plan[] = [];
  for (const request of requests) {
    const { PutRequest, DeleteRequest } = request;
    const plan =
      PutRequest === undefined
        ? planDelete(table, DeleteRequest?.Key ?? {}, UNCONDITIONAL)
        : planBatchPut(table, PutRequest.Item ?? {}, sizes.get(request) ?? 0);
    plans.push(plan);
    keys.add(keyText(plan));
  }
  if (keys.size < plans.length) throw validationException('Provided list of item keys contains duplicates');
  const items = requests.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {});
  return { table, name, plans, items };
}

/** A put of a batch: a key that does not fit has the text of a lookup's. */
function planBatchPut(table: Table, item: Item, size: number): Plan {
  const fits = [table.keys.partition, table.keys.sort].every(
    (key) => key === undefined || attributeOf(item, key.name)?.[key.type] !== undefined,
  );
  if (!fits) throw validationException('The provided key element does not match the schema');
  return planPut(table, item, size, UNCONDITIONAL);
}

/** A key of a table as text, by which equal ones are known. */
export const keyText = ({ key }: Pick<Plan, 'key'>): string =>
  `${Buffer.from(key.partition).toString('latin1')}\0${key.partition.length}\0${Buffer.from(key.sort).toString('latin1')}`;
