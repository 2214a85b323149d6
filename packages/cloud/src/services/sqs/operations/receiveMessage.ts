import type { Message, ReceiveMessageCommandInput } from '@aws-sdk/client-sqs';
import type { Context } from '../../../kernel/service.ts';
import { invalidParameter, invalidValue } from '../errors.ts';
import { attributesOf, md5OfAttributes, type StoredAttributes, selectAttributes } from '../messageAttributes.ts';
import { sequenceNumber } from '../newMessage.ts';
import type { SqsDependencies, SqsOperations } from '../operation.ts';
import type { Queue } from '../queue.ts';
import { receiptHandle } from '../receiptHandle.ts';
import type { Received, ReceiveOptions } from '../receiver.ts';
import { systemDataOf } from '../systemData.ts';

const MOST_MESSAGES = 10;
const MOST_WAIT_SECONDS = 20;
export const MOST_VISIBILITY_SECONDS = 43_200;

type SystemAttribute = keyof NonNullable<Message['Attributes']>;

export const receiveMessage =
  (dependencies: SqsDependencies): SqsOperations['ReceiveMessage'] =>
  (input, context) => {
    const { queues, receiver } = dependencies;
    const queue = queues.get(input.QueueUrl, context);
    const options = optionsOf(queue, input);
    const wait = waitOf(queue, input);
    const wanted = wantedOf(input);
    const received = receiver.receive(queue, options, context.cause);
    if (received.length > 0) return { Messages: received.map((each) => messageOf(queue, each, wanted)) };
    if (wait === 0) return {};
    return waitFor(dependencies, queue, options, wait, context).then((late) =>
      late.length === 0 ? {} : { Messages: late.map((each) => messageOf(queue, each, wanted)) },
    );
  };

/** Waits until there are messages, at the longest `wait` ms. */
function waitFor(
  { receiver, availability, scheduler, store }: SqsDependencies,
  queue: Queue,
  options: ReceiveOptions,
  wait: number,
  { activity, cause }: Context,
): Promise<Received[]> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      try {
        const received = queue.isDeleted ? [] : store.transaction(() => receiver.receive(queue, options, cause));
        if (received.length > 0) finish(received);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    const poll = availability.poll(queue, look);
    const waiting = activity.waitUntil(scheduler.now + wait, () => finish([]));
    const stop = (): void => {
      poll[Symbol.dispose]();
      waiting.cancel();
    };
    const finish = (received: Received[]): void => {
      stop();
      resolve(received);
    };
    // Whoever is gone must not take a message with them.
    activity.onEnd(() => finish([]));
  });
}

function optionsOf(queue: Queue, input: ReceiveMessageCommandInput): ReceiveOptions {
  const { MaxNumberOfMessages: most = 1, VisibilityTimeout, ReceiveRequestAttemptId } = input;
  if (!Number.isInteger(most) || most < 1 || most > MOST_MESSAGES) {
    throw invalidValue(most, 'MaxNumberOfMessages', `Must be between 1 and ${MOST_MESSAGES}, if provided.`);
  }
  if (VisibilityTimeout !== undefined) checkVisibility(VisibilityTimeout);
  if (ReceiveRequestAttemptId !== undefined && !queue.isFifo) {
    throw invalidValue(
      ReceiveRequestAttemptId,
      'ReceiveRequestAttemptId',
      'The request include parameter that is not valid for this queue type.',
    );
  }
  if (ReceiveRequestAttemptId !== undefined && !/^[!-~]{1,128}$/.test(ReceiveRequestAttemptId)) {
    throw invalidValue(
      ReceiveRequestAttemptId,
      'ReceiveRequestAttemptId',
      'ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    );
  }
  const visibility = VisibilityTimeout === undefined ? queue.visibility : VisibilityTimeout * 1000;
  return { most, visibility, attempt: ReceiveRequestAttemptId };
}

/** @throws InvalidParameterValue */
export function checkVisibility(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MOST_VISIBILITY_SECONDS) return;
  throw invalidValue(
    seconds,
    'VisibilityTimeout',
    `VisibilityTimeout must be an integer between 0 and ${MOST_VISIBILITY_SECONDS}.`,
  );
}

function waitOf(queue: Queue, { WaitTimeSeconds: seconds }: ReceiveMessageCommandInput): number {
  if (seconds === undefined) return queue.wait;
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= MOST_WAIT_SECONDS) return seconds * 1000;
  throw invalidValue(seconds, 'WaitTimeSeconds', `Must be >= 0 and <= ${MOST_WAIT_SECONDS}, if provided.`);
}

/** What is to be told of each message. */
interface Wanted {
  readonly attributes: readonly string[];
  readonly system: (name: SystemAttribute) => boolean;
  readonly anySystem: boolean;
}

const SYSTEM_ATTRIBUTES: readonly string[] = [
  'All',
  'ApproximateFirstReceiveTimestamp',
  'ApproximateReceiveCount',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
  'MessageDeduplicationId',
  'MessageGroupId',
  'SenderId',
  'SentTimestamp',
  'SequenceNumber',
];

function wantedOf({
  AttributeNames,
  MessageSystemAttributeNames,
  MessageAttributeNames,
}: ReceiveMessageCommandInput): Wanted {
  const attributes = MessageAttributeNames ?? [];
  if (AttributeNames === undefined && MessageSystemAttributeNames === undefined) {
    return { attributes, anySystem: false, system: () => false };
  }
  const names: readonly string[] = [...(MessageSystemAttributeNames ?? []), ...(AttributeNames ?? [])];
  for (const name of names) {
    // The older list has the names of queue attributes too: they say nothing of a message.
    if (!SYSTEM_ATTRIBUTES.includes(name) && MessageSystemAttributeNames?.some((other) => other === name) === true) {
      throw invalidParameter(`Unknown Attribute ${name}.`);
    }
  }
  const all = names.includes('All');
  return { attributes, anySystem: names.length > 0, system: (name) => all || names.includes(name) };
}

function messageOf(queue: Queue, received: Received, wanted: Wanted): Message {
  const { row, receives } = received;
  const [id, , , , , , mid, md5, body, attributes] = row;
  const message: Message = {
    MessageId: mid,
    ReceiptHandle: receiptHandle(queue.number, id, receives),
    MD5OfBody: md5,
    Body: body,
  };
  if (wanted.anySystem) {
    const system = systemAttributes(queue, received, wanted);
    if (Object.keys(system).length > 0) message.Attributes = system;
  }
  if (attributes !== null && wanted.attributes.length > 0) addAttributes(message, attributes, wanted.attributes);
  return message;
}

function addAttributes(message: Message, text: string, wanted: readonly string[]): void {
  const selected = selectAttributes(JSON.parse(text) as StoredAttributes, wanted); // as it was written
  if (selected === undefined) return;
  message.MD5OfMessageAttributes = md5OfAttributes(selected);
  message.MessageAttributes = attributesOf(selected);
}

function systemAttributes(
  queue: Queue,
  { row, receives, first }: Received,
  { system }: Wanted,
): Record<string, string> {
  const [id, , , sent, , , , , , , text, sender] = row;
  const data = systemDataOf(text);
  const all: [SystemAttribute, string | undefined][] = [
    ['SenderId', sender],
    ['SentTimestamp', String(sent)],
    ['ApproximateReceiveCount', String(receives)],
    ['ApproximateFirstReceiveTimestamp', String(first)],
    ['MessageGroupId', data.groupId],
    ['MessageDeduplicationId', data.deduplicationId],
    ['SequenceNumber', queue.isFifo ? sequenceNumber(id) : undefined],
    ['AWSTraceHeader', data.traceHeader],
    ['DeadLetterQueueSourceArn', data.sourceArn],
  ];
  const chosen: Record<string, string> = {};
  for (const [name, value] of all) if (value !== undefined && system(name)) chosen[name] = value;
  return chosen;
}
