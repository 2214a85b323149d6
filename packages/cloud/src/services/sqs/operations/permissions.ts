import { invalidValue, missingParameter } from '../errors.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';
import type { Queue } from '../queue.ts';

/** What is read of a policy: statements, of which only those with a label are changed here. */
interface Policy {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement?: readonly { readonly Sid?: string }[];
}

const policyOf = (queue: Queue): Policy => {
  const text = queue.definition.attributes['Policy'];
  return text === undefined ? {} : (JSON.parse(text) as Policy); // it was checked when it was set
};

export const addPermission =
  ({ queues, scheduler }: SqsDependencies): SqsOperations['AddPermission'] =>
  ({ QueueUrl, Label = '', AWSAccountIds = [], Actions = [] }, context) => {
    const queue = queues.get(QueueUrl, context);
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(Label)) {
      throw invalidValue(
        Label,
        'Label',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
      );
    }
    if (AWSAccountIds.length === 0) throw missingParameter('AWSAccountIds');
    if (Actions.length === 0) throw missingParameter('Actions');
    for (const account of AWSAccountIds) {
      if (!/^\d{12}$/.test(account)) {
        throw invalidValue(account, 'PrincipalId', 'Unable to verify.');
      }
    }
    const policy = policyOf(queue);
    const statements = policy.Statement ?? [];
    if (statements.some(({ Sid }) => Sid === Label)) throw invalidValue(Label, 'Label', 'Already exists.');
    const added = {
      Sid: Label,
      Effect: 'Allow',
      Principal: { AWS: single(AWSAccountIds.map((account) => `arn:aws:iam::${account}:root`)) },
      Action: single(Actions.map((action) => `SQS:${action}`)),
      Resource: queue.arn,
    };
    const changed = {
      Version: policy.Version ?? '2008-10-17',
      Id: policy.Id ?? `${queue.arn}/SQSDefaultPolicy`,
      Statement: [...statements, added],
    };
    setPolicy(queues, queue, changed, scheduler.now);
    return {};
  };

export const removePermission =
  ({ queues, scheduler }: SqsDependencies): SqsOperations['RemovePermission'] =>
  ({ QueueUrl, Label = '' }, context) => {
    const queue = queues.get(QueueUrl, context);
    const policy = policyOf(queue);
    const statements = policy.Statement ?? [];
    const left = statements.filter(({ Sid }) => Sid !== Label);
    if (left.length === statements.length) throw invalidValue(Label, 'Label', "can't find label.");
    setPolicy(queues, queue, left.length === 0 ? undefined : { ...policy, Statement: left }, scheduler.now);
    return {};
  };

function setPolicy(queues: SqsDependencies['queues'], queue: Queue, policy: Policy | undefined, now: number): void {
  const { Policy: _, ...others } = queue.definition.attributes;
  const attributes = policy === undefined ? others : { ...others, Policy: JSON.stringify(policy) };
  queues.define(queue, { ...queue.definition, attributes, modified: now });
}

/** AWS writes a list of one as that one. */
const single = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 ? (values[0] ?? '') : values;
