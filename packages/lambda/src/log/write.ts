import { inLambda } from '../env.ts';

/** Where entries go by default: raw JSON to stdout in Lambda, a line that people can read elsewhere. */
export function defaultLog(): (line: string) => void {
  return inLambda() ? writeLine : (line) => console.log(readable(line));
}

let loaded: typeof import('node:fs') | undefined;

/** Asked for once, and not before something is written: asking costs a twentieth of a line. */
const fileSystem = (): typeof import('node:fs') => (loaded ??= process.getBuiltinModule('node:fs'));

/** Writes a line to stdout at once, so that none is lost when the environment is frozen or ends. */
export function writeLine(line: string): void {
  const { writeSync } = fileSystem();
  const text = `${line}\n`;
  let written = 0;
  try {
    written = writeSync(1, text);
  } catch (error) {
    if (!isBusy(error)) throw error;
  }
  if (written < Buffer.byteLength(text)) writeRest(Buffer.from(text).subarray(written));
}

function writeRest(bytes: Buffer): void {
  const { writeSync } = fileSystem();
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  }
}

/** A full pipe that does not block says so: try until its reader has caught up. */
const isBusy = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN';

/** One entry as a line for people: time, level, method and route, message, then the rest. */
export function readable(line: string): string {
  let entry: unknown;
  try {
    entry = JSON.parse(line);
  } catch {
    return line;
  }
  if (typeof entry !== 'object' || entry === null) return line;
  const {
    time,
    level,
    id: _id,
    route,
    method,
    msg,
    message,
    timer,
    int: _int,
    remaining: _r,
    function: _f,
    memory: _m,
    ...rest
  } = entry as Record<string, unknown>; // An object that JSON.parse made has string keys.
  const clock = typeof time === 'number' ? new Date(time).toISOString().slice(11, 23) : time;
  const where = method === undefined ? undefined : `${String(method)} ${String(rest['path'] ?? route ?? '')}`;
  const took = timer === undefined ? undefined : `${String(timer)} ms`;
  delete rest['path'];
  const details = Object.keys(rest).length === 0 ? undefined : JSON.stringify(rest);
  return [clock, String(level).toUpperCase().padEnd(6), where, msg ?? message, took, details]
    .filter((part) => part !== undefined)
    .join(' ');
}
