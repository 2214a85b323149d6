import { BatchEventError } from './errors.ts';
import type { BatchEvent, BatchItemFailure, BatchResponse, LambdaContext } from './event.ts';
import { lanesOf, workOff } from './lanes.ts';
import type { BatchLogger, DynamoDbBatchOptions, KinesisBatchOptions, SqsBatchOptions } from './options.ts';
import type { DynamoDbRecord, KinesisRecord, SqsRecord } from './record.ts';
import { SOURCES, type Source } from './source.ts';

/** What handles one record. It throws, or its promise rejects, when the record is to come again. */
export type RecordHandler<Record> = (record: Record, context: LambdaContext) => unknown;

/** What Lambda calls. */
export type BatchHandler = (event: BatchEvent, context: LambdaContext) => Promise<BatchResponse>;

const DEFAULT_RESERVE_MILLISECONDS = 1000;

/** One object each: Lambda's JSON logs keep its fields. */
const consoleLogger: BatchLogger = {
  error: (message, detail) => console.error({ message, ...detail }),
  warn: (message, detail) => console.warn({ message, ...detail }),
};

/**
 * Makes the handler of a function that takes the records of a queue or a stream one by one. Records that fail, and those that for order's sake
 * or for want of time were not begun, are reported the way the source wants it; the others are done with. The function's event source mapping
 * needs `ReportBatchItemFailures`.
 *
 * @example
 * export const handler = batch<Order>(async ({ body, messageId }) => store.put(messageId, body));
 * @throws {TypeError | RangeError} when an option is none
 */
export function batch<Body = unknown>(
  recordHandler: RecordHandler<SqsRecord<Body>>,
  options?: SqsBatchOptions<Body>,
): BatchHandler;
export function batch<Body = unknown>(
  recordHandler: RecordHandler<KinesisRecord<Body>>,
  options: KinesisBatchOptions<Body>,
): BatchHandler;
export function batch<Item = Record<string, unknown>>(
  recordHandler: RecordHandler<DynamoDbRecord<Item>>,
  options: DynamoDbBatchOptions<Item>,
): BatchHandler;
export function batch(
  recordHandler: RecordHandler<never>,
  options: SqsBatchOptions | KinesisBatchOptions | DynamoDbBatchOptions = {},
): BatchHandler {
  const {
    source: name = 'sqs',
    schema,
    reserveMilliseconds = DEFAULT_RESERVE_MILLISECONDS,
    logger = consoleLogger,
  } = options;
  const {
    parallelism = 1,
    stopAfterFailure = 'batch',
    maxReceiveCount = Number.POSITIVE_INFINITY,
  } = options as SqsBatchOptions; // of the others they are undefined
  if (!Object.hasOwn(SOURCES, name)) {
    throw new TypeError(`source is '${name}', but must be one of '${Object.keys(SOURCES).join("', '")}'`);
  }
  if (!Number.isInteger(parallelism) || parallelism < 1) {
    throw new RangeError(`parallelism is ${parallelism}, but must be a whole number from 1 on`);
  }
  if (!(maxReceiveCount >= 1)) {
    throw new RangeError(`maxReceiveCount is ${maxReceiveCount}, but must be a whole number from 1 on`);
  }
  const source = SOURCES[name] as Source<object>; // sources read only records that say that they are of them, see recordsOf
  return async (event, context) => {
    const records = recordsOf(event, source);
    const [first] = records;
    if (first === undefined) return { batchItemFailures: [] };
    const order = source.order(first);
    const stopAll = order === 'all' || (order === 'group' && stopAfterFailure === 'batch');
    const lanes =
      order === 'none'
        ? records.map((record) => [record])
        : // One at a time, until one fails: then the order of the batch is as good as any.
          stopAll && parallelism === 1
          ? [records]
          : lanesOf(records, source.group);
    const failed = new Set<object>();
    const work = async (raw: object): Promise<boolean> => {
      try {
        await recordHandler((await source.read(raw, schema)) as never, context);
        return true;
      } catch (error) {
        failed.add(raw);
        logger.error('record failed', { [source.idName]: source.id(raw), ...detailsOf(error) });
        return false;
      }
    };
    const mayBegin = () => context.getRemainingTimeInMillis() > reserveMilliseconds;
    const waitFor = (raw: object) => source.receiveCount(raw) < maxReceiveCount;
    const done = await workOff(lanes, work, { parallelism, stopAll, waitFor, mayBegin });
    const undone = records.filter((record) => !done.has(record));
    const left = undone.filter((record) => !failed.has(record));
    if (left.length > 0) warnOf(left, failed.size > 0, source, logger);
    // A stream begins again at the first one that is reported.
    const reported = order === 'all' ? undone.slice(0, 1) : undone;
    return { batchItemFailures: reported.map((record): BatchItemFailure => ({ itemIdentifier: source.id(record) })) };
  };
}

/** @throws {BatchEventError} when the event is not of the source */
function recordsOf(event: BatchEvent, { eventSource }: Source<object>): readonly object[] {
  const records: unknown = Object(event)['Records'];
  if (!Array.isArray(records)) {
    throw new BatchEventError(`the event has no Records: batch() is for event source mappings of ${eventSource}`);
  }
  for (const record of records) {
    const seen: unknown = Object(record)['eventSource'];
    if (seen !== eventSource) {
      throw new BatchEventError(
        `a record is of '${String(seen)}', not of '${eventSource}': check batch()'s option source`,
      );
    }
  }
  return records;
}

function detailsOf(error: unknown): object {
  if (!(error instanceof Error)) return { error: String(error) };
  const { message, name, stack, cause } = error;
  return {
    error: message,
    name,
    ...(cause === undefined ? {} : { cause: cause instanceof Error ? cause.message : cause }),
    stack,
  };
}

function warnOf(left: readonly object[], afterFailure: boolean, source: Source<object>, logger: BatchLogger): void {
  logger.warn('records left for a later attempt', {
    reason: afterFailure ? 'a record before them failed' : 'the time is over',
    [`${source.idName}s`]: left.map((record) => source.id(record)),
  });
}
