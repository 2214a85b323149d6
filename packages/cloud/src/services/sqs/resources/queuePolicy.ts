import type { Deployment, ResourceType } from '../../../kernel/resourceType.ts';

interface QueuePolicyProperties {
  readonly PolicyDocument: unknown;
  readonly Queues: readonly string[];
}

interface QueueInlinePolicyProperties {
  readonly PolicyDocument: unknown;
  readonly Queue: string;
}

const textOf = (document: unknown): string => (typeof document === 'string' ? document : JSON.stringify(document));

const setPolicy = ({ aws }: Deployment, QueueUrl: string, policy: string) =>
  aws.sqs.SetQueueAttributes({ QueueUrl, Attributes: { Policy: policy } });

/** A queue that is gone has no policy to take away. */
async function removePolicy(deployment: Deployment, QueueUrl: string): Promise<void> {
  try {
    await setPolicy(deployment, QueueUrl, '');
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'QueueDoesNotExist') throw error;
  }
}

/** One policy for several queues. */
export const queuePolicy: ResourceType<QueuePolicyProperties> = {
  honours: ['PolicyDocument', 'Queues'],
  accepts: [],
  async create({ PolicyDocument, Queues }, deployment) {
    for (const queue of Queues) await setPolicy(deployment, queue, textOf(PolicyDocument));
    const physicalId = deployment.physicalName(128);
    return { physicalId, attributes: { Id: physicalId } };
  },
  async update(resource, { PolicyDocument, Queues }, previous, deployment) {
    for (const queue of previous.Queues) if (!Queues.includes(queue)) await removePolicy(deployment, queue);
    for (const queue of Queues) await setPolicy(deployment, queue, textOf(PolicyDocument));
    return resource;
  },
  async delete(_, { Queues }, deployment) {
    for (const queue of Queues) await removePolicy(deployment, queue);
  },
};

/** The policy of one queue. */
export const queueInlinePolicy: ResourceType<QueueInlinePolicyProperties> = {
  honours: ['PolicyDocument', 'Queue'],
  accepts: [],
  async create({ PolicyDocument, Queue }, deployment) {
    await setPolicy(deployment, Queue, textOf(PolicyDocument));
    return { physicalId: Queue, attributes: {} };
  },
  async update(resource, { PolicyDocument, Queue }, previous, deployment) {
    if (Queue !== previous.Queue) return 'replace';
    await setPolicy(deployment, Queue, textOf(PolicyDocument));
    return resource;
  },
  async delete(_, { Queue }, deployment) {
    await removePolicy(deployment, Queue);
  },
};
