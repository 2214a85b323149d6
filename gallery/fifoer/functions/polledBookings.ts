import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { batch, type LambdaContext, type RawSqsRecord } from '@skein/lambda/batch';
import { QUEUE_URL, variable } from '@skein/lambda/env';
import { MAX_RECEIVE_COUNT } from '../settings.ts';
import { type Booking, book } from './account.ts';

const QueueUrl = variable(QUEUE_URL);
const FunctionName = variable('AWS_LAMBDA_FUNCTION_NAME');
const sqs = new SQSClient({});
const lambda = new LambdaClient({});

const bookAll = batch<Booking>(({ body }) => book(body), {
  stopAfterFailure: 'group',
  maxReceiveCount: MAX_RECEIVE_COUNT,
});

/** Receives up to 10 bookings, books and deletes them, and calls itself, until there are none. What failed becomes visible again by itself. */
export const handler = async (_event: object, context: LambdaContext): Promise<void> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'MessageGroupId'],
    }),
  );
  if (Messages.length === 0) return;
  const { batchItemFailures } = await bookAll({ Records: Messages.map(recordOf) }, context);
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const Entries = Messages.flatMap(({ MessageId = '', ReceiptHandle }) =>
    failed.has(MessageId) ? [] : [{ Id: MessageId, ReceiptHandle }],
  );
  if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event' }));
};

/** A message as an event source would bring it. */
const recordOf = ({ MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} }: Message): RawSqsRecord => ({
  messageId: MessageId,
  receiptHandle: ReceiptHandle,
  body: Body,
  attributes: Attributes,
  messageAttributes: {},
  eventSource: 'aws:sqs',
  // All that is read of it is that the queue is FIFO.
  eventSourceARN: QueueUrl,
});
