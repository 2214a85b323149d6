import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { Aws, ServiceEnvironment } from '../../kernel/service.ts';
import type { LogLine, LogSink, RunnableFunction } from './environments/contract.ts';

/** Lines of one stream that have not been sent yet. */
interface Batch {
  readonly target: RunnableFunction;
  readonly stream: string;
  readonly events: InputLogEvent[];
  /** Whether it holds more than the line that says that an invocation begins. */
  isReady: boolean;
}

const MAX_EVENTS = 10_000;
/** `START`, as text and as JSON. */
const STARTS = /^START RequestId: |"type":"platform\.start"/;
/** Streams and groups that are remembered to be there. */
const MAX_MADE = 10_000;
const MAX_BYTES = 1_048_576;
/** CloudWatch Logs counts so much for each event beside its text. */
const EVENT_OVERHEAD = 26;

/**
 * Puts what functions write into CloudWatch Logs: what comes in one turn goes in one call, in order. Without a Logs service in this cloud the
 * lines are dropped.
 */
export class FunctionLogs implements LogSink {
  readonly #environment: ServiceEnvironment;
  readonly #batches = new Map<string, Batch>();
  /** Groups and streams that were made here, by the beginning of their key. */
  readonly #made = new Set<string>();
  /** Groups that others made: they are there when the cloud comes back too. */
  readonly #found = new Set<string>();
  #sending: Promise<void> = Promise.resolve();
  #isPosted = false;

  constructor(environment: ServiceEnvironment) {
    this.#environment = environment;
    environment.scheduler.onComeBack(() => this.#made.clear());
  }

  write(target: RunnableFunction, stream: string, lines: readonly LogLine[]): void {
    const key = `${target.account} ${target.region} ${target.logGroup} ${stream}`;
    let batch = this.#batches.get(key);
    if (batch === undefined) this.#batches.set(key, (batch = { target, stream, events: [], isReady: false }));
    for (const { at, message } of lines) batch.events.push({ timestamp: at, message });
    // The line that says that an invocation begins waits for the next one: so most invocations are one call.
    if (lines.length === 1 && STARTS.test(lines[0]?.message ?? '')) return;
    batch.isReady = true;
    this.#post();
  }

  /** Resolves when all that was written has been sent. */
  async flushed(): Promise<void> {
    for (const batch of this.#batches.values()) batch.isReady = true;
    this.#post();
    await Promise.resolve();
    await this.#sending;
  }

  #post(): void {
    if (this.#isPosted) return;
    this.#isPosted = true;
    const activity = this.#environment.scheduler.begin('delivery', 'log lines of functions', 0);
    queueMicrotask(() => {
      this.#isPosted = false;
      const batches = [...this.#batches].filter(([, { isReady }]) => isReady);
      for (const [key] of batches) this.#batches.delete(key);
      this.#sending = this.#sending.then(() => this.#sendAll(batches)).finally(() => activity[Symbol.dispose]());
    });
  }

  async #sendAll(batches: readonly (readonly [key: string, batch: Batch])[]): Promise<void> {
    for (const [key, batch] of batches) {
      try {
        await this.#send(key, batch);
      } catch {
        // Lines that cannot be kept must not fail an invocation.
      }
    }
  }

  async #send(key: string, { target, stream, events }: Batch): Promise<void> {
    const { account, region, logGroup: logGroupName } = target;
    const { logs } = this.#environment.aws({ account, region, cause: 0, traced: false });
    for (const logEvents of partsOf(events)) {
      if (!this.#made.has(key)) await this.#make(key, logs, logGroupName, stream);
      const input = { logGroupName, logStreamName: stream, logEvents };
      try {
        await logs.PutLogEvents(input);
      } catch (error) {
        if (!isNamed(error, 'ResourceNotFoundException')) throw error;
        // Somebody deleted the group: the next line makes it anew, as on AWS.
        await this.#make(key, logs, logGroupName, stream);
        await logs.PutLogEvents(input);
      }
    }
  }

  async #make(key: string, logs: Aws['logs'], logGroupName: string, logStreamName: string): Promise<void> {
    const group = key.slice(0, -logStreamName.length);
    // Neither is tried before it can be there: an error costs more than all the rest.
    if (!this.#made.has(group) && !this.#found.has(group)) await this.#makeGroup(group, logs, logGroupName);
    const makeStream = (): Promise<boolean> => isNew(logs.CreateLogStream({ logGroupName, logStreamName }));
    try {
      await makeStream();
    } catch (error) {
      if (!isNamed(error, 'ResourceNotFoundException')) throw error;
      await this.#makeGroup(group, logs, logGroupName);
      await makeStream();
    }
    if (this.#made.size >= MAX_MADE) this.#made.clear();
    this.#made.add(key);
  }

  async #makeGroup(key: string, logs: Aws['logs'], logGroupName: string): Promise<void> {
    const isMade = await isNew(logs.CreateLogGroup({ logGroupName }));
    (isMade ? this.#made : this.#found).add(key);
  }
}

const isNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;

/** Resolves to false when what should be made is there. */
async function isNew(making: Promise<unknown>): Promise<boolean> {
  try {
    await making;
    return true;
  } catch (error) {
    if (isNamed(error, 'ResourceAlreadyExistsException')) return false;
    throw error;
  }
}

/** Parts that one call takes. */
function partsOf(events: InputLogEvent[]): InputLogEvent[][] {
  const parts: InputLogEvent[][] = [];
  let part: InputLogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.message ?? '') + EVENT_OVERHEAD;
    if (part.length === MAX_EVENTS || (bytes + size > MAX_BYTES && part.length > 0)) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(event);
    bytes += size;
  }
  return part.length > 0 ? [...parts, part] : parts;
}
