import type { Meter } from '../../kernel/metrics.ts';
import { arn, type Scope } from '../../kernel/names.ts';
import type { Counts } from './counts.ts';
import type { QueueAttributes } from './queueAttributes.ts';
import { parseRedrivePolicy, type RedrivePolicy } from './redrive.ts';

/** What is kept of a queue beside its messages. */
export interface QueueDefinition {
  readonly attributes: QueueAttributes;
  readonly tags: Readonly<Record<string, string>>;
  /** ms since 1970. */
  readonly created: number;
  readonly modified: number;
  /** When it was last purged, ms since 1970. */
  readonly purged?: number;
}

/** Ids of messages: those of a bucket begin at its number times this. */
export const BUCKET_SIZE = 0x1_0000_0000;

export const queueArn = (scope: Scope, name: string): string => arn('sqs', scope, name);

/** A queue, and what of its state is cheaper to keep than to ask for: all of it can be made from the tables again. */
export class Queue {
  readonly scope: Scope;
  readonly name: string;
  readonly arn: string;
  readonly isFifo: boolean;
  /** For ever this queue's. */
  readonly number: number;
  /** Where its messages are: a purge gives it another. */
  bucket = 0;
  /** The id of the next message. */
  nextId = 0;
  /** Ids below this one are put down as taken. */
  reservedId = 0;
  /** When the next message becomes visible, as far as a wake-up was posted for it. */
  wakeAt: number = Number.POSITIVE_INFINITY;
  /** When the oldest message expires, as far as a wake-up was posted for it. */
  expireAt: number = Number.POSITIVE_INFINITY;
  isDeleted = false;

  /** Counts what is sent, received and deleted. */
  readonly meter: Meter;
  definition: QueueDefinition;
  counts: Counts;
  delay = 0;
  visibility = 0;
  wait = 0;
  maxSize = 0;
  retention = 0;
  redrive: RedrivePolicy | undefined;
  hasGroupScope = false;
  hasContentDeduplication = false;

  constructor(scope: Scope, name: string, number: number, definition: QueueDefinition, counts: Counts, meter: Meter) {
    this.scope = { account: scope.account, region: scope.region };
    this.name = name;
    this.arn = queueArn(scope, name);
    this.number = number;
    this.isFifo = definition.attributes['FifoQueue'] === 'true';
    this.counts = counts;
    this.meter = meter;
    this.definition = definition;
    this.define(definition);
  }

  /** Takes over a definition. Durations are in ms. */
  define(definition: QueueDefinition): void {
    this.definition = definition;
    const { attributes } = definition;
    const seconds = (attribute: string): number => Number(attributes[attribute] ?? 0) * 1000;
    this.delay = seconds('DelaySeconds');
    this.visibility = seconds('VisibilityTimeout');
    this.wait = seconds('ReceiveMessageWaitTimeSeconds');
    this.retention = seconds('MessageRetentionPeriod');
    this.maxSize = Number(attributes['MaximumMessageSize']);
    this.hasGroupScope = attributes['DeduplicationScope'] === 'messageGroup';
    this.hasContentDeduplication = attributes['ContentBasedDeduplication'] === 'true';
    const policy = attributes['RedrivePolicy'];
    this.redrive = policy === undefined ? undefined : parseRedrivePolicy(policy);
  }

  url(endpoint: string): string {
    return `${endpoint}/${this.scope.account}/${this.name}`;
  }
}
