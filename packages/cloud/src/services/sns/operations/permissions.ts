import { invalidParameter } from '../errors.ts';
import type { SnsDependencies, SnsOperations } from '../operation.ts';
import { checkTopicArn, defaultPolicy, type Topic } from '../topic.ts';

interface Statement {
  readonly Sid?: string;
}

interface Policy {
  readonly Statement: readonly Statement[];
}

/** Actions that a policy may grant. */
const ACTIONS = new Set([
  'GetTopicAttributes',
  'SetTopicAttributes',
  'AddPermission',
  'RemovePermission',
  'DeleteTopic',
  'Subscribe',
  'ListSubscriptionsByTopic',
  'Publish',
  'Receive',
  '*',
]);

const single = (values: readonly string[]): string | readonly string[] =>
  values.length === 1 ? (values[0] ?? '') : values;

function policyOf(topic: Topic): Policy {
  const text = topic.attributes['Policy'];
  const policy = (text === undefined ? defaultPolicy(topic) : JSON.parse(text)) as Policy; // checked when it was set
  return Array.isArray(policy.Statement)
    ? policy
    : { ...policy, Statement: [policy.Statement as unknown as Statement] }; // one alone
}

export const addPermission =
  ({ topics }: SnsDependencies): SnsOperations['AddPermission'] =>
  ({ TopicArn, Label, AWSAccountId = [], ActionName = [] }, context) => {
    const topic = topics.get(checkTopicArn(TopicArn, context));
    const policy = policyOf(topic);
    if (policy.Statement.some(({ Sid }) => Sid === Label)) throw invalidParameter('Statement already exists');
    if (ActionName.some((name) => !ACTIONS.has(name)))
      throw invalidParameter('Policy statement action out of service scope!');
    const statement = {
      Sid: Label,
      Effect: 'Allow',
      Principal: {
        AWS: single(AWSAccountId.map((id) => (/^\d{12}$/.test(id) ? `arn:aws:iam::${id}:root` : id))),
      },
      Action: single(ActionName.map((name) => `SNS:${name}`)),
      Resource: topic.arn,
    };
    setPolicy(topics, topic, { ...policy, Statement: [...policy.Statement, statement] });
    return {};
  };

export const removePermission =
  ({ topics }: SnsDependencies): SnsOperations['RemovePermission'] =>
  ({ TopicArn, Label }, context) => {
    const topic = topics.get(checkTopicArn(TopicArn, context));
    const policy = policyOf(topic);
    setPolicy(topics, topic, { ...policy, Statement: policy.Statement.filter(({ Sid }) => Sid !== Label) });
    return {};
  };

function setPolicy(topics: SnsDependencies['topics'], topic: Topic, policy: object): void {
  topics.setAttributes(topic.arn, { ...topic.attributes, Policy: JSON.stringify(policy) });
}
