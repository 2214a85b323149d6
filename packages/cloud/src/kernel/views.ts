import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { Scope } from './names.ts';

/** A message as it lies in its queue. */
export interface StandingMessage {
  readonly MessageId: string;
  readonly Body: string;
  /** Its system attributes. */
  readonly Attributes: Readonly<Record<string, string | undefined>>;
  readonly MessageAttributes: Readonly<Record<string, MessageAttributeValue>>;
  /** When it may be received (again), ms since 1970. */
  readonly visibleAt: number;
  readonly state: 'visible' | 'delayed' | 'inFlight';
}

/** An e-mail or text message that AWS would have sent: here it is kept. */
export interface CapturedMessage {
  /** Rises with each. */
  readonly id: number;
  /** ms, the cloud's time. */
  readonly at: number;
  /** ARN; undefined when a phone number was published to. */
  readonly topic: string | undefined;
  readonly subscription: string | undefined;
  readonly protocol: 'email' | 'email-json' | 'sms';
  /** An address or a number. */
  readonly endpoint: string;
  readonly subject: string | undefined;
  readonly body: string;
}

/** What services show beside AWS's operations to whoever looks from outside, by service. Looking changes nothing, and no request can name it. */
export interface Views {
  readonly sns: {
    /** Messages to people, oldest first. @param after - an id */
    outbox(after: number, limit: number): readonly CapturedMessage[];
  };
  readonly sqs: {
    /**
     * Messages of a queue in the order in which they came, whether they may be received or not.
     *
     * @throws QueueDoesNotExist
     */
    messages(queue: Scope & { readonly name: string }, limit: number): readonly StandingMessage[];
  };
}
