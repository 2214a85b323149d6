import { hash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import type { Context, ServiceEnvironment } from '../../kernel/service.ts';
import type { Deliveries } from './deliveries.ts';
import { invalidParameter } from './errors.ts';
import type { Filters } from './filters.ts';
import type { Content } from './message.ts';
import { attributesOf } from './messageAttributes.ts';
import { isFifo, meterOf, type Topic } from './topic.ts';
import type { TopicStore } from './topicStore.ts';

/** Of a message and its attributes, and of a batch of them. */
export const MAX_MESSAGE_BYTES = 262_144;

/** What is published, as the caller gave it. */
export interface Publication {
  readonly Message?: string | undefined;
  readonly Subject?: string | undefined;
  readonly MessageStructure?: string | undefined;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttributeValue>> | undefined;
  readonly MessageGroupId?: string | undefined;
  readonly MessageDeduplicationId?: string | undefined;
}

/** What the publisher is told. */
export interface Published {
  readonly MessageId: string;
  readonly SequenceNumber?: string | undefined;
}

export interface PublisherOptions {
  readonly environment: ServiceEnvironment;
  readonly topics: TopicStore;
  readonly filters: Filters;
  readonly deliveries: Deliveries;
}

/** Takes messages for topics: finds out who wants them, and has them delivered. */
export class Publisher {
  readonly #options: PublisherOptions;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  /** @throws InvalidParameter when it is no content for a topic */
  check(given: Publication, topic: Topic, path = 'messageAttributes'): Content {
    const attributes = attributesOf(given.MessageAttributes, path);
    const content = { ...contentOf(given), attributes };
    const { MessageGroupId: groupId, MessageDeduplicationId: deduplicationId } = given;
    if (!isFifo(topic)) {
      if (deduplicationId !== undefined)
        throw invalidParameter(
          'MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
        );
      if (groupId !== undefined) checkId('MessageGroupId', groupId);
      return { ...content, groupId };
    }
    if (groupId === undefined) throw invalidParameter('The MessageGroupId parameter is required for FIFO topics');
    checkId('MessageGroupId', groupId);
    if (deduplicationId === undefined && topic.attributes['ContentBasedDeduplication'] !== 'true')
      throw invalidParameter(
        'The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
      );
    if (deduplicationId !== undefined) checkId('MessageDeduplicationId', deduplicationId);
    return { ...content, groupId, deduplicationId: deduplicationId ?? hash('sha256', given.Message ?? '') };
  }

  publish(topic: Topic, content: Content, { cause }: Pick<Context, 'cause'>): Published {
    const { environment, topics, filters, deliveries } = this.#options;
    const { now } = environment.scheduler;
    const { deduplicationId, groupId } = content;
    const isGroupScoped = topic.attributes['FifoThroughputScope'] === 'MessageGroup';
    const key =
      deduplicationId === undefined ? undefined : isGroupScoped ? `${groupId}/${deduplicationId}` : deduplicationId;
    const earlier = key === undefined ? undefined : topics.earlier(topic.arn, key, now);
    if (earlier !== undefined) return { MessageId: earlier.messageId, SequenceNumber: earlier.sequence };
    meterOf(environment.metrics, topic).add('NumberOfMessagesPublished');
    const messageId = environment.random.of(topic.arn).uuid();
    const sequence = key === undefined ? undefined : topics.nextSequence(topic.arn);
    if (key !== undefined && sequence !== undefined) topics.remember(topic.arn, key, now, { messageId, sequence });
    const message = { topic: topic.arn, messageId, content: { ...content, sequence }, publishedAt: now, cause };
    deliveries.add(message, filters.of(topic.arn, content), isFifo(topic));
    return { MessageId: messageId, SequenceNumber: sequence };
  }
}

function contentOf({ Message = '', Subject, MessageStructure }: Publication): Omit<Content, 'attributes'> {
  if (Message === '') throw invalidParameter('Empty message');
  if (Subject !== undefined && !isSubject(Subject)) throw invalidParameter('Subject');
  if (MessageStructure === undefined || MessageStructure === '')
    return { type: 'Notification', subject: Subject, body: Message };
  if (MessageStructure !== 'json') throw invalidParameter(`MessageStructure`);
  const bodies = structured(Message);
  const body = bodies['default'];
  if (body === undefined) throw invalidParameter('Message Structure - No default entry in JSON message body');
  return { type: 'Notification', subject: Subject, body, bodies };
}

/** Up to 100 characters, none of them a line break or a control character, and a printable one at the beginning. */
const isSubject = (text: string): boolean =>
  text.length > 0 && text.length <= 100 && !/\p{Cc}/u.test(text) && !/^\s/.test(text);

/** The bodies by protocol; members that are no text do not count. @throws InvalidParameter */
function structured(text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null)
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  return Object.fromEntries(Object.entries(value).filter(([, body]) => typeof body === 'string'));
}

function checkId(name: string, value: string): void {
  if (!/^[!-~]{1,128}$/.test(value))
    throw invalidParameter(
      `The ${name} parameter can only contain alphanumeric characters and punctuation, and be 1 to 128 characters long`,
    );
}

/** Of a message and its attributes: names, types and values count. */
export function bytesOf({ Message = '', MessageAttributes = {} }: Publication): number {
  let bytes = Buffer.byteLength(Message);
  for (const [name, { DataType = '', StringValue = '', BinaryValue }] of Object.entries(MessageAttributes)) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue);
    bytes += BinaryValue?.length ?? 0;
  }
  return bytes;
}
