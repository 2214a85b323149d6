import { Constraints } from '../constraints.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';

const MAX_NAMES = 100;

export const listTables =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['ListTables'] =>
  ({ ExclusiveStartTableName, Limit = MAX_NAMES }, context) => {
    new Constraints()
      .name('exclusiveStartTableName', ExclusiveStartTableName)
      .atLeast('limit', Limit, 1)
      .atMost('limit', Limit, MAX_NAMES)
      .check();
    const names = tables.names(context, ExclusiveStartTableName ?? '', Limit + 1);
    const TableNames = names.slice(0, Limit);
    return { TableNames, LastEvaluatedTableName: names.length > Limit ? TableNames.at(-1) : undefined };
  };
