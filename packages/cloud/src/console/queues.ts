import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { arn, parseArn } from '../kernel/names.ts';
import type { QueueContent, QueuedMessage } from './api.ts';
import type { ConsoleSource } from './source.ts';

/** A message as SQS shows it to the console. */
interface Peeked {
  readonly MessageId: string;
  readonly Body: string;
  readonly Attributes: Readonly<Record<string, string | undefined>>;
  readonly MessageAttributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly visibleAt: number;
  readonly state: QueuedMessage['state'];
}

type Peek = (input: { QueueUrl: string; MaxNumberOfMessages: number }) => Promise<{ Messages: readonly Peeked[] }>;

/** What lies in a queue. @param queue - its name, URL or ARN @throws SQS's QueueDoesNotExist */
export async function queueContentOf(
  { aws, settings }: ConsoleSource,
  queue: string,
  limit: number,
): Promise<QueueContent> {
  const { account, region, name } = placeOf(queue, settings);
  const url = `${settings.endpoint}/${account}/${name}`;
  // SQS offers it beside AWS's operations.
  const peek = Reflect.get(aws.sqs, 'PeekMessages') as Peek;
  const { Messages } = await peek({ QueueUrl: url, MaxNumberOfMessages: limit });
  return { name, arn: arn('sqs', { account, region }, name), url, messages: Messages.map(messageOf) };
}

function placeOf(
  queue: string,
  { account, region }: ConsoleSource['settings'],
): { readonly account: string; readonly region: string; readonly name: string } {
  const given = parseArn(queue);
  if (given !== undefined) return { account: given.account, region: given.region, name: given.resource };
  const [, owner, name] = /\/(\d{12})\/([^/]+)$/.exec(queue) ?? [];
  return owner === undefined || name === undefined
    ? { account, region, name: queue }
    : { account: owner, region, name };
}

const messageOf = ({ MessageId, Body, Attributes, MessageAttributes, visibleAt, state }: Peeked): QueuedMessage => ({
  id: MessageId,
  body: Body,
  state,
  visibleAt,
  sentAt: Number(Attributes['SentTimestamp']),
  receives: Number(Attributes['ApproximateReceiveCount']),
  group: Attributes['MessageGroupId'] ?? null,
  attributes: Object.entries(MessageAttributes).map(([name, { DataType = 'String', StringValue, BinaryValue }]) => ({
    name,
    type: DataType,
    value: StringValue ?? Buffer.from(BinaryValue ?? []).toString('base64'),
  })),
  source: Attributes['DeadLetterQueueSourceArn'] ?? null,
});
