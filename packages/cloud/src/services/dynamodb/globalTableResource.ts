import type * as sdk from '@aws-sdk/client-dynamodb';
import type { Deployment, ResourceType } from '../../kernel/resourceType.ts';
import { type TableProperties, tableResource } from './tableResource.ts';

interface AutoScaling {
  readonly MinCapacity?: number;
  readonly SeedCapacity?: number;
}

interface WriteSettings {
  readonly WriteCapacityAutoScalingSettings?: AutoScaling;
}

interface ReadSettings {
  readonly ReadCapacityUnits?: number;
  readonly ReadCapacityAutoScalingSettings?: AutoScaling;
}

interface WriteOnDemandSettings {
  readonly MaxWriteRequestUnits?: number;
}

interface ReadOnDemandSettings {
  readonly MaxReadRequestUnits?: number;
}

interface GlobalIndex extends Omit<sdk.GlobalSecondaryIndex, 'ProvisionedThroughput' | 'OnDemandThroughput'> {
  readonly WriteProvisionedThroughputSettings?: WriteSettings;
  readonly WriteOnDemandThroughputSettings?: WriteOnDemandSettings;
}

interface Replica
  extends Pick<
    TableProperties,
    | 'DeletionProtectionEnabled'
    | 'PointInTimeRecoverySpecification'
    | 'TableClass'
    | 'Tags'
    | 'ContributorInsightsSpecification'
    | 'KinesisStreamSpecification'
    | 'ResourcePolicy'
  > {
  readonly Region: string;
  readonly GlobalSecondaryIndexes?: readonly {
    readonly IndexName: string;
    readonly ReadProvisionedThroughputSettings?: ReadSettings;
    readonly ReadOnDemandThroughputSettings?: ReadOnDemandSettings;
  }[];
  readonly ReadProvisionedThroughputSettings?: ReadSettings;
  readonly ReadOnDemandThroughputSettings?: ReadOnDemandSettings;
  readonly SSESpecification?: { readonly KMSMasterKeyId: string };
}

/** The properties of `AWS::DynamoDB::GlobalTable`, which is what the CDK's TableV2 makes. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html */
export interface GlobalTableProperties
  extends Pick<
    TableProperties,
    | 'TableName'
    | 'AttributeDefinitions'
    | 'KeySchema'
    | 'BillingMode'
    | 'LocalSecondaryIndexes'
    | 'StreamSpecification'
    | 'TimeToLiveSpecification'
    | 'WarmThroughput'
  > {
  readonly GlobalSecondaryIndexes?: GlobalIndex[];
  readonly Replicas: readonly Replica[];
  readonly WriteProvisionedThroughputSettings?: WriteSettings;
  readonly WriteOnDemandThroughputSettings?: WriteOnDemandSettings;
  readonly SSESpecification?: { readonly SSEEnabled: boolean; readonly SSEType?: sdk.SSEType };
  readonly MultiRegionConsistency?: string;
}

/** `AWS::DynamoDB::GlobalTable`: the replica of the stack's region is a table; one machine has no other regions to copy to. */
export const globalTableResource: ResourceType<GlobalTableProperties> = {
  honours: [
    'TableName',
    'AttributeDefinitions',
    'KeySchema',
    'BillingMode',
    'LocalSecondaryIndexes',
    'GlobalSecondaryIndexes',
    'Replicas',
    'WriteProvisionedThroughputSettings', // the units that it starts with
    'WriteOnDemandThroughputSettings',
  ],
  accepts: [
    'StreamSpecification', // kept, and StreamArn is given; records are not written yet
    'TimeToLiveSpecification', // kept and described; items do not expire yet
    'SSESpecification', // kept and described; the state file is not encrypted
    'MultiRegionConsistency', // there are no other regions
    'WarmThroughput', // one machine is always warm
  ],
  scalars: {
    'TimeToLiveSpecification.Enabled': 'boolean',
    'SSESpecification.SSEEnabled': 'boolean',
    'Replicas[].DeletionProtectionEnabled': 'boolean',
    'Replicas[].PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': 'boolean',
    'Replicas[].PointInTimeRecoverySpecification.RecoveryPeriodInDays': 'number',
    'Replicas[].ReadProvisionedThroughputSettings.ReadCapacityUnits': 'number',
    'Replicas[].ReadProvisionedThroughputSettings.ReadCapacityAutoScalingSettings.MinCapacity': 'number',
    'Replicas[].ReadProvisionedThroughputSettings.ReadCapacityAutoScalingSettings.SeedCapacity': 'number',
    'WriteProvisionedThroughputSettings.WriteCapacityAutoScalingSettings.MinCapacity': 'number',
    'WriteProvisionedThroughputSettings.WriteCapacityAutoScalingSettings.SeedCapacity': 'number',
  },
  create: (properties, deployment) => {
    const others = properties.Replicas.filter(({ Region }) => Region !== deployment.region).map(({ Region }) => Region);
    if (others.length > 0) {
      deployment.notice(
        `${deployment.logicalId}: no replicas in ${others.join(', ')}: one machine has no other regions`,
      );
    }
    return tableResource.create(tableOf(properties, deployment), deployment);
  },
  update: (resource, properties, previous, deployment) =>
    tableResource.update(resource, tableOf(properties, deployment), tableOf(previous, deployment), deployment),
  delete: (resource, properties, deployment) =>
    tableResource.delete(resource, tableOf(properties, deployment), deployment),
};

/** The table that a global table is in the stack's region. */
function tableOf(properties: GlobalTableProperties, { region }: Deployment): TableProperties {
  const replica = properties.Replicas.find(({ Region }) => Region === region) ?? properties.Replicas[0];
  const {
    Replicas: _,
    WriteProvisionedThroughputSettings: write,
    WriteOnDemandThroughputSettings,
    ...same
  } = properties;
  const {
    MultiRegionConsistency: __,
    GlobalSecondaryIndexes,
    SSESpecification,
    BillingMode = 'PROVISIONED',
    ...table
  } = same;
  const isProvisioned = BillingMode === 'PROVISIONED';
  const indexes = GlobalSecondaryIndexes?.map((index) => {
    const read = replica?.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.IndexName);
    const { WriteProvisionedThroughputSettings, WriteOnDemandThroughputSettings: onDemand, ...rest } = index;
    return {
      ...rest,
      ...(isProvisioned
        ? {
            ProvisionedThroughput: throughputOf(
              read?.ReadProvisionedThroughputSettings,
              WriteProvisionedThroughputSettings,
            ),
          }
        : onDemandOf(read?.ReadOnDemandThroughputSettings, onDemand)),
    };
  });
  const { DeletionProtectionEnabled, PointInTimeRecoverySpecification, TableClass, Tags } = replica ?? {};
  return {
    ...table,
    BillingMode,
    ...(isProvisioned
      ? { ProvisionedThroughput: throughputOf(replica?.ReadProvisionedThroughputSettings, write) }
      : onDemandOf(replica?.ReadOnDemandThroughputSettings, WriteOnDemandThroughputSettings)),
    ...(indexes && { GlobalSecondaryIndexes: indexes }),
    ...(SSESpecification && { SSESpecification: { ...SSESpecification, ...replica?.SSESpecification } }),
    ...(DeletionProtectionEnabled !== undefined && { DeletionProtectionEnabled }),
    ...(PointInTimeRecoverySpecification && { PointInTimeRecoverySpecification }),
    ...(TableClass && { TableClass }),
    ...(Tags && { Tags }),
  };
}

/** The units that automatic scaling starts from: nothing scales here. */
const startOf = (scaling: AutoScaling | undefined): number => scaling?.SeedCapacity ?? scaling?.MinCapacity ?? 1;

const throughputOf = (read: ReadSettings | undefined, write: WriteSettings | undefined): sdk.ProvisionedThroughput => ({
  ReadCapacityUnits: read?.ReadCapacityUnits ?? startOf(read?.ReadCapacityAutoScalingSettings),
  WriteCapacityUnits: startOf(write?.WriteCapacityAutoScalingSettings),
});

const onDemandOf = (
  read: ReadOnDemandSettings | undefined,
  write: WriteOnDemandSettings | undefined,
): { OnDemandThroughput?: sdk.OnDemandThroughput } =>
  read === undefined && write === undefined ? {} : { OnDemandThroughput: { ...read, ...write } };
