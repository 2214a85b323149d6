import type {
  BatchEvent,
  LambdaContext,
  RawDynamoDbRecord,
  RawKinesisRecord,
  RawSqsRecord,
} from '../../src/batch/index.ts';

/** Plenty of time. */
export const context: LambdaContext = { getRemainingTimeInMillis: () => 60_000 };

/** A message of the queue `orders`, or with a group of `orders.fifo`. */
export const message = (messageId: string, body: unknown = { n: messageId }, group?: string): RawSqsRecord => ({
  messageId,
  receiptHandle: `handle-of-${messageId}`,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  attributes: { ApproximateReceiveCount: '2', ...(group === undefined ? {} : { MessageGroupId: group }) },
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:orders${group === undefined ? '' : '.fifo'}`,
});

/** A record of the stream `clicks`. */
export const click = (sequenceNumber: string, data: unknown = { n: sequenceNumber }): RawKinesisRecord => ({
  eventSource: 'aws:kinesis',
  eventSourceARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
  eventID: `shardId-000000000000:${sequenceNumber}`,
  kinesis: {
    data: Buffer.from(typeof data === 'string' ? data : JSON.stringify(data)).toString('base64'),
    partitionKey: 'page',
    sequenceNumber,
    approximateArrivalTimestamp: 1_700_000_000,
  },
});

/** A change of the table `orders`. */
export const change = (
  SequenceNumber: string,
  rest: Partial<RawDynamoDbRecord['dynamodb']> = {},
): RawDynamoDbRecord => ({
  eventSource: 'aws:dynamodb',
  eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000',
  eventID: SequenceNumber,
  eventName: rest.NewImage === undefined ? 'REMOVE' : rest.OldImage === undefined ? 'INSERT' : 'MODIFY',
  dynamodb: { Keys: { id: { S: '7' } }, SequenceNumber, ...rest },
});

export const eventOf = (...Records: object[]): BatchEvent => ({ Records });
