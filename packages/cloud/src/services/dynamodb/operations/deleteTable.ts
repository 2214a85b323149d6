import { Constraints } from '../constraints.ts';
import { describe } from '../description.ts';
import { validationException } from '../errors.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';

export const deleteTable =
  ({ tables }: DynamoDbDependencies): DynamoDbOperations['DeleteTable'] =>
  ({ TableName }, context) => {
    new Constraints().tableName(TableName).check();
    const table = tables.describe(context, TableName);
    if (table.definition.DeletionProtectionEnabled) {
      throw validationException(
        `Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.`,
      );
    }
    tables.delete(context, table);
    return { TableDescription: describe(table, 'DELETING', []) };
  };
