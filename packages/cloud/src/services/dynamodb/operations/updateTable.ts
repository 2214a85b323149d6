import type * as sdk from '@aws-sdk/client-dynamodb';
import { Constraints } from '../constraints.ts';
import {
  checkBilling,
  checkIndexes,
  checkIndexShape,
  checkThroughputShape,
  indexOf,
  streamOf,
  throughputOf,
} from '../definition.ts';
import { describe } from '../description.ts';
import { DynamoDbError, invalidParameter, validationException } from '../errors.ts';
import { keyOfItem } from '../keys.ts';
import type { DynamoDbDependencies, DynamoDbOperations } from '../operation.ts';
import { Stored } from '../stored.ts';
import type { AttributeDefinition, IndexDefinition, Table, TableDefinition } from '../table.ts';
import { fillIndex } from '../writeItem.ts';
import { streamLabel } from './createTable.ts';

export const updateTable =
  ({ tables, scheduler }: DynamoDbDependencies): DynamoDbOperations['UpdateTable'] =>
  (input, context) => {
    checkShape(input);
    const table = tables.describe(context, input.TableName);
    const definition = changed(table.definition, input, scheduler.now);
    const after = tables.change(context, table, definition);
    for (const [slot, index] of after.indexes.entries()) {
      if (table.index(index.name) === undefined) fill(after, slot);
    }
    return { TableDescription: describe(after, 'UPDATING', []) };
  };

function checkShape(input: sdk.UpdateTableCommandInput): void {
  const constraints = new Constraints().tableName(input.TableName);
  checkThroughputShape(constraints, 'provisionedThroughput', input.ProvisionedThroughput);
  constraints.members('attributeDefinitions', input.AttributeDefinitions);
  for (const [index, { Create, Update }] of constraints
    .members('globalSecondaryIndexUpdates', input.GlobalSecondaryIndexUpdates)
    .entries()) {
    const path = `globalSecondaryIndexUpdates.${index + 1}.member`;
    if (Create !== undefined) checkIndexShape(constraints, `${path}.create`, Create);
    if (Update !== undefined) {
      checkThroughputShape(constraints, `${path}.update.provisionedThroughput`, Update.ProvisionedThroughput);
    }
  }
  constraints.check();
  const { TableName: _, AttributeDefinitions: __, ...changes } = input;
  if (Object.values(changes).every((change) => change === undefined)) {
    throw validationException(
      'At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required',
    );
  }
  if (input.ReplicaUpdates !== undefined) {
    throw validationException('Skein does not support replicas of a table in other regions: leave ReplicaUpdates out');
  }
}

/** The definition with an update's changes. @throws ValidationException when they do not fit it */
function changed(before: TableDefinition, input: sdk.UpdateTableCommandInput, now: number): TableDefinition {
  const BillingMode = input.BillingMode ?? before.BillingMode;
  const throughput = BillingMode === 'PAY_PER_REQUEST' ? undefined : before.ProvisionedThroughput;
  const ProvisionedThroughput = throughputOf(input.ProvisionedThroughput) ?? throughput;
  checkBilling(BillingMode, ProvisionedThroughput);
  const definitions = merged(before.AttributeDefinitions, input.AttributeDefinitions);
  const indexes = indexesOf(before, input.GlobalSecondaryIndexUpdates ?? [], BillingMode);
  checkIndexes(before.KeySchema, definitions, before.LocalSecondaryIndexes, indexes, BillingMode);
  const schemas = [
    before.KeySchema,
    ...[...before.LocalSecondaryIndexes, ...indexes].map(({ KeySchema }) => KeySchema),
  ];
  const names = new Set(schemas.flat().map(({ AttributeName }) => AttributeName));
  return {
    ...before,
    ...streamChange(before, input.StreamSpecification, now),
    BillingMode,
    ProvisionedThroughput,
    OnDemandThroughput: input.OnDemandThroughput ?? before.OnDemandThroughput,
    AttributeDefinitions: definitions.filter(({ AttributeName }) => names.has(AttributeName)),
    GlobalSecondaryIndexes: indexes,
    TableClass: input.TableClass ?? before.TableClass,
    SSESpecification: input.SSESpecification ?? before.SSESpecification,
    DeletionProtectionEnabled: input.DeletionProtectionEnabled ?? before.DeletionProtectionEnabled,
    onDemandSince: BillingMode === 'PAY_PER_REQUEST' && before.BillingMode !== BillingMode ? now : before.onDemandSince,
  };
}

function merged(
  before: readonly AttributeDefinition[],
  more: readonly sdk.AttributeDefinition[] = [],
): AttributeDefinition[] {
  const byName = new Map(before.map((definition) => [definition.AttributeName, definition]));
  for (const { AttributeName = '', AttributeType = 'S' } of more)
    byName.set(AttributeName, { AttributeName, AttributeType });
  return [...byName.values()];
}

function streamChange(
  before: TableDefinition,
  stream: sdk.StreamSpecification | undefined,
  now: number,
): Pick<TableDefinition, 'StreamSpecification' | 'streamLabel'> {
  const { StreamSpecification, streamLabel: label } = before;
  if (stream === undefined) return { StreamSpecification, streamLabel: label };
  if (stream.StreamEnabled === true && StreamSpecification !== undefined) {
    throw validationException(`Table already has an enabled stream: TableName: ${before.TableName}`);
  }
  if (stream.StreamEnabled !== true && StreamSpecification === undefined) {
    throw validationException(`Table has no stream to disable: TableName: ${before.TableName}`);
  }
  const wanted = streamOf(stream);
  return { StreamSpecification: wanted, streamLabel: wanted === undefined ? label : streamLabel(now) };
}

function indexesOf(
  before: TableDefinition,
  updates: readonly sdk.GlobalSecondaryIndexUpdate[],
  billing: string,
): IndexDefinition[] {
  let indexes = before.GlobalSecondaryIndexes.map((index) =>
    billing === 'PAY_PER_REQUEST' ? { ...index, ProvisionedThroughput: undefined } : index,
  );
  if (updates.filter(({ Create }) => Create !== undefined).length > 1) {
    throw new DynamoDbError(
      'LimitExceededException',
      'Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table',
    );
  }
  for (const { Create, Update, Delete } of updates) {
    const given = [Create, Update, Delete].filter((each) => each !== undefined);
    if (given.length !== 1) {
      throw invalidParameter('Only one of Create, Update or Delete may be given for each GlobalSecondaryIndexUpdate');
    }
    const name = (Create ?? Update ?? Delete)?.IndexName ?? '';
    const exists = indexes.some(({ IndexName }) => IndexName === name);
    if (Create !== undefined) {
      if (exists) throw validationException(`Attempting to create an index which already exists: ${name}`);
      indexes.push(indexOf(Create as sdk.GlobalSecondaryIndex)); // its shape was checked
      continue;
    }
    if (!exists) throw new DynamoDbError('ResourceNotFoundException', 'Requested resource not found');
    if (Delete !== undefined) indexes = indexes.filter(({ IndexName }) => IndexName !== name);
    else indexes = indexes.map((index) => (index.IndexName === name ? withThroughput(index, Update) : index));
  }
  return indexes;
}

const withThroughput = (
  index: IndexDefinition,
  update: sdk.UpdateGlobalSecondaryIndexAction | undefined,
): IndexDefinition => ({
  ...index,
  ProvisionedThroughput: throughputOf(update?.ProvisionedThroughput) ?? index.ProvisionedThroughput,
  OnDemandThroughput: update?.OnDemandThroughput ?? index.OnDemandThroughput,
});

const FILL_ROWS = 500;
const ALL_HASHES = { low: 0, high: 2 ** 32 };

/** Puts the items that a table has into a new index. Items whose attributes do not fit its keys stay out, as in AWS. */
function fill(table: Table, slot: number): void {
  let cursor: Parameters<Table['rows']['scan']>[1];
  while (true) {
    const rows = table.rows.scan(ALL_HASHES, cursor, FILL_ROWS);
    for (const row of rows) {
      const stored = Stored.of(row);
      if (stored === undefined) continue;
      const key = keyOfItem(table.keys, stored.item);
      cursor = { key };
      try {
        fillIndex(table, slot, key, stored);
      } catch (error) {
        if (!(error instanceof DynamoDbError)) throw error;
      }
    }
    if (rows.length < FILL_ROWS) return;
  }
}
