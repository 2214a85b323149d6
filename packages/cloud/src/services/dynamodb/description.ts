import type * as sdk from '@aws-sdk/client-dynamodb';
import type { IndexDefinition, Table, Throughput } from './table.ts';

/** How many items there are, and their bytes. */
export interface Measure {
  readonly count: number;
  readonly bytes: number;
}

/** What DescribeTable answers. Members that do not apply are not there. */
export function describe(table: Table, status: sdk.TableStatus, measures: readonly Measure[]): sdk.TableDescription {
  const { definition, arn } = table;
  const { LocalSecondaryIndexes: local, GlobalSecondaryIndexes: global, StreamSpecification, streamLabel } = definition;
  const onDemand = definition.BillingMode === 'PAY_PER_REQUEST';
  const [own, ...ofIndexes] = measures;
  const description: sdk.TableDescription = {
    AttributeDefinitions: [...definition.AttributeDefinitions],
    TableName: definition.TableName,
    KeySchema: [...definition.KeySchema],
    TableStatus: status,
    CreationDateTime: new Date(definition.createdAt),
    ProvisionedThroughput: throughputDescription(definition.ProvisionedThroughput),
    TableSizeBytes: own?.bytes ?? 0,
    ItemCount: own?.count ?? 0,
    TableArn: arn,
    TableId: definition.TableId,
    DeletionProtectionEnabled: definition.DeletionProtectionEnabled,
  };
  if (onDemand) {
    description.BillingModeSummary = {
      BillingMode: 'PAY_PER_REQUEST',
      LastUpdateToPayPerRequestDateTime: new Date(definition.onDemandSince ?? definition.createdAt),
    };
  }
  if (definition.OnDemandThroughput !== undefined) description.OnDemandThroughput = definition.OnDemandThroughput;
  if (local.length > 0) {
    description.LocalSecondaryIndexes = local.map((index, slot) => indexDescription(arn, index, ofIndexes[slot]));
  }
  if (global.length > 0) {
    description.GlobalSecondaryIndexes = global.map((index, slot) => ({
      ...indexDescription(arn, index, ofIndexes[local.length + slot]),
      IndexStatus: status === 'CREATING' ? 'CREATING' : 'ACTIVE',
      ProvisionedThroughput: throughputDescription(index.ProvisionedThroughput),
      ...(index.OnDemandThroughput === undefined ? {} : { OnDemandThroughput: index.OnDemandThroughput }),
    }));
  }
  if (StreamSpecification !== undefined) {
    description.StreamSpecification = StreamSpecification as sdk.StreamSpecification; // a checked view type
  }
  if (streamLabel !== undefined) {
    description.LatestStreamLabel = streamLabel;
    description.LatestStreamArn = streamArn(table);
  }
  if (definition.TableClass !== undefined) description.TableClassSummary = { TableClass: definition.TableClass };
  if (definition.SSESpecification?.Enabled === true) {
    description.SSEDescription = {
      Status: 'ENABLED',
      SSEType: 'KMS',
      KMSMasterKeyArn: definition.SSESpecification.KMSMasterKeyId,
    };
  }
  return description;
}

/** The ARN of a table's stream, if it has one. */
export const streamArn = ({ arn, definition: { streamLabel } }: Table): string | undefined =>
  streamLabel === undefined ? undefined : `${arn}/stream/${streamLabel}`;

const throughputDescription = (throughput: Throughput | undefined): sdk.ProvisionedThroughputDescription => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: throughput?.ReadCapacityUnits ?? 0,
  WriteCapacityUnits: throughput?.WriteCapacityUnits ?? 0,
});

const indexDescription = (
  arn: string,
  { IndexName, KeySchema, Projection }: IndexDefinition,
  measure: Measure = { count: 0, bytes: 0 },
) => ({
  IndexName,
  KeySchema: [...KeySchema],
  Projection: {
    ProjectionType: Projection.ProjectionType,
    NonKeyAttributes: Projection.NonKeyAttributes && [...Projection.NonKeyAttributes],
  },
  IndexSizeBytes: measure.bytes,
  ItemCount: measure.count,
  IndexArn: `${arn}/index/${IndexName}`,
});
