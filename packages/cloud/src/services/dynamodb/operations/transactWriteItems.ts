import type * as sdk from '@aws-sdk/client-dynamodb';
import type { Context } from '../../../kernel/service.ts';
import type { Item } from '../attributeValue.ts';
import { addCost, consumedByWrite, wantsCapacity } from '../capacity.ts';
import { CAPACITY, Constraints, METRICS } from '../constraints.ts';
import { type CancellationReason, DynamoDbError, transactionCanceled, validationException } from '../errors.ts';
import { type ItemCollection, itemCollectionMetrics } from '../itemCollection.ts';
import type { DynamoDbDependencies, DynamoDbOperations, Wire } from '../operation.ts';
import { checkKeyValues, checkParameters, conditionOf, expressionsOf } from '../parameters.ts';
import { changeOf, isItemError, MAX_ITEM_BYTES, planCheck, planDelete, planPut, planUpdate } from '../plans.ts';
import { Stored } from '../stored.ts';
import type { Table } from '../table.ts';
import type { Tables } from '../tables.ts';
import { checkItem } from '../validateValue.ts';
import { type Plan, requireCondition, store, type WriteCost } from '../writeItem.ts';
import { keyText } from './batchWriteItem.ts';

const MAX_ITEMS = 100;
const MAX_BYTES = 4 * 1024 * 1024;

type TransactItem = Wire<sdk.TransactWriteItem>;

/** One of a transaction's items, checked for itself; its plan needs the table. */
interface Action {
  readonly tableName: string | undefined;
  readonly item: Item;
  readonly writes: boolean;
  readonly size: number;
  plan(table: Table): Plan;
}

export const transactWriteItems =
  ({ tables, transactions, scheduler }: DynamoDbDependencies): DynamoDbOperations['TransactWriteItems'] =>
  (input, context) => {
    const { TransactItems, ReturnConsumedCapacity, ReturnItemCollectionMetrics, ClientRequestToken } = input;
    new Constraints()
      .required('transactItems', TransactItems)
      .list('transactItems', TransactItems, 1, MAX_ITEMS)
      .oneOf('returnConsumedCapacity', ReturnConsumedCapacity, CAPACITY)
      .oneOf('returnItemCollectionMetrics', ReturnItemCollectionMetrics, METRICS)
      .length('clientRequestToken', ClientRequestToken, 1, 36)
      .check();
    if (ClientRequestToken !== undefined) {
      const digest = process.getBuiltinModule('node:crypto').hash('sha256', JSON.stringify(TransactItems), 'base64');
      if (transactions.repeats(context, ClientRequestToken, digest, scheduler.now)) return {};
    }
    const actions = (TransactItems ?? []).map(actionOf);
    if (actions.reduce((sum, { size }) => sum + size, 0) > MAX_BYTES) {
      throw validationException('Collection size is too large: total item size cannot exceed 4 MB');
    }
    const planned = planAll(tables, actions, context);
    const steps = planned.map((step) => ({ ...step, before: Stored.of(step.plan.table.rows.get(step.plan.key)) }));
    const afters = attempt(steps, ({ plan, before }) => {
      requireCondition(plan, before);
      return plan.change(before);
    });
    const costs = new Map<Table, WriteCost>();
    const metrics: Record<string, ItemCollection[]> = {};
    for (const [index, { plan, action, before }] of steps.entries()) {
      const cost: WriteCost = { table: 1, indexes: new Map() };
      if (action.writes) store(plan, before, afters[index], cost);
      const sum = costs.get(plan.table) ?? { table: 0, indexes: new Map() };
      addCost(sum, cost);
      costs.set(plan.table, sum);
      const collection = itemCollectionMetrics(plan.table, action.item, ReturnItemCollectionMetrics);
      if (collection !== undefined) (metrics[plan.table.name] ??= []).push(collection);
    }
    const consumed = [...costs].flatMap(
      ([table, cost]) => consumedByWrite(table, ReturnConsumedCapacity, cost, 2) ?? [],
    );
    return {
      ConsumedCapacity: wantsCapacity(ReturnConsumedCapacity) ? consumed : undefined,
      ItemCollectionMetrics: Object.keys(metrics).length > 0 ? metrics : undefined,
    };
  };

function actionOf({ Put, Delete, Update, ConditionCheck }: TransactItem): Action {
  if ([Put, Delete, Update, ConditionCheck].filter((each) => each !== undefined).length !== 1) {
    throw validationException('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  const given = Put ?? Delete ?? Update ?? ConditionCheck;
  if (given === undefined) throw new Error('one of them is given');
  checkParameters(
    given,
    {},
    { UpdateExpression: Update?.UpdateExpression, ConditionExpression: given.ConditionExpression },
    Update === undefined ? ['ConditionExpression'] : ['UpdateExpression', 'ConditionExpression'],
  );
  const item = Put?.Item ?? Delete?.Key ?? Update?.Key ?? ConditionCheck?.Key ?? {};
  let size = 0;
  if (Put === undefined) checkKeyValues(item);
  else size = checkItem(item);
  if (size > MAX_ITEM_BYTES) throw validationException('Item size has exceeded the maximum allowed size');
  const expressions = expressionsOf(given);
  const condition = {
    condition: conditionOf({}, expressions),
    expressions,
    showOnFailure: given.ReturnValuesOnConditionCheckFailure === 'ALL_OLD',
  };
  const base = { tableName: given.TableName, item, size, writes: ConditionCheck === undefined };
  if (Put !== undefined) return { ...base, plan: (table) => planPut(table, item, size, condition) };
  if (Delete !== undefined) return { ...base, plan: (table) => planDelete(table, item, condition) };
  if (Update === undefined) return { ...base, plan: (table) => planCheck(table, item, condition) };
  const change = changeOf(expressions, undefined);
  return { ...base, plan: (table) => planUpdate(table, item, change, condition) };
}

function planAll(tables: Tables, actions: readonly Action[], context: Context): { action: Action; plan: Plan }[] {
  const found = actions.map((action) => ({ action, table: tables.get(context, action.tableName) }));
  const plans = attempt(found, ({ action, table }) => action.plan(table));
  const planned = found.map(({ action }, index) => ({ action, plan: plans[index] as Plan })); // as many plans as items
  const keys = new Set(planned.map(({ plan }) => `${plan.table.arn}\0${keyText(plan)}`));
  if (keys.size < planned.length) {
    throw validationException('Transaction request cannot include multiple operations on one item');
  }
  return planned;
}

/** Does something for each item; when it fails for some, tells of each item whether and why. */
function attempt<Of, Result>(list: readonly Of[], each: (of: Of) => Result): Result[] {
  let failed = false;
  const results: Result[] = [];
  const reasons = list.map((of): CancellationReason => {
    try {
      results.push(each(of));
      return { Code: 'None' };
    } catch (error) {
      failed = true;
      return reasonOf(error);
    }
  });
  if (failed) throw transactionCanceled(reasons);
  return results;
}

function reasonOf(error: unknown): CancellationReason {
  if (isItemError(error)) return { Code: 'ValidationError', Message: error.message };
  if (!(error instanceof DynamoDbError) || error.name !== 'ConditionalCheckFailedException') throw error;
  const item = 'Item' in error ? (error.Item as Item) : undefined; // the member that the error was made with
  return { Code: 'ConditionalCheckFailed', Message: error.message, ...(item === undefined ? {} : { Item: item }) };
}
