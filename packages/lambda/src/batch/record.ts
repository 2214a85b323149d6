import type { RawDynamoDbRecord, RawKinesisRecord, RawMessageAttribute, RawSqsRecord } from './event.ts';

/** A message of an SQS queue. */
export interface SqsRecord<Body = unknown> {
  readonly messageId: string;
  /** What the schema made of the body; without one, its JSON. Read for the first time it is parsed. @throws {InvalidRecordError} when it is no JSON */
  readonly body: Body;
  /** The body as it was sent. */
  readonly text: string;
  /** How often the message was received, this time included. */
  readonly receiveCount: number;
  /** Of a FIFO queue. */
  readonly messageGroupId: string | undefined;
  readonly messageAttributes: Readonly<Record<string, RawMessageAttribute>>;
  readonly raw: RawSqsRecord;
}

/** A record of a Kinesis stream. */
export interface KinesisRecord<Body = unknown> {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** What the schema made of the data; without one, its JSON. Read for the first time it is parsed. @throws {InvalidRecordError} when it is no JSON */
  readonly body: Body;
  /** The data as text. */
  readonly text: string;
  readonly data: Buffer;
  readonly raw: RawKinesisRecord;
}

/** A change of a DynamoDB table. */
export interface DynamoDbRecord<Item = unknown> {
  readonly sequenceNumber: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly keys: Readonly<Record<string, unknown>>;
  /** The item after the change, through the schema if there is one; `undefined` when it was removed, or the stream does not carry it. */
  readonly newImage: Item | undefined;
  /** The item before the change, as it was stored; `undefined` when it is new, or the stream does not carry it. */
  readonly oldImage: Readonly<Record<string, unknown>> | undefined;
  readonly raw: RawDynamoDbRecord;
}
