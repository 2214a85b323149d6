/** How a subscriber is reached. */
export type SubscriptionProtocol = 'sqs' | 'lambda' | 'http' | 'https' | 'email' | 'email-json' | 'sms' | 'firehose';

/** A subscription as it is kept. */
export interface Subscription {
  readonly arn: string;
  readonly topic: string;
  /** The account that subscribed. */
  readonly owner: string;
  readonly region: string;
  readonly protocol: SubscriptionProtocol;
  readonly endpoint: string;
  /** The ARN of who subscribed. */
  readonly principal: string;
  /** What confirms it. */
  readonly token: string;
  readonly isConfirmed: boolean;
  /** Whether only its owner may unsubscribe. */
  readonly isAuthenticated: boolean;
  /** As the user set them. */
  readonly attributes: Readonly<Record<string, string>>;
}

export const isRaw = ({ attributes }: Pick<Subscription, 'attributes'>): boolean =>
  attributes['RawMessageDelivery'] === 'true';
