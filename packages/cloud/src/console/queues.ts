import { arn, parseArn, type Scope } from '../kernel/names.ts';
import type { StandingMessage } from '../kernel/views.ts';
import type { QueueContent, QueuedMessage } from './api.ts';
import type { ConsoleSource } from './source.ts';

/** What lies in a queue. @param queue - its name, URL or ARN @throws SQS's QueueDoesNotExist */
export async function queueContentOf(
  { views, settings }: ConsoleSource,
  queue: string,
  limit: number,
): Promise<QueueContent> {
  const place = placeOf(queue, settings);
  const { account, name } = place;
  const url = `${settings.endpoint}/${account}/${name}`;
  const messages = (await views('sqs')).messages(place, limit);
  return { name, arn: arn('sqs', place, name), url, messages: messages.map(messageOf) };
}

function placeOf(queue: string, { account, region }: ConsoleSource['settings']): Scope & { readonly name: string } {
  const given = parseArn(queue);
  if (given !== undefined) return { account: given.account, region: given.region, name: given.resource };
  const [, owner, name] = /\/(\d{12})\/([^/]+)$/.exec(queue) ?? [];
  return owner === undefined || name === undefined
    ? { account, region, name: queue }
    : { account: owner, region, name };
}

const messageOf = ({
  MessageId,
  Body,
  Attributes,
  MessageAttributes,
  visibleAt,
  state,
}: StandingMessage): QueuedMessage => ({
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
