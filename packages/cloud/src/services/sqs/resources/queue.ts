import type { Deployment, Resource, ResourceType } from '../../../kernel/resourceType.ts';
import type { QueueStore } from '../queueStore.ts';

interface QueueProperties {
  readonly QueueName?: string;
  readonly FifoQueue?: boolean;
  readonly ContentBasedDeduplication?: boolean;
  readonly DeduplicationScope?: string;
  readonly FifoThroughputLimit?: string;
  readonly DelaySeconds?: number;
  readonly KmsDataKeyReusePeriodSeconds?: number;
  readonly KmsMasterKeyId?: string;
  readonly MaximumMessageSize?: number;
  readonly MessageRetentionPeriod?: number;
  readonly ReceiveMessageWaitTimeSeconds?: number;
  readonly RedriveAllowPolicy?: unknown;
  readonly RedrivePolicy?: unknown;
  readonly SqsManagedSseEnabled?: boolean;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly VisibilityTimeout?: number;
}

/** What an attribute is set to when its property is taken out of the template. */
const DEFAULTS = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
  DelaySeconds: '0',
  KmsDataKeyReusePeriodSeconds: '',
  KmsMasterKeyId: '',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedriveAllowPolicy: '',
  RedrivePolicy: '',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
} as const satisfies Partial<Record<keyof QueueProperties, string>>;

type Attribute = keyof typeof DEFAULTS;

const NAMES = Object.keys(DEFAULTS) as Attribute[]; // the keys of that very object

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** @param queues - knows which queues were deleted just now: CloudFormation waits until their names are free, and here none has to wait */
export const queueType = (queues: QueueStore): ResourceType<QueueProperties> => ({
  honours: [
    'QueueName',
    'FifoQueue',
    'ContentBasedDeduplication',
    'DeduplicationScope',
    'FifoThroughputLimit',
    'DelaySeconds',
    'MaximumMessageSize',
    'MessageRetentionPeriod',
    'ReceiveMessageWaitTimeSeconds',
    'RedriveAllowPolicy',
    'RedrivePolicy',
    'Tags',
    'VisibilityTimeout',
  ],
  // Nothing is encrypted on one machine.
  accepts: ['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'SqsManagedSseEnabled'],
  scalars: {
    FifoQueue: 'boolean',
    ContentBasedDeduplication: 'boolean',
    DelaySeconds: 'number',
    KmsDataKeyReusePeriodSeconds: 'number',
    MaximumMessageSize: 'number',
    MessageRetentionPeriod: 'number',
    ReceiveMessageWaitTimeSeconds: 'number',
    SqsManagedSseEnabled: 'boolean',
    VisibilityTimeout: 'number',
  },
  async create(properties, deployment) {
    const isFifo = properties.FifoQueue === true;
    const name = properties.QueueName ?? (isFifo ? `${deployment.physicalName(75)}.fifo` : deployment.physicalName(80));
    const attributes: Record<string, string> = isFifo ? { FifoQueue: 'true' } : {};
    for (const attribute of NAMES) {
      const value = properties[attribute];
      if (value !== undefined) attributes[attribute] = textOf(value);
    }
    queues.forgetDeleted(deployment, name);
    const { QueueUrl = '' } = await deployment.aws.sqs.CreateQueue({
      QueueName: name,
      Attributes: attributes,
      tags: { ...deployment.tags, ...tagsOf(properties) },
    });
    return resourceOf(QueueUrl, deployment);
  },
  async update(resource, properties, previous, deployment) {
    if (
      properties.QueueName !== previous.QueueName ||
      (properties.FifoQueue ?? false) !== (previous.FifoQueue ?? false)
    ) {
      return 'replace';
    }
    const { aws } = deployment;
    const QueueUrl = resource.physicalId;
    const Attributes: Record<string, string> = {};
    for (const attribute of NAMES) {
      const [now, before] = [properties[attribute], previous[attribute]].map((value) =>
        value === undefined ? undefined : textOf(value),
      );
      if (now !== before) Attributes[attribute] = now ?? DEFAULTS[attribute];
    }
    // Whatever else they say, a queue has only one kind of encryption.
    if (properties.KmsMasterKeyId !== undefined && properties.SqsManagedSseEnabled === undefined) {
      delete Attributes['SqsManagedSseEnabled'];
    }
    if (Object.keys(Attributes).length > 0) await aws.sqs.SetQueueAttributes({ QueueUrl, Attributes });
    await retag(properties, previous, QueueUrl, deployment);
    return resource;
  },
  async delete({ physicalId }, _, { aws }) {
    try {
      await aws.sqs.DeleteQueue({ QueueUrl: physicalId });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'QueueDoesNotExist') throw error;
    }
  },
});

const tagsOf = ({ Tags = [] }: QueueProperties): Record<string, string> =>
  Object.fromEntries(Tags.map(({ Key, Value }) => [Key, String(Value)]));

async function retag(
  now: QueueProperties,
  before: QueueProperties,
  QueueUrl: string,
  { aws }: Deployment,
): Promise<void> {
  const Tags = tagsOf(now);
  const TagKeys = Object.keys(tagsOf(before)).filter((key) => !(key in Tags));
  if (TagKeys.length > 0) await aws.sqs.UntagQueue({ QueueUrl, TagKeys });
  if (Object.keys(Tags).length > 0) await aws.sqs.TagQueue({ QueueUrl, Tags });
}

async function resourceOf(QueueUrl: string, { aws }: Deployment): Promise<Resource> {
  const { Attributes = {} } = await aws.sqs.GetQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
  const Arn = Attributes.QueueArn ?? '';
  return { physicalId: QueueUrl, attributes: { Arn, QueueName: Arn.split(':').at(-1), QueueUrl } };
}
