import type * as sdk from '@aws-sdk/client-dynamodb';
import type { Scope } from '../../../kernel/names.ts';
import { Constraints } from '../constraints.ts';
import { DynamoDbError } from '../errors.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';
import type { Table } from '../table.ts';
import type { Tables } from '../tables.ts';
import { nameOf } from '../tables.ts';

const RECOVERY_DAYS = 35;

export const describeContinuousBackups =
  ({ tables, scheduler }: DynamoDbDependencies): DynamoDbOperations['DescribeContinuousBackups'] =>
  ({ TableName }, context) => {
    new Constraints().tableName(TableName).check();
    return { ContinuousBackupsDescription: describeBackups(find(tables, context, TableName), scheduler.now) };
  };

export const updateContinuousBackups =
  ({ tables, scheduler }: DynamoDbDependencies): DynamoDbOperations['UpdateContinuousBackups'] =>
  ({ TableName, PointInTimeRecoverySpecification: asked }, context) => {
    new Constraints()
      .tableName(TableName)
      .required('pointInTimeRecoverySpecification', asked)
      .required('pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled', asked?.PointInTimeRecoveryEnabled)
      .atLeast('pointInTimeRecoverySpecification.recoveryPeriodInDays', asked?.RecoveryPeriodInDays, 1)
      .atMost('pointInTimeRecoverySpecification.recoveryPeriodInDays', asked?.RecoveryPeriodInDays, RECOVERY_DAYS)
      .check();
    const table = find(tables, context, TableName);
    const since = table.definition.PointInTimeRecovery?.since ?? scheduler.now;
    const PointInTimeRecovery =
      asked?.PointInTimeRecoveryEnabled === true
        ? { days: asked.RecoveryPeriodInDays ?? RECOVERY_DAYS, since }
        : undefined;
    const after = tables.change(context, table, { ...table.definition, PointInTimeRecovery });
    return { ContinuousBackupsDescription: describeBackups(after, scheduler.now) };
  };

function find(tables: Tables, scope: Scope, name = ''): Table {
  const table = tables.find(scope, name);
  if (table === undefined) throw new DynamoDbError('TableNotFoundException', `Table not found: ${nameOf(name)}`);
  return table;
}

function describeBackups({ definition }: Table, now: number): sdk.ContinuousBackupsDescription {
  const recovery = definition.PointInTimeRecovery;
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription:
      recovery === undefined
        ? { PointInTimeRecoveryStatus: 'DISABLED' }
        : {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: recovery.days,
            EarliestRestorableDateTime: new Date(recovery.since),
            LatestRestorableDateTime: new Date(now),
          },
  };
}
