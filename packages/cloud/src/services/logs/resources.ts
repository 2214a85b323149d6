import type { AnyResourceType, Resource, ResourceType } from '../../kernel/resourceType.ts';
import { groupArn } from './logGroup.ts';
import { metricFilter } from './metricFilterResource.ts';

/** Tags as CloudFormation writes them. */
interface Tag {
  readonly Key: string;
  readonly Value: string;
}

interface LogGroupProperties {
  readonly LogGroupName?: string;
  readonly RetentionInDays?: number;
  readonly KmsKeyId?: string;
  readonly LogGroupClass?: 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY';
  readonly DeletionProtectionEnabled?: boolean;
  readonly Tags?: readonly Tag[];
  readonly DataProtectionPolicy?: unknown;
  readonly FieldIndexPolicies?: unknown;
  readonly ResourcePolicyDocument?: unknown;
}

const tagsOf = (tags: readonly Tag[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** Without the tags that AWS keeps for itself: services refuse them. */
const ownTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.toLowerCase().startsWith('aws:')));

const logGroup: ResourceType<LogGroupProperties> = {
  honours: ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'DeletionProtectionEnabled', 'Tags', 'KmsKeyId'],
  // Nothing is masked or indexed here; who may deliver to a group is known by its service principal.
  accepts: ['DataProtectionPolicy', 'FieldIndexPolicies', 'ResourcePolicyDocument'],
  scalars: { RetentionInDays: 'number', DeletionProtectionEnabled: 'boolean' },
  async create(properties, deployment) {
    const { aws, account, region } = deployment;
    const logGroupName = properties.LogGroupName ?? deployment.physicalName(512);
    await aws.logs.CreateLogGroup({
      logGroupName,
      tags: { ...ownTags(deployment.tags), ...tagsOf(properties.Tags) },
      kmsKeyId: properties.KmsKeyId,
      logGroupClass: properties.LogGroupClass,
      deletionProtectionEnabled: properties.DeletionProtectionEnabled,
    });
    if (properties.RetentionInDays !== undefined) {
      await aws.logs.PutRetentionPolicy({ logGroupName, retentionInDays: properties.RetentionInDays });
    }
    return groupResource(logGroupName, { account, region });
  },
  async update({ physicalId }, properties, previous, { aws, account, region }) {
    if (
      properties.LogGroupName !== previous.LogGroupName ||
      properties.LogGroupClass !== previous.LogGroupClass ||
      properties.KmsKeyId !== previous.KmsKeyId ||
      properties.DeletionProtectionEnabled !== previous.DeletionProtectionEnabled
    ) {
      return 'replace';
    }
    const resourceArn = groupArn(physicalId, { account, region });
    if (properties.RetentionInDays === undefined) {
      await aws.logs.DeleteRetentionPolicy({ logGroupName: physicalId });
    } else {
      await aws.logs.PutRetentionPolicy({
        logGroupName: physicalId,
        retentionInDays: properties.RetentionInDays,
      });
    }
    const tags = tagsOf(properties.Tags);
    const tagKeys = Object.keys(tagsOf(previous.Tags)).filter((key) => !(key in tags));
    if (tagKeys.length > 0) await aws.logs.UntagResource({ resourceArn, tagKeys });
    if (Object.keys(tags).length > 0) await aws.logs.TagResource({ resourceArn, tags });
    return groupResource(physicalId, { account, region });
  },
  async delete({ physicalId }, _, { aws }) {
    await ignoreMissing(aws.logs.DeleteLogGroup({ logGroupName: physicalId }));
  },
};

const groupResource = (name: string, scope: { account: string; region: string }): Resource => ({
  physicalId: name,
  attributes: { Arn: `${groupArn(name, scope)}:*` },
});

interface LogStreamProperties {
  readonly LogGroupName: string;
  readonly LogStreamName?: string;
}

const logStream: ResourceType<LogStreamProperties> = {
  honours: ['LogGroupName', 'LogStreamName'],
  accepts: [],
  async create({ LogGroupName, LogStreamName }, deployment) {
    const logStreamName = LogStreamName ?? deployment.physicalName(512);
    await deployment.aws.logs.CreateLogStream({ logGroupName: LogGroupName, logStreamName });
    return { physicalId: logStreamName, attributes: {} };
  },
  update: (resource, properties, previous) =>
    properties.LogGroupName === previous.LogGroupName && properties.LogStreamName === previous.LogStreamName
      ? resource
      : 'replace',
  async delete({ physicalId }, { LogGroupName }, { aws }) {
    await ignoreMissing(aws.logs.DeleteLogStream({ logGroupName: LogGroupName, logStreamName: physicalId }));
  },
};

interface ResourcePolicyProperties {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
}

const resourcePolicy: ResourceType<ResourcePolicyProperties> = {
  honours: ['PolicyName', 'PolicyDocument'],
  accepts: [],
  async create({ PolicyName, PolicyDocument }, { aws }) {
    await aws.logs.PutResourcePolicy({ policyName: PolicyName, policyDocument: textOf(PolicyDocument) });
    return { physicalId: PolicyName, attributes: {} };
  },
  async update(resource, { PolicyName, PolicyDocument }, previous, { aws }) {
    if (PolicyName !== previous.PolicyName) return 'replace';
    await aws.logs.PutResourcePolicy({ policyName: PolicyName, policyDocument: textOf(PolicyDocument) });
    return resource;
  },
  async delete({ physicalId }, _, { aws }) {
    await ignoreMissing(aws.logs.DeleteResourcePolicy({ policyName: physicalId }));
  },
};

/** A document as text: CloudFormation takes text, and templates often have an object. */
const textOf = (document: unknown): string => (typeof document === 'string' ? document : JSON.stringify(document));

async function ignoreMissing(deleted: Promise<unknown>): Promise<void> {
  try {
    await deleted;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
  }
}

/** The CloudFormation resource types of CloudWatch Logs. */
export const resources: Readonly<Record<string, AnyResourceType>> = {
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::LogStream': logStream,
  'AWS::Logs::MetricFilter': metricFilter,
  'AWS::Logs::ResourcePolicy': resourcePolicy,
};
