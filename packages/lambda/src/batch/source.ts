import type { StandardSchema } from '../api/standardSchema.ts';
import { plainItem } from './attributeValue.ts';
import { parseBody, validated } from './body.ts';
import type { RawDynamoDbRecord, RawKinesisRecord, RawSqsRecord } from './event.ts';
import type { DynamoDbRecord, KinesisRecord, SqsRecord } from './record.ts';

type Schema = StandardSchema<unknown, unknown> | undefined;

/** What is known of an event source: how its records are named, ordered and read. */
export interface Source<Raw> {
  /** The records' `eventSource`. */
  readonly eventSource: string;
  /** What an id is called in the log. */
  readonly idName: 'messageId' | 'sequenceNumber';
  id(raw: Raw): string;
  /** `none`: records are independent; `group`: those of a group are in order; `all`: all are. */
  order(first: Raw): 'none' | 'group' | 'all';
  group(raw: Raw): string;
  /** How often it was received, where that is counted. */
  receiveCount(raw: Raw): number;
  read(raw: Raw, schema: Schema): unknown;
}

const sqs: Source<RawSqsRecord> = {
  eventSource: 'aws:sqs',
  idName: 'messageId',
  id: ({ messageId }) => messageId,
  // Messages of a standard queue may have a group too (fair queues), which promises no order.
  order: ({ eventSourceARN }) => (eventSourceARN.endsWith('.fifo') ? 'group' : 'none'),
  group: ({ attributes }) => attributes['MessageGroupId'] ?? '',
  receiveCount: ({ attributes }) => Number(attributes['ApproximateReceiveCount'] ?? 1),
  read(raw, schema): SqsRecord | Promise<SqsRecord> {
    const { attributes, messageId, messageAttributes, body: text } = raw;
    const receiveCount = sqs.receiveCount(raw);
    const messageGroupId = attributes['MessageGroupId'];
    if (schema !== undefined) {
      return checked(schema, { messageId, text, receiveCount, messageGroupId, messageAttributes, raw });
    }
    const body = lazily(text);
    return {
      messageId,
      text,
      receiveCount,
      messageGroupId,
      messageAttributes,
      raw,
      get body() {
        return body();
      },
    };
  },
};

const kinesis: Source<RawKinesisRecord> = {
  eventSource: 'aws:kinesis',
  idName: 'sequenceNumber',
  id: ({ kinesis: { sequenceNumber } }) => sequenceNumber,
  order: () => 'all',
  group: () => '',
  receiveCount: () => 1,
  read(raw, schema): KinesisRecord | Promise<KinesisRecord> {
    const { sequenceNumber, partitionKey, data: base64 } = raw.kinesis;
    const data = Buffer.from(base64, 'base64');
    const text = data.toString();
    if (schema !== undefined) return checked(schema, { sequenceNumber, partitionKey, data, text, raw });
    const body = lazily(text);
    return {
      sequenceNumber,
      partitionKey,
      data,
      text,
      raw,
      get body() {
        return body();
      },
    };
  },
};

const dynamodb: Source<RawDynamoDbRecord> = {
  eventSource: 'aws:dynamodb',
  idName: 'sequenceNumber',
  id: ({ dynamodb: { SequenceNumber } }) => SequenceNumber,
  order: () => 'all',
  group: () => '',
  receiveCount: () => 1,
  read(raw, schema): DynamoDbRecord | Promise<DynamoDbRecord> {
    const { Keys, NewImage, OldImage, SequenceNumber } = raw.dynamodb;
    const record: DynamoDbRecord = {
      sequenceNumber: SequenceNumber,
      eventName: raw.eventName,
      keys: plainItem(Keys),
      newImage: NewImage && plainItem(NewImage),
      oldImage: OldImage && plainItem(OldImage),
      raw,
    };
    if (schema === undefined || record.newImage === undefined) return record;
    return validated(schema, record.newImage, 'item').then((newImage) => ({ ...record, newImage }));
  },
};

/** The sources, by the name that the option gives them. */
export const SOURCES: {
  readonly sqs: Source<RawSqsRecord>;
  readonly kinesis: Source<RawKinesisRecord>;
  readonly dynamodb: Source<RawDynamoDbRecord>;
} = { sqs, kinesis, dynamodb };

/** A record whose body a schema makes, before anybody sees it. */
async function checked<R extends { readonly text: string }>(schema: StandardSchema<unknown, unknown>, rest: R) {
  return { ...rest, body: await validated(schema, parseBody(rest.text), 'body') };
}

/** JSON that is parsed once, when it is read for the first time. */
function lazily(text: string): () => unknown {
  let value: unknown;
  let parsed = false;
  return () => {
    if (!parsed) value = parseBody(text);
    parsed = true;
    return value;
  };
}
