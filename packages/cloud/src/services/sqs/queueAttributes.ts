import { invalidAttributeName, invalidAttributeValue, unknownAttribute } from './errors.ts';

/** The attributes of a queue that are its user's, as text, as they are asked for. */
export type QueueAttributes = Readonly<Record<string, string>>;

interface Kind {
  /** What a queue has that was not told. @default - nothing */
  readonly initial?: string;
  readonly min?: number;
  readonly max?: number;
  readonly values?: readonly string[];
  readonly fifoOnly?: true;
}

const BOOLEANS = ['true', 'false'];

/** All attributes that can be set. */
const KINDS: Readonly<Record<string, Kind>> = {
  DelaySeconds: { initial: '0', min: 0, max: 900 },
  MaximumMessageSize: { initial: '1048576', min: 1024, max: 1_048_576 },
  MessageRetentionPeriod: { initial: '345600', min: 60, max: 1_209_600 },
  Policy: {},
  ReceiveMessageWaitTimeSeconds: { initial: '0', min: 0, max: 20 },
  VisibilityTimeout: { initial: '30', min: 0, max: 43_200 },
  RedrivePolicy: {},
  RedriveAllowPolicy: {},
  KmsMasterKeyId: {},
  KmsDataKeyReusePeriodSeconds: { min: 60, max: 86_400 },
  SqsManagedSseEnabled: { initial: 'true', values: BOOLEANS },
  FifoQueue: { values: BOOLEANS, fifoOnly: true },
  ContentBasedDeduplication: { initial: 'false', values: BOOLEANS, fifoOnly: true },
  DeduplicationScope: { initial: 'queue', values: ['queue', 'messageGroup'], fifoOnly: true },
  FifoThroughputLimit: { initial: 'perQueue', values: ['perQueue', 'perMessageGroupId'], fifoOnly: true },
};

/** Attributes that only a queue itself knows. */
export const COMPUTED: readonly string[] = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
];

/** Whether there is such an attribute. */
export const isAttribute = (name: string): boolean => Object.hasOwn(KINDS, name) || COMPUTED.includes(name);

/** What a new queue has of attributes that nobody set. */
export function initialAttributes(isFifo: boolean): Record<string, string> {
  const initial: Record<string, string> = isFifo ? { FifoQueue: 'true' } : {};
  for (const [name, { initial: value, fifoOnly }] of Object.entries(KINDS)) {
    if (value !== undefined && (isFifo || fifoOnly === undefined)) initial[name] = value;
  }
  return initial;
}

/**
 * Checks attributes that a caller gives.
 *
 * @returns those that are left to set, each in its usual form
 * @throws InvalidAttributeName, InvalidAttributeValue
 */
export function checkAttributes(given: QueueAttributes, isFifo: boolean): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
    if (kind === undefined) throw unknownAttribute(name);
    if (kind.fifoOnly === true && !isFifo) throw notFifo(name);
    checked[name] = checkValue(name, value, kind);
  }
  checkThroughput(checked);
  return checked;
}

/** What AWS says of an attribute of FIFO queues on another. */
const notFifo = (name: string): Error =>
  name === 'DeduplicationScope' || name === 'FifoThroughputLimit'
    ? invalidAttributeName(`You can specify the ${name} only when FifoQueue is set to true.`)
    : unknownAttribute(name);

function checkValue(name: string, value: string, { min, max, values, initial }: Kind): string {
  if (value === '') {
    if (values !== undefined) throw invalidAttributeValue(name);
    return initial ?? '';
  }
  if (values !== undefined) {
    const wanted = values === BOOLEANS ? value.toLowerCase() : value;
    if (!values.includes(wanted)) throw invalidAttributeValue(name);
    return wanted;
  }
  if (min === undefined || max === undefined) return value;
  const number = Number(value);
  if (!/^-?\d+$/.test(value) || number < min || number > max) throw invalidAttributeValue(name);
  return String(number);
}

function checkThroughput({ DeduplicationScope, FifoThroughputLimit }: QueueAttributes): void {
  if (FifoThroughputLimit === 'perMessageGroupId' && DeduplicationScope === 'queue') {
    throw invalidAttributeValue(
      'FifoThroughputLimit',
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    );
  }
}

/** Attributes after a change: an empty one is gone, and of the two kinds of encryption only one counts. */
export function withChanges(current: QueueAttributes, changes: QueueAttributes): Record<string, string> {
  const changed: Record<string, string> = { ...current, ...changes };
  const { KmsMasterKeyId = '' } = changes;
  if (changes['SqsManagedSseEnabled'] === 'true' && (changed['KmsMasterKeyId'] ?? '') !== '') {
    throw invalidAttributeName(
      'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.',
    );
  }
  if (KmsMasterKeyId !== '') changed['SqsManagedSseEnabled'] = 'false';
  for (const [name, value] of Object.entries(changed)) if (value === '') delete changed[name];
  if (changes['KmsMasterKeyId'] === '') delete changed['KmsDataKeyReusePeriodSeconds'];
  else if (changed['KmsMasterKeyId'] !== undefined) changed['KmsDataKeyReusePeriodSeconds'] ??= '300';
  return changed;
}
