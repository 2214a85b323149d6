import type * as sdk from '@aws-sdk/client-dynamodb';
import { consumedByRead, readUnits, wantsCapacity } from '../capacity.ts';
import { CAPACITY, Constraints } from '../constraints.ts';
import { type CancellationReason, transactionCanceled, validationException } from '../errors.ts';
import { keyNames, keyOfInput } from '../keys.ts';
import { type DynamoDbDependencies, type DynamoDbOperations, spliced } from '../operation.ts';
import { checkKeyValues, checkParameters, expressionsOf, requireScalarKeys } from '../parameters.ts';
import { isItemError } from '../plans.ts';
import type { Row } from '../rows.ts';
import type { Table } from '../table.ts';

const MAX_ITEMS = 100;

export const transactGetItems =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['TransactGetItems'] =>
  (input, context) => {
    const { TransactItems, ReturnConsumedCapacity } = input;
    new Constraints()
      .required('transactItems', TransactItems)
      .list('transactItems', TransactItems, 1, MAX_ITEMS)
      .oneOf('returnConsumedCapacity', ReturnConsumedCapacity, CAPACITY)
      .check();
    const gets = (TransactItems ?? []).map(({ Get: get }) => {
      if (get === undefined)
        throw validationException(
          "1 validation error detected: Value null at 'transactItems.1.member.get' failed to satisfy constraint: Member must not be null",
        );
      const { Key = {}, TableName, ProjectionExpression } = get;
      checkParameters(get, {}, { ProjectionExpression }, []);
      checkKeyValues(Key);
      return { Key, TableName, projection: expressionsOf(get).projection };
    });
    const found = gets.map((get) => ({ ...get, table: tables.get(context, get.TableName) }));
    const units = new Map<Table, number>();
    const seen = new Set<string>();
    const reasons: CancellationReason[] = [];
    const Responses = found.map(({ Key, table, projection }) => {
      let row: Row | undefined;
      try {
        if (projection !== undefined) requireScalarKeys(projection.paths, keyNames(table.keys), 'Key');
        row = table.rows.get(keyOfInput(table.keys, Key));
        reasons.push({ Code: 'None' });
      } catch (error) {
        if (!isItemError(error)) throw error;
        reasons.push({ Code: 'ValidationError', Message: error.message });
        return {};
      }
      const identity = `${table.arn}\0${JSON.stringify(Object.entries(Key).toSorted())}`;
      if (seen.has(identity)) {
        throw validationException('Transaction request cannot include multiple operations on one item');
      }
      seen.add(identity);
      units.set(table, (units.get(table) ?? 0) + 2 * readUnits(row?.[0] ?? 0, true));
      if (row === undefined) return {};
      return { Item: projection === undefined ? spliced(row[1]) : projection.project(JSON.parse(row[1])) };
    });
    if (reasons.some(({ Code }) => Code !== 'None')) throw transactionCanceled(reasons);
    const consumed: sdk.ConsumedCapacity[] = [...units].flatMap(
      ([table, used]) => consumedByRead(table, undefined, ReturnConsumedCapacity, used) ?? [],
    );
    return { Responses, ConsumedCapacity: wantsCapacity(ReturnConsumedCapacity) ? consumed : undefined };
  };
