import { LOG_LEVEL, optionalVariable } from '../env.ts';
import { LevelTable, type LogFunction, type StandardLevel } from './levels.ts';
import { stringify } from './stringify.ts';
import { defaultLog } from './write.ts';

/** Options of a logger. */
export interface CreateLoggerOptions {
  /** Lowest level that is written; `'none'` for nothing. @default - LOG_LEVEL, else 'info' */
  readonly level?: string;
  /** Custom levels, or other priorities for the standard ones. */
  readonly levels?: Readonly<Record<string, number>>;
  /** Fields of every entry. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Field of the message. @default 'msg' */
  readonly messageKey?: string;
  /** Field for details that are not objects. @default 'custom' */
  readonly customKey?: string;
  /** Receives each entry as JSON. @default - raw JSON to stdout in Lambda, a readable line elsewhere */
  readonly log?: (line: string) => void;
  /** `false` for no time, or a function that makes it. @default - milliseconds since 1970 */
  readonly timestamp?: boolean | (() => unknown);
  /** Adds the stack to errors. @default true */
  readonly stack?: boolean;
}

/** A logger: a function per level, and loggers made from it. */
export interface Logger extends Readonly<Record<StandardLevel, LogFunction>> {
  /** A logger with more fields in every entry. */
  child(fields: Readonly<Record<string, unknown>>): Logger;
  /** Function of a level, also of a custom one. */
  at(level: string): LogFunction;
}

const silent: LogFunction = () => undefined;

/**
 * Makes a logger for functions without the framework. Its entries are those of the framework.
 *
 * @example
 * const log = createLogger({ fields: { service: 'orders' } });
 * export const handler = async (event, context) => {
 *   const own = log.child({ id: context.awsRequestId, correlationId: correlationId(event, context) });
 *   own.info('received', { records: event.Records.length });
 * };
 */
export function createLogger(options: CreateLoggerOptions = {}): Logger {
  const levels = new LevelTable(options.level ?? optionalVariable(LOG_LEVEL) ?? 'info', options.levels);
  return make(options, levels, options.log ?? defaultLog(), options.fields ?? {});
}

function make(
  options: CreateLoggerOptions,
  levels: LevelTable,
  write: (line: string) => void,
  fields: Readonly<Record<string, unknown>>,
): Logger {
  const at = (level: string): LogFunction =>
    levels.writes(level)
      ? (message, detail) => write(stringify(entry(options, level, fields, message, detail)))
      : silent;
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
    at,
    child: (more) => make(options, levels, write, Object.assign({}, fields, more)),
  };
}

function entry(
  { timestamp = true, messageKey = 'msg', customKey = 'custom', stack = true }: CreateLoggerOptions,
  level: string,
  fields: Readonly<Record<string, unknown>>,
  message: unknown,
  detail: unknown,
): Record<string, unknown> {
  const made: Record<string, unknown> = { level };
  if (timestamp !== false) made['time'] = timestamp === true ? Date.now() : timestamp();
  for (const key in fields) made[key] = fields[key];
  if (message instanceof Error) addError(made, message, messageKey, stack);
  else if (message !== undefined) made[messageKey] = message;
  if (detail instanceof Error) addError(made, detail, 'error', stack);
  else if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) Object.assign(made, detail);
  else if (detail !== undefined) made[customKey] = detail;
  return made;
}

function addError(made: Record<string, unknown>, error: Error, key: string, stack: boolean): void {
  made[key] = error.message;
  made['name'] = error.name;
  if (error.cause !== undefined) made['cause'] = error.cause instanceof Error ? error.cause.message : error.cause;
  if (stack) made['stack'] = error.stack;
}
