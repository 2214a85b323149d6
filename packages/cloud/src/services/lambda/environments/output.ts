import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from './contract.ts';

/** A line longer than this is cut: an event of CloudWatch Logs holds no more. */
const MAX_LINE = 262_144;

/** Cuts what a stream says into lines. */
export class Lines {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLines: (lines: string[]) => void;
  #rest = '';

  constructor(stream: Readable, onLines: (lines: string[]) => void) {
    this.#onLines = onLines;
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', () => undefined);
  }

  /** Gives out what has no end yet. */
  flush(): void {
    const rest = this.#rest + this.#decoder.end();
    this.#rest = '';
    if (rest !== '') this.#onLines([rest]);
  }

  #read(chunk: Buffer): void {
    const text = this.#rest + this.#decoder.write(chunk);
    const lines: string[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      lines.push(text.slice(start, end + 1));
      start = end + 1;
    }
    for (; text.length - start > MAX_LINE; start += MAX_LINE) lines.push(text.slice(start, start + MAX_LINE));
    this.#rest = text.slice(start);
    if (lines.length > 0) this.#onLines(lines);
  }
}

const HEADER_BYTES = 16;
const FRAME_TYPE = 0xa55a;
/** For the cloud, not for the log: what the bootstrap reports. */
const REPORT_TYPE = 0xa55b;

/** Reads the frames of the telemetry descriptor: one frame is one event of the log. */
export class Frames {
  readonly #onEvents: (events: LogLine[]) => void;
  readonly #onReport: (text: string) => void;
  #rest: Buffer | undefined;

  constructor(stream: Readable, onEvents: (events: LogLine[]) => void, onReport: (text: string) => void) {
    this.#onEvents = onEvents;
    this.#onReport = onReport;
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', () => undefined);
  }

  #read(chunk: Buffer): void {
    let data = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#rest = undefined;
    const events: LogLine[] = [];
    while (data.length >= HEADER_BYTES) {
      const type = data.readUInt16BE(0);
      if (type !== FRAME_TYPE && type !== REPORT_TYPE) {
        // Somebody else wrote there: nothing after it can be trusted.
        data = data.subarray(data.length);
        break;
      }
      const end = HEADER_BYTES + data.readUInt32BE(4);
      if (data.length < end) break;
      const text = data.toString('utf8', HEADER_BYTES, end);
      if (type === REPORT_TYPE) this.#onReport(text);
      else events.push({ at: Number(data.readBigInt64BE(8) / 1000n), message: text });
      data = data.subarray(end);
    }
    if (data.length > 0) this.#rest = data;
    if (events.length > 0) this.#onEvents(events);
  }
}
