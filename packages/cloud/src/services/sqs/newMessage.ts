import type { SendMessageBatchRequestEntry, SendMessageCommandInput } from '@aws-sdk/client-sqs';
import type { Principal } from '../../kernel/credentials.ts';
import { invalidMessageContents, invalidParameter, invalidValue, missingParameter } from './errors.ts';
import type { NewMessage } from './mailbox.ts';
import { md5, md5OfAttributes, readAttributes } from './messageAttributes.ts';
import type { Queue } from './queue.ts';
import { systemText } from './systemData.ts';

const { hash } = process.getBuiltinModule('node:crypto');

const MOST_DELAY_SECONDS = 900;
const ID = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
const SUSPICIOUS = /[^\t\n\r -\ud7ff\ue000-\ufffd]/;
const FORBIDDEN = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

/** What a call or an entry of a batch says of a message. */
export type MessageInput = Omit<SendMessageCommandInput, 'QueueUrl'> | SendMessageBatchRequestEntry;

/** A message that was read, and what is answered of it. */
export interface ReadMessage {
  readonly message: NewMessage;
  readonly attributesMd5: string | undefined;
  readonly bytes: number;
}

/**
 * Reads a message that is to be sent.
 *
 * @throws MissingParameter, InvalidParameterValue, InvalidMessageContents
 */
export function readMessage(queue: Queue, input: MessageInput, sender: string, mid: string): ReadMessage {
  const { MessageBody: body } = input;
  if (body === undefined || body === '') throw missingParameter('MessageBody');
  checkBody(body);
  const attributes = readAttributes(input.MessageAttributes);
  const bytes = Buffer.byteLength(body) + (attributes?.bytes ?? 0);
  const attributesMd5 = attributes === undefined ? undefined : md5OfAttributes(attributes.stored);
  const group = groupOf(queue, input);
  const deduplication = deduplicationOf(queue, input, body);
  const traceHeader = traceHeaderOf(input);
  const isPlain =
    attributesMd5 === undefined && group === undefined && traceHeader === undefined && deduplication === undefined;
  const system = isPlain
    ? null
    : systemText({
        ...(attributesMd5 === undefined ? {} : { attributesMd5 }),
        ...(group === undefined ? {} : { groupId: group }),
        ...(deduplication === undefined ? {} : { deduplicationId: deduplication }),
        ...(traceHeader === undefined ? {} : { traceHeader }),
      });
  const message: NewMessage = {
    mid,
    md5: md5(body),
    body,
    attributes: attributes === undefined ? null : JSON.stringify(attributes.stored),
    system,
    sender,
    delay: delayOf(queue, input),
    group,
    deduplication,
  };
  return { message, attributesMd5, bytes };
}

function checkBody(body: string): void {
  if (!SUSPICIOUS.test(body)) return;
  const found = FORBIDDEN.exec(body);
  if (found !== null) throw invalidMessageContents(found[0].codePointAt(0) ?? 0);
}

/** The error of a message that is too large, in the words of a call or of an entry of a batch. */
export const tooLarge = (limit: number, isEntry: boolean): Error =>
  invalidParameter(
    `One or more parameters ${isEntry ? 'cannot be validated' : 'are invalid'}. Reason: Message must be shorter than ${limit} bytes.`,
  );

function delayOf(queue: Queue, { DelaySeconds }: MessageInput): number {
  if (DelaySeconds === undefined) return queue.delay;
  if (!Number.isInteger(DelaySeconds) || DelaySeconds < 0 || DelaySeconds > MOST_DELAY_SECONDS) {
    throw invalidValue(DelaySeconds, 'DelaySeconds', `DelaySeconds must be >= 0 and <= ${MOST_DELAY_SECONDS}.`);
  }
  if (!queue.isFifo) return DelaySeconds * 1000;
  if (DelaySeconds === 0) return queue.delay;
  throw invalidValue(
    DelaySeconds,
    'DelaySeconds',
    'The request include parameter that is not valid for this queue type.',
  );
}

function groupOf(queue: Queue, { MessageGroupId }: MessageInput): string | undefined {
  if (MessageGroupId === undefined) {
    if (queue.isFifo) throw missingParameter('MessageGroupId');
    return undefined;
  }
  return checkId('MessageGroupId', MessageGroupId);
}

function deduplicationOf(queue: Queue, { MessageDeduplicationId }: MessageInput, body: string): string | undefined {
  if (MessageDeduplicationId !== undefined) {
    checkId('MessageDeduplicationId', MessageDeduplicationId);
    if (queue.isFifo) return MessageDeduplicationId;
    throw invalidValue(
      MessageDeduplicationId,
      'MessageDeduplicationId',
      'The request include parameter that is not valid for this queue type.',
    );
  }
  if (!queue.isFifo) return undefined;
  if (queue.hasContentDeduplication) return hash('sha256', body, 'hex');
  throw missingDeduplication();
}

export const missingDeduplication = (): Error =>
  invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );

function checkId(parameter: string, id: string): string {
  if (ID.test(id)) return id;
  throw invalidValue(
    id,
    parameter,
    `${parameter} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

function traceHeaderOf({ MessageSystemAttributes }: MessageInput): string | undefined {
  if (MessageSystemAttributes === undefined) return undefined;
  let header: string | undefined;
  for (const [name, attribute] of Object.entries(MessageSystemAttributes)) {
    if (name !== 'AWSTraceHeader') {
      throw invalidParameter(`Message system attribute name '${name}' is invalid.`);
    }
    const { StringValue, DataType } = attribute;
    if (DataType !== 'String' || StringValue === undefined || StringValue === '') {
      throw invalidParameter(`Message system attribute '${name}' must contain a non-empty value of type 'String'.`);
    }
    header = StringValue;
  }
  return header;
}

/** What a message says of who sent it: the id of a user or of a role's session, or an account. */
export function senderOf(principal: Principal): string {
  if (principal.kind === 'user' || principal.kind === 'role') return principal.id;
  return principal.kind === 'service' ? principal.arn : principal.account;
}

/** The number of a FIFO queue's message: rises with each. */
export const sequenceNumber = (id: number): string => `188${String(id).padStart(17, '0')}`;
