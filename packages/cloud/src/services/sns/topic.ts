import type { Meter, Metrics } from '../../kernel/metrics.ts';
import { arn, parseArn, type Scope } from '../../kernel/names.ts';
import { invalidParameter } from './errors.ts';

/** A topic as it is kept. */
export interface Topic extends Scope {
  readonly arn: string;
  /** As the user set them. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Subscriptions that were removed. */
  readonly removed: number;
}

export const topicArn = (scope: Scope, name: string): string => arn('sns', scope, name);

/** What a topic counts with. */
export const meterOf = (metrics: Metrics, { account, region, arn: topic }: Topic): Meter =>
  metrics.meter({ account, region }, 'AWS/SNS', { TopicName: topic.slice(topic.lastIndexOf(':') + 1) });

export const isFifo = ({ attributes }: Pick<Topic, 'attributes'>): boolean => attributes['FifoTopic'] === 'true';

/** @throws InvalidParameter when `text` is no ARN, or of another region */
export function checkTopicArn(text: string | undefined, { region }: Pick<Scope, 'region'>, what = 'TopicArn'): string {
  const value = text ?? '';
  const parts = value.split(':').length;
  if (parts < 6) throw invalidParameter(`${what} Reason: An ARN must have at least 6 elements, not ${parts}`);
  const parsed = parseArn(value);
  if (parsed === undefined || parsed.service !== 'sns' || parsed.region !== region) throw invalidParameter(what);
  return value;
}

/** The policy of a topic that was given none: its owner's account may do anything. */
export const defaultPolicy = ({ arn: Resource, account }: Pick<Topic, 'arn' | 'account'>): object => ({
  Version: '2008-10-17',
  Id: '__default_policy_ID',
  Statement: [
    {
      Sid: '__default_statement_ID',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'SNS:GetTopicAttributes',
        'SNS:SetTopicAttributes',
        'SNS:AddPermission',
        'SNS:RemovePermission',
        'SNS:DeleteTopic',
        'SNS:Subscribe',
        'SNS:ListSubscriptionsByTopic',
        'SNS:Publish',
      ],
      Resource,
      Condition: { StringEquals: { 'AWS:SourceOwner': account } },
    },
  ],
});
