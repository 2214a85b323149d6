import type { Scope } from '../../kernel/names.ts';
import type { Access, Authorize } from '../../kernel/service.ts';
import { tableArn } from './tables.ts';

/** The ARN of the table of a name or ARN. */
export const tableOf = (nameOrArn: string | undefined, scope: Scope): string => {
  const name = nameOrArn ?? '';
  return name.startsWith('arn:') ? name : tableArn(scope, name);
};

/** For operations on one table, or on an item of it. */
export const onTable: Authorize<{ TableName?: string | undefined }> = ({ TableName }, scope) =>
  tableOf(TableName, scope);

/** For reads of a table or of one of its indexes. */
export const onTableOrIndex: Authorize<{ TableName?: string | undefined; IndexName?: string | undefined }> = (
  { TableName, IndexName },
  scope,
) => (IndexName === undefined ? tableOf(TableName, scope) : `${tableOf(TableName, scope)}/index/${IndexName}`);

/** For operations that name what they act on by its ARN. */
export const onResource: Authorize<{ ResourceArn?: string | undefined }> = ({ ResourceArn }) => ResourceArn ?? '*';

/** For batches: their own action, on each of the tables. */
export const onTables =
  (action: string): Authorize<{ RequestItems?: Readonly<Record<string, unknown>> | undefined }> =>
  ({ RequestItems = {} }, scope): Access[] =>
    Object.keys(RequestItems).map((name) => ({ action, resource: tableOf(name, scope) }));

interface Transacted {
  readonly TableName?: string | undefined;
}

interface TransactItem {
  readonly Put?: Transacted | undefined;
  readonly Delete?: Transacted | undefined;
  readonly Update?: Transacted | undefined;
  readonly ConditionCheck?: Transacted | undefined;
  readonly Get?: Transacted | undefined;
}

const ACTIONS: Readonly<Record<keyof TransactItem, string>> = {
  Put: 'dynamodb:PutItem',
  Delete: 'dynamodb:DeleteItem',
  Update: 'dynamodb:UpdateItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
  Get: 'dynamodb:GetItem',
};

/** For transactions: the action of each item's own operation. */
export const onTransactItems: Authorize<{ TransactItems?: readonly TransactItem[] | undefined }> = (
  { TransactItems = [] },
  scope,
): Access[] =>
  TransactItems.flatMap((item) =>
    (Object.keys(ACTIONS) as (keyof TransactItem)[]).flatMap((kind) => {
      const given = item[kind];
      return given === undefined ? [] : [{ action: ACTIONS[kind], resource: tableOf(given.TableName, scope) }];
    }),
  );
