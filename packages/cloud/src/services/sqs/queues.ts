import type { Metrics } from '../../kernel/metrics.ts';
import type { Scope } from '../../kernel/names.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import { Counts } from './counts.ts';
import type { DeduplicationStore } from './deduplicationStore.ts';
import { queueDoesNotExist } from './errors.ts';
import type { MessageStore } from './messageStore.ts';
import { BUCKET_SIZE, Queue, type QueueDefinition } from './queue.ts';
import { NAMESPACE } from './queueMetrics.ts';
import type { QueueRow, QueueStore } from './queueStore.ts';
import { parseQueueUrl } from './queueUrl.ts';

const MOST_URLS = 10_000;
const IDS_AT_ONCE = 1000;

/** The queues of all accounts and regions. */
export class Queues {
  readonly #queues: QueueStore;
  readonly #messages: MessageStore;
  readonly #deduplication: DeduplicationStore;
  readonly #scheduler: Scheduler;
  readonly #metrics: Metrics;
  readonly #open = new Map<string, Queue>();
  readonly #byUrl = new Map<string, Queue>();

  constructor(
    queues: QueueStore,
    messages: MessageStore,
    deduplication: DeduplicationStore,
    { scheduler, metrics }: Pick<ServiceEnvironment, 'scheduler' | 'metrics'>,
  ) {
    this.#queues = queues;
    this.#messages = messages;
    this.#deduplication = deduplication;
    this.#scheduler = scheduler;
    this.#metrics = metrics;
    scheduler.onComeBack(() => {
      for (const queue of this.#open.values()) this.#comeBack(queue);
    });
  }

  /** The queue of a URL. @throws QueueDoesNotExist, InvalidAddress, MissingParameter */
  get(url: string | undefined, { region }: Pick<Scope, 'region'>): Queue {
    const known = this.known(url, { region });
    if (known !== undefined) return known;
    const parsed = parseQueueUrl(url, region);
    const queue = this.find(parsed, parsed.name);
    if (queue === undefined) throw queueDoesNotExist();
    if (this.#byUrl.size >= MOST_URLS) this.#byUrl.clear();
    if (url !== undefined) this.#byUrl.set(url, queue);
    return queue;
  }

  /** The queue of a URL that was asked for before. */
  known(url: string | undefined, { region }: Pick<Scope, 'region'>): Queue | undefined {
    const queue = url === undefined ? undefined : this.#byUrl.get(url);
    return queue?.scope.region === region ? queue : undefined;
  }

  find(scope: Scope, name: string): Queue | undefined {
    const open = this.#open.get(keyOf(scope, name));
    if (open !== undefined) return open;
    const row = this.#queues.find(scope, name);
    return row === undefined ? undefined : this.#load(row);
  }

  /** The queue of an ARN: its account, region and name say which. */
  findByArn({ account, region, resource }: Scope & { readonly resource: string }): Queue | undefined {
    return this.find({ account, region }, resource);
  }

  all(): Queue[] {
    return this.#queues.all().map((row) => this.#open.get(keyOf(row.scope, row.name)) ?? this.#load(row));
  }

  /** The queues whose messages go to this one when they have been received too often. */
  sourcesOf({ arn, scope }: Queue): Queue[] {
    return this.all().filter(
      (queue) =>
        queue.redrive?.deadLetterTargetArn === arn &&
        queue.scope.account === scope.account &&
        queue.scope.region === scope.region,
    );
  }

  create(scope: Scope, name: string, definition: QueueDefinition): Queue {
    const row = { scope, name, number: this.#queues.newNumber(), bucket: this.#queues.newBucket(), definition };
    this.#queues.insert(row);
    this.#queues.forgetDeleted(scope, name);
    return this.#load(row);
  }

  define(queue: Queue, definition: QueueDefinition): void {
    this.#queues.define(queue.scope, queue.name, definition);
    queue.define(definition);
  }

  delete(queue: Queue): void {
    this.#queues.delete(queue.scope, queue.name);
    this.#queues.keepDeleted(queue.scope, queue.name, this.#scheduler.now);
    this.#queues.discard(queue.bucket);
    this.#deduplication.forgetQueue(queue.number);
    this.#close(queue);
  }

  /** Gives a queue a new bucket: what it had is gone at once, and removed little by little. */
  purge(queue: Queue): void {
    this.#queues.discard(queue.bucket);
    const bucket = this.#queues.newBucket();
    this.#queues.setBucket(queue.scope, queue.name, bucket);
    this.#enter(queue, bucket);
    this.#watch(queue, new Counts(0, 0, 0, this.#scheduler.now));
    this.define(queue, { ...queue.definition, purged: this.#scheduler.now });
  }

  /** The id of a new message. */
  newId(queue: Queue): number {
    const id = queue.nextId++;
    if (id >= queue.reservedId) {
      queue.reservedId = id + IDS_AT_ONCE;
      this.#queues.reserve(queue.bucket, queue.reservedId);
    }
    return id;
  }

  /** Brings the counts of a queue up to date. */
  count(queue: Queue): Counts {
    queue.counts.settle(this.#scheduler.now, (from, to) => this.#messages.passed(queue, from, to));
    return queue.counts;
  }

  /** Forgets what is kept of a queue beside its rows, after something went wrong halfway. */
  forget(queue: Queue): void {
    this.#open.delete(keyOf(queue.scope, queue.name));
    this.#byUrl.clear();
  }

  /** When the oldest message of a queue was sent. */
  oldest(queue: Queue): number | undefined {
    return queue.counts.total === 0 ? undefined : this.#messages.oldest(queue.bucket);
  }

  /** The rows are those of an earlier time: what is kept beside them follows. */
  #comeBack(queue: Queue): void {
    const row = this.#queues.find(queue.scope, queue.name);
    if (row === undefined || row.number !== queue.number) {
      this.#close(queue);
      return;
    }
    queue.define(row.definition);
    const { isFifo, scope, name } = queue;
    const now = this.#scheduler.now;
    const [inFlight, delayed] = this.#messages.passed({ bucket: row.bucket, isFifo }, now, Number.MAX_SAFE_INTEGER);
    this.#watch(queue, new Counts(this.#messages.total(row.bucket), inFlight, delayed, now));
    this.#enter(queue, row.bucket);
    this.#open.set(keyOf(scope, name), queue);
  }

  #close(queue: Queue): void {
    queue.isDeleted = true;
    this.forget(queue);
  }

  #load({ scope, name, number, bucket, definition }: QueueRow): Queue {
    const now = this.#scheduler.now;
    const isFifo = definition.attributes['FifoQueue'] === 'true';
    const [inFlight, delayed] = this.#messages.passed({ bucket, isFifo }, now, Number.MAX_SAFE_INTEGER);
    const counts = new Counts(this.#messages.total(bucket), inFlight, delayed, now);
    const meter = this.#metrics.meter(scope, NAMESPACE, { QueueName: name });
    const queue = new Queue(scope, name, number, definition, counts, meter);
    this.#watch(queue, counts);
    this.#enter(queue, bucket);
    this.#open.set(keyOf(scope, name), queue);
    return queue;
  }

  #watch(queue: Queue, counts: Counts): void {
    const { scope, name } = queue;
    counts.changed = () => {
      if (this.#metrics.isWatched) this.#metrics.changed(scope, NAMESPACE, { QueueName: name });
    };
    queue.counts = counts;
    counts.changed();
  }

  #enter(queue: Queue, bucket: number): void {
    queue.bucket = bucket;
    const last = this.#messages.lastId(bucket) ?? bucket * BUCKET_SIZE;
    queue.nextId = Math.max(this.#queues.reservedOf(bucket), last + 1);
    queue.reservedId = queue.nextId;
  }
}

const keyOf = ({ account, region }: Scope, name: string): string => `${account}/${region}/${name}`;
