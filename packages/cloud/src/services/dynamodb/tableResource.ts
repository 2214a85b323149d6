import type * as sdk from '@aws-sdk/client-dynamodb';
import { arn } from '../../kernel/names.ts';
import type { Deployment, Resource, ResourceType } from '../../kernel/resourceType.ts';

const MAX_NAME = 255;

interface TagProperty {
  readonly Key: string;
  readonly Value: string;
}

/** The properties of `AWS::DynamoDB::Table` that templates use. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html */
export interface TableProperties {
  readonly TableName?: string;
  readonly AttributeDefinitions?: sdk.AttributeDefinition[];
  readonly KeySchema: sdk.KeySchemaElement[];
  readonly BillingMode?: sdk.BillingMode;
  readonly ProvisionedThroughput?: sdk.ProvisionedThroughput;
  readonly OnDemandThroughput?: sdk.OnDemandThroughput;
  readonly LocalSecondaryIndexes?: sdk.LocalSecondaryIndex[];
  readonly GlobalSecondaryIndexes?: sdk.GlobalSecondaryIndex[];
  readonly Tags?: readonly TagProperty[];
  readonly DeletionProtectionEnabled?: boolean;
  readonly StreamSpecification?: { readonly StreamViewType: sdk.StreamViewType; readonly ResourcePolicy?: unknown };
  readonly TimeToLiveSpecification?: { readonly AttributeName?: string; readonly Enabled: boolean };
  readonly PointInTimeRecoverySpecification?: {
    readonly PointInTimeRecoveryEnabled?: boolean;
    readonly RecoveryPeriodInDays?: number;
  };
  readonly TableClass?: sdk.TableClass;
  readonly SSESpecification?: {
    readonly SSEEnabled: boolean;
    readonly SSEType?: sdk.SSEType;
    readonly KMSMasterKeyId?: string;
  };
  readonly KinesisStreamSpecification?: unknown;
  readonly ContributorInsightsSpecification?: unknown;
  readonly ResourcePolicy?: unknown;
  readonly WarmThroughput?: unknown;
}

const HONOURED = [
  'TableName',
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'ProvisionedThroughput',
  'OnDemandThroughput',
  'LocalSecondaryIndexes',
  'GlobalSecondaryIndexes',
  'Tags',
  'DeletionProtectionEnabled',
] as const;

const ACCEPTED = [
  'StreamSpecification', // kept, and StreamArn is given; records are not written yet
  'TimeToLiveSpecification', // kept and described; items do not expire yet
  'PointInTimeRecoverySpecification', // kept and described; nothing is backed up on one machine
  'SSESpecification', // kept and described; the state file is not encrypted
  'TableClass', // kept and described; it is a matter of price
  'KinesisStreamSpecification', // records are not written yet
  'ContributorInsightsSpecification', // there are no such metrics
  'ResourcePolicy', // policies of resources are not evaluated yet
  'WarmThroughput', // one machine is always warm
] as const;

const SCALARS = {
  'ProvisionedThroughput.ReadCapacityUnits': 'number',
  'ProvisionedThroughput.WriteCapacityUnits': 'number',
  'OnDemandThroughput.MaxReadRequestUnits': 'number',
  'OnDemandThroughput.MaxWriteRequestUnits': 'number',
  'GlobalSecondaryIndexes[].ProvisionedThroughput.ReadCapacityUnits': 'number',
  'GlobalSecondaryIndexes[].ProvisionedThroughput.WriteCapacityUnits': 'number',
  'GlobalSecondaryIndexes[].OnDemandThroughput.MaxReadRequestUnits': 'number',
  'GlobalSecondaryIndexes[].OnDemandThroughput.MaxWriteRequestUnits': 'number',
  DeletionProtectionEnabled: 'boolean',
  'TimeToLiveSpecification.Enabled': 'boolean',
  'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': 'boolean',
  'PointInTimeRecoverySpecification.RecoveryPeriodInDays': 'number',
  'SSESpecification.SSEEnabled': 'boolean',
} as const;

/** What changes only with the table: CloudFormation makes a new one. */
const FIXED = ['TableName', 'KeySchema', 'LocalSecondaryIndexes'] as const;

/** `AWS::DynamoDB::Table`. */
export const tableResource: ResourceType<TableProperties> = {
  honours: HONOURED,
  accepts: ACCEPTED,
  scalars: SCALARS,

  async create(properties, deployment) {
    const { dynamodb } = deployment.aws;
    const TableName = properties.TableName ?? deployment.physicalName(MAX_NAME);
    const input = inputOf(properties);
    await dynamodb.CreateTable({ ...input, TableName, Tags: tagsOf(properties, deployment) });
    await changeTimeToLive(TableName, undefined, properties, deployment);
    await changeBackups(TableName, undefined, properties, deployment);
    return resourceOf(TableName, deployment);
  },

  async update(resource, properties, previous, deployment) {
    if (FIXED.some((name) => !same(properties[name], previous[name])) || !sameKeyTypes(properties, previous))
      return 'replace';
    const { dynamodb } = deployment.aws;
    const TableName = resource.physicalId;
    const updates = indexChanges(properties, previous);
    const change = (update: sdk.GlobalSecondaryIndexUpdate) => {
      // Those of the table and of the index that is made: others' would be unused.
      const AttributeDefinitions = update.Create && properties.AttributeDefinitions;
      return dynamodb.UpdateTable({ TableName, AttributeDefinitions, GlobalSecondaryIndexUpdates: [update] });
    };
    for (const update of updates) if (update.Delete !== undefined) await change(update);
    for (const input of tableChanges(properties, previous)) await dynamodb.UpdateTable({ TableName, ...input });
    for (const update of updates) if (update.Delete === undefined) await change(update);
    await changeTimeToLive(TableName, previous, properties, deployment);
    await changeBackups(TableName, previous, properties, deployment);
    await changeTags(arnOf(TableName, deployment), properties, deployment);
    return resourceOf(TableName, deployment);
  },

  async delete({ physicalId }, _, { aws }) {
    try {
      await aws.dynamodb.DeleteTable({ TableName: physicalId });
    } catch (error) {
      // Somebody deleted it before: that is what is wanted.
      if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    }
  },
};

const arnOf = (name: string, deployment: Deployment): string => arn('dynamodb', deployment, `table/${name}`);

async function resourceOf(TableName: string, deployment: Deployment): Promise<Resource> {
  const { Table } = await deployment.aws.dynamodb.DescribeTable({ TableName });
  const StreamArn = Table?.LatestStreamArn;
  return {
    physicalId: TableName,
    attributes: {
      Arn: arnOf(TableName, deployment),
      TableId: Table?.TableId,
      ...(StreamArn === undefined ? {} : { StreamArn }),
    },
  };
}

/** The input of CreateTable that the properties stand for. */
function inputOf(properties: TableProperties): Omit<sdk.CreateTableCommandInput, 'TableName'> {
  const { StreamSpecification: stream, SSESpecification: encryption } = properties;
  return {
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    BillingMode: properties.BillingMode ?? 'PROVISIONED',
    ProvisionedThroughput: properties.ProvisionedThroughput,
    OnDemandThroughput: properties.OnDemandThroughput,
    LocalSecondaryIndexes: properties.LocalSecondaryIndexes,
    GlobalSecondaryIndexes: properties.GlobalSecondaryIndexes?.map(indexOf),
    StreamSpecification: stream && { StreamEnabled: true, StreamViewType: stream.StreamViewType },
    SSESpecification: encryption && {
      Enabled: encryption.SSEEnabled,
      SSEType: encryption.SSEType,
      KMSMasterKeyId: encryption.KMSMasterKeyId,
    },
    TableClass: properties.TableClass,
    DeletionProtectionEnabled: properties.DeletionProtectionEnabled ?? false,
  };
}

/** An index without what this cloud has no use for. */
const indexOf = (index: sdk.GlobalSecondaryIndex): sdk.GlobalSecondaryIndex => ({
  IndexName: index.IndexName,
  KeySchema: index.KeySchema,
  Projection: index.Projection,
  ProvisionedThroughput: index.ProvisionedThroughput,
  OnDemandThroughput: index.OnDemandThroughput,
});

type TableChange = Omit<sdk.UpdateTableCommandInput, 'TableName'>;

/** What UpdateTable is to change beside indexes, call by call. */
function tableChanges(properties: TableProperties, previous: TableProperties): TableChange[] {
  const [after, before] = [inputOf(properties), inputOf(previous)];
  const calls: TableChange[] = [];
  const changed = CHANGEABLE.filter((name) => after[name] !== undefined && !same(after[name], before[name]));
  if (changed.length > 0) {
    const main: TableChange = Object.fromEntries(changed.map((name) => [name, after[name]]));
    if (after.BillingMode === 'PROVISIONED' && changed.includes('BillingMode')) {
      const updates = throughputOfIndexes(properties, previous);
      if (updates.length > 0) main.GlobalSecondaryIndexUpdates = updates;
    }
    calls.push(main);
  }
  if (!same(after.StreamSpecification, before.StreamSpecification)) {
    // Another view is another stream: the one that is on ends first.
    if (before.StreamSpecification !== undefined) calls.push({ StreamSpecification: { StreamEnabled: false } });
    if (after.StreamSpecification !== undefined) calls.push({ StreamSpecification: after.StreamSpecification });
  }
  return calls;
}

const CHANGEABLE = [
  'BillingMode',
  'ProvisionedThroughput',
  'OnDemandThroughput',
  'TableClass',
  'SSESpecification',
  'DeletionProtectionEnabled',
] as const;

/** The units of the indexes that stay, which a table must have when it becomes a provisioned one. */
const throughputOfIndexes = (
  properties: TableProperties,
  previous: TableProperties,
): sdk.GlobalSecondaryIndexUpdate[] =>
  (properties.GlobalSecondaryIndexes ?? []).flatMap((index) => {
    const old = previous.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.IndexName);
    if (old === undefined || !sameIndex(old, index) || index.ProvisionedThroughput === undefined) return [];
    return [{ Update: { IndexName: index.IndexName, ProvisionedThroughput: index.ProvisionedThroughput } }];
  });

/** Whether the table's own key attributes have the types that they had. */
function sameKeyTypes(properties: TableProperties, previous: TableProperties): boolean {
  const typeIn = ({ AttributeDefinitions = [] }: TableProperties, name: string | undefined) =>
    AttributeDefinitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return properties.KeySchema.every(
    ({ AttributeName }) => typeIn(properties, AttributeName) === typeIn(previous, AttributeName),
  );
}

/** One update for each index that is gone, new or changed. */
function indexChanges(properties: TableProperties, previous: TableProperties): sdk.GlobalSecondaryIndexUpdate[] {
  const after = new Map(properties.GlobalSecondaryIndexes?.map((index) => [index.IndexName, indexOf(index)]));
  const before = new Map(previous.GlobalSecondaryIndexes?.map((index) => [index.IndexName, indexOf(index)]));
  const updates: sdk.GlobalSecondaryIndexUpdate[] = [];
  for (const [IndexName, index] of before)
    if (!sameIndex(index, after.get(IndexName))) updates.push({ Delete: { IndexName } });
  for (const [IndexName, index] of after) {
    const old = before.get(IndexName);
    if (old === undefined || !sameIndex(old, index)) updates.push({ Create: index });
    else if (
      !same(old.ProvisionedThroughput, index.ProvisionedThroughput) &&
      index.ProvisionedThroughput !== undefined
    ) {
      updates.push({ Update: { IndexName, ProvisionedThroughput: index.ProvisionedThroughput } });
    }
  }
  return updates;
}

/** Whether an index need not be made anew. */
const sameIndex = (a: sdk.GlobalSecondaryIndex, b: sdk.GlobalSecondaryIndex | undefined): boolean =>
  b !== undefined && same(a.KeySchema, b.KeySchema) && same(a.Projection, b.Projection);

async function changeTimeToLive(
  TableName: string,
  previous: TableProperties | undefined,
  properties: TableProperties,
  { aws }: Deployment,
): Promise<void> {
  const [before, after] = [previous, properties].map((each) => {
    const specification = each?.TimeToLiveSpecification;
    return specification?.Enabled === true ? specification.AttributeName : undefined;
  });
  if (before === after) return;
  const change = (Enabled: boolean, AttributeName: string) =>
    aws.dynamodb.UpdateTimeToLive({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } });
  if (before !== undefined) await change(false, before);
  if (after !== undefined) await change(true, after);
}

async function changeBackups(
  TableName: string,
  previous: TableProperties | undefined,
  properties: TableProperties,
  { aws }: Deployment,
): Promise<void> {
  const [before, after] = [previous, properties].map((each) => each?.PointInTimeRecoverySpecification);
  if (same(before, after)) return;
  await aws.dynamodb.UpdateContinuousBackups({
    TableName,
    PointInTimeRecoverySpecification: {
      PointInTimeRecoveryEnabled: after?.PointInTimeRecoveryEnabled ?? false,
      RecoveryPeriodInDays: after?.RecoveryPeriodInDays,
    },
  });
}

/** The template's tags and those of the stack, but for AWS's own, which nobody may set. */
function tagsOf({ Tags = [] }: TableProperties, { tags }: Deployment): sdk.Tag[] {
  const own = Object.entries(tags).filter(([key]) => !key.startsWith('aws:'));
  const all = new Map([...own, ...Tags.map(({ Key, Value }) => [Key, Value] as const)]);
  return [...all].map(([Key, Value]) => ({ Key, Value }));
}

async function changeTags(ResourceArn: string, properties: TableProperties, deployment: Deployment): Promise<void> {
  const { dynamodb } = deployment.aws;
  const wanted = tagsOf(properties, deployment);
  const { Tags = [] } = await dynamodb.ListTagsOfResource({ ResourceArn });
  const TagKeys = Tags.flatMap(({ Key = '' }) => (wanted.some((tag) => tag.Key === Key) ? [] : [Key]));
  if (TagKeys.length > 0) await dynamodb.UntagResource({ ResourceArn, TagKeys });
  if (wanted.length > 0) await dynamodb.TagResource({ ResourceArn, Tags: wanted });
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
