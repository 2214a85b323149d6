import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { QueueSource } from './source.ts';

/** A message as a function or a pipe gets it. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
export interface SqsRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, RecordAttribute>>;
  readonly md5OfMessageAttributes?: string | null;
  readonly md5OfBody: string;
  readonly eventSource: 'aws:sqs';
  readonly eventSourceARN: string;
  readonly awsRegion: string;
}

interface RecordAttribute {
  readonly stringValue?: string;
  /** Base64. */
  readonly binaryValue?: string;
  readonly stringListValues: readonly [];
  readonly binaryListValues: readonly [];
  readonly dataType: string;
}

/** A message that was received, as its consumer gets it. */
export function recordOf(message: Message, { queueArn, region, windowSeconds }: QueueSource): SqsRecord {
  const { MessageId, ReceiptHandle, Body, Attributes, MessageAttributes, MD5OfMessageAttributes, MD5OfBody } = message;
  // AWS says null of what is not there when batches are gathered over a window, and nothing when they are not.
  const md5 = MD5OfMessageAttributes ?? (windowSeconds > 0 ? null : undefined);
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    attributes: orderedAttributes(Attributes ?? {}),
    messageAttributes: MessageAttributes === undefined ? {} : attributesOf(MessageAttributes),
    ...(md5 === undefined ? {} : { md5OfMessageAttributes: md5 }),
    md5OfBody: MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

const ORDER = [
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'SentTimestamp',
  'SequenceNumber',
  'MessageGroupId',
  'SenderId',
  'MessageDeduplicationId',
  'ApproximateFirstReceiveTimestamp',
  'DeadLetterQueueSourceArn',
] as const;

function orderedAttributes(attributes: NonNullable<Message['Attributes']>): Record<string, string> {
  const ordered: Record<string, string> = {};
  for (const name of ORDER) {
    const value = attributes[name];
    if (value !== undefined) ordered[name] = value;
  }
  return ordered;
}

const attributesOf = (attributes: Readonly<Record<string, MessageAttributeValue>>): Record<string, RecordAttribute> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { StringValue, BinaryValue, DataType = 'String' }]) => [
      name,
      {
        ...(StringValue === undefined ? {} : { stringValue: StringValue }),
        ...(BinaryValue === undefined ? {} : { binaryValue: Buffer.from(BinaryValue).toString('base64') }),
        stringListValues: [],
        binaryListValues: [],
        dataType: DataType,
      },
    ]),
  );
