import { Constraints } from '../constraints.ts';
import { describe } from '../description.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';

export const describeTable =
  ({ tables, measures, scheduler }: DynamoDbDependencies): DynamoDbOperations['DescribeTable'] =>
  ({ TableName }, context) => {
    new Constraints().tableName(TableName).check();
    const table = tables.describe(context, TableName);
    return { Table: describe(table, 'ACTIVE', measures.of(table, scheduler.now)) };
  };
