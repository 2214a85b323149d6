import { isAwsError } from '../awsError.ts';
import type { ServiceEnvironment } from '../service.ts';
import { Batch, type Held } from './batch.ts';
import type { Capacity } from './capacity.ts';
import { Causes } from './causes.ts';
import type { BatchConsumer, BatchResult } from './consumer.ts';
import { MessageFilter } from './messageFilter.ts';
import { recordOf, type SqsRecord } from './record.ts';
import { Scaling } from './scaling.ts';
import type { QueueSource } from './source.ts';
import { MOST_AT_ONCE, SourceQueue } from './sourceQueue.ts';

/** Receives of one wake-up: others have their turn before the next. */
const RECEIVES_AT_ONCE = 20;
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 60_000;
/** When to look again whether a consumer that is not there has come. */
const ABSENT_MS = 60_000;

export interface PollerOptions {
  readonly environment: ServiceEnvironment;
  /** Shared by all pollers of a service. */
  readonly capacity: Capacity;
}

/**
 * Brings the messages of one queue to one consumer. It receives when the queue signals, when a window ends and when a batch has ended;
 * what it holds in between is in flight in SQS, so that nothing is lost with it.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export class Poller {
  readonly #options: PollerOptions;
  #queue: SourceQueue;
  #source: QueueSource;
  #consumer: BatchConsumer;
  #filter: MessageFilter;
  readonly #scaling: Scaling;
  /** Undefined while it is disabled. */
  #listening: Disposable | undefined;
  /** Gathers messages over a window. */
  #open: Batch | undefined;
  /** Complete, and waiting for room. */
  readonly #ready: Batch[] = [];
  #running = 0;
  #isReceiving = false;
  #isAskedAgain = false;
  #isShutDown = false;
  readonly #causes = new Causes();
  /** Of the latest signal. */
  #cause = 0;

  constructor(source: QueueSource, consumer: BatchConsumer, options: PollerOptions) {
    this.#source = source;
    this.#consumer = consumer;
    this.#options = options;
    this.#queue = new SourceQueue(options.environment, source);
    this.#filter = new MessageFilter(source.filters);
    this.#scaling = new Scaling(source.maximumConcurrency);
    // What it holds is of another run.
    options.environment.scheduler.onComeBack(() => {
      this.#ready.length = 0;
      this.#open = undefined;
      this.#cause = 0;
      this.#isReceiving = false;
      this.#isAskedAgain = false;
    });
    this.apply(source, consumer);
  }

  /** Goes on as the source says now. Batches that run count on. */
  apply(source: QueueSource, consumer: BatchConsumer): void {
    this.stop();
    this.#source = source;
    this.#consumer = consumer;
    this.#queue = new SourceQueue(this.#options.environment, source);
    this.#filter = new MessageFilter(source.filters);
    this.#scaling.most = source.maximumConcurrency;
    if (!source.enabled) return;
    this.#listening = this.#options.environment.signals.on(source.queueArn, (cause) => {
      this.#cause = cause;
      this.look();
    });
    // There may be messages, and SQS may not have started yet.
    this.look();
  }

  /** Ends it: batches that run are finished, what nobody has begun to work on goes back to the queue. */
  stop(): void {
    this.#unlisten();
    const unused = [...this.#ready, ...(this.#open === undefined ? [] : [this.#open])];
    this.#ready.length = 0;
    this.#open = undefined;
    for (const batch of unused) void this.#queue.giveBack(batch.messages, batch.cause);
  }

  /** The cloud ends: what it holds is received again after the next start, when its time in flight is over. */
  shutDown(): void {
    this.#isShutDown = true;
    this.#unlisten();
  }

  #unlisten(): void {
    this.#listening?.[Symbol.dispose]();
    this.#listening = undefined;
  }

  get #isStopped(): boolean {
    return this.#listening === undefined;
  }

  /** Looks for messages in an item of its own. @param at - ms since 1970 */
  look(at: number = this.#now, kind: 'progress' | 'repeat' = 'progress'): void {
    this.#wake('poll', at, `messages of ${this.#source.queueArn} for ${this.#source.name}`, kind, () => {
      void this.#work();
    });
  }

  get #now(): number {
    return this.#options.environment.scheduler.now;
  }

  #wake(what: string, at: number, label: string, kind: 'progress' | 'decay' | 'repeat', run: () => void): void {
    const { scheduler } = this.#options.environment;
    scheduler.wake(
      `${this.#source.arn}#${what}`,
      at,
      label,
      this.#cause,
      () => {
        if (!this.#isStopped) run();
      },
      kind,
    );
  }

  /** Never rejects. */
  async #work(): Promise<void> {
    if (this.#isReceiving) {
      this.#isAskedAgain = true;
      return;
    }
    this.#startReady();
    if (!this.#consumer.isThere()) {
      this.look(this.#now + ABSENT_MS, 'repeat');
      return;
    }
    this.#isReceiving = true;
    try {
      await this.#receiveAll();
    } catch (error) {
      // A queue that is gone signals when there is one again.
      if (!this.#isStopped && !isQueueGone(error)) this.look(this.#now + FIRST_BACKOFF_MS);
    } finally {
      this.#isReceiving = false;
    }
    if (!this.#isAskedAgain || this.#isStopped) return;
    this.#isAskedAgain = false;
    this.look();
  }

  async #receiveAll(): Promise<void> {
    for (let receives = 0; receives < RECEIVES_AT_ONCE; receives++) {
      const wanted = this.#wanted();
      if (wanted === 0) {
        this.#growLater();
        return;
      }
      const cause = this.#cause;
      const isAny = await this.#receive(wanted, cause);
      if (this.#isStopped) return;
      if (!isAny) {
        if (this.#running === 0) this.#scaling.reset();
        return;
      }
    }
    this.look();
  }

  /** How many messages there is room for. */
  #wanted(): number {
    if (this.#ready.length > 0) return 0;
    const { batchSize } = this.#source;
    if (this.#open !== undefined) return Math.min(MOST_AT_ONCE, batchSize - this.#open.size);
    const hasRoom = this.#running < this.#scaling.limit && this.#options.capacity.has(this);
    return hasRoom ? Math.min(MOST_AT_ONCE, batchSize) : 0;
  }

  /** @returns whether there were any */
  async #receive(most: number, cause: number): Promise<boolean> {
    const messages = await this.#queue.receive(most, cause);
    const records = messages.map((message) => recordOf(message, this.#source));
    if (records.length === 0) return false;
    if (this.#isStopped) {
      await this.#queue.giveBack(records.map(heldOf), cause);
      return true;
    }
    const dropped: Held[] = [];
    for (const record of records) {
      const itsCause = this.#causes.of(record.messageId, cause);
      if (this.#filter.matches(record)) this.#gather(record, itsCause);
      else dropped.push(heldOf(record));
    }
    if (this.#source.windowSeconds === 0) this.#close();
    else if (this.#open !== undefined) this.#closeLater(this.#open);
    this.#startReady();
    await this.#delete(dropped, cause);
    return true;
  }

  #gather(record: SqsRecord, cause: number): void {
    this.#open ??= new Batch(this.#now, cause);
    if (!this.#open.add(record)) {
      this.#close();
      this.#open = new Batch(this.#now, cause);
      this.#open.add(record);
    }
    if (this.#open.size >= this.#source.batchSize) this.#close();
  }

  #close(): void {
    if (this.#open !== undefined) this.#ready.push(this.#open);
    this.#open = undefined;
  }

  /** At the end of its window. */
  #closeLater({ since }: Batch): void {
    const due = since + this.#source.windowSeconds * 1000;
    this.#wake('window', due, `a batch of ${this.#source.queueArn} for ${this.#source.name}`, 'progress', () => {
      const open = this.#open;
      if (open === undefined) return;
      if (open.since + this.#source.windowSeconds * 1000 > this.#now) {
        // Another than the one that this was for, which was full before its time.
        this.#closeLater(open);
        return;
      }
      this.#close();
      this.#startReady();
      this.look();
    });
  }

  /** More batches run at once the longer there are messages for them. */
  #growLater(): void {
    const due = this.#scaling.nextStep(this.#now);
    if (due === undefined || this.#ready.length > 0) return;
    this.#wake('scaling', due, `pollers of ${this.#source.queueArn}`, 'decay', () => {
      if (this.#running < this.#scaling.limit) return;
      this.#scaling.grow();
      this.look();
    });
  }

  #startReady(): void {
    while (this.#running < this.#scaling.limit) {
      const batch = this.#ready[0];
      if (batch === undefined || !this.#options.capacity.has(this)) return;
      this.#ready.shift();
      if (!this.#start(batch)) return;
    }
  }

  /** @returns whether it was started or given up, and there may be room for another */
  #start(batch: Batch): boolean {
    const running = this.#consumer.start(batch);
    if (running === 'throttled') void this.#backOff(batch);
    if (typeof running === 'string') return running === 'refused';
    const { capacity } = this.#options;
    this.#running++;
    capacity.enter();
    void running
      .then((result) => this.#ended(batch, result))
      .finally(() => {
        this.#running--;
        capacity.leave();
        if (!this.#isStopped) this.look();
      });
    return true;
  }

  /**
   * It found no concurrency: it is tried again, later each time, until its messages become visible by themselves. Meanwhile nothing is
   * received, so that no other message is counted as received in vain.
   */
  async #backOff(batch: Batch): Promise<void> {
    const due = this.#now + Math.min(FIRST_BACKOFF_MS * 2 ** batch.throttles++, MAX_BACKOFF_MS);
    this.#scaling.shrink(this.#running);
    this.#ready.unshift(batch);
    const visible = batch.since + (await this.#queue.visibilityMs(batch.cause));
    if (this.#isStopped) return;
    const place = this.#ready.indexOf(batch);
    // By then others may have its messages.
    if (due >= visible && place >= 0) this.#ready.splice(place, 1);
    this.look(due);
  }

  async #delete(messages: readonly Held[], cause: number): Promise<void> {
    for (const { id } of messages) this.#causes.forget(id);
    await this.#queue.delete(messages, cause);
  }

  /** Never rejects. */
  async #ended({ messages }: Batch, { failed, cause }: BatchResult): Promise<void> {
    if (this.#isShutDown || failed === 'all') return;
    await this.#delete(
      messages.filter(({ id }) => !failed.has(id)),
      cause,
    );
  }
}

const heldOf = ({
  messageId,
  receiptHandle,
}: {
  readonly messageId: string;
  readonly receiptHandle: string;
}): Held => ({
  id: messageId,
  receiptHandle,
});

const isQueueGone = (error: unknown): boolean => isAwsError(error) && error.name === 'QueueDoesNotExist';
