import type { Wait } from '../../../kernel/activity.ts';
import type { RunRequest, RunResult } from './contract.ts';
import type { Doom } from './doom.ts';
import type { Status } from './platformLog.ts';

/** What an invocation came to. */
export interface Outcome {
  readonly payload: Buffer;
  readonly status: Status;
  /** Present when it failed. */
  readonly errorType: string | undefined;
}

/** What was measured of an invocation, and where it ran. */
export type Figures = Omit<RunResult, 'payload' | 'functionError' | 'logTail'>;

const TAIL_BYTES = 4096;

/** An invocation that an environment was given, from then to its result. */
export class Job {
  readonly request: RunRequest;
  readonly result: Promise<RunResult>;
  readonly reject: (error: unknown) => void;
  /** Whether the runtime has it. */
  isDelivered = false;
  /** Whether START was written. */
  isStarted = false;
  /** By the machine's monotonic clock, ms. */
  startedAt = 0;
  /** By the cloud's clock, ms. */
  startedNow = 0;
  outcome: Outcome | undefined;
  initDurationMs: number | undefined;
  deadline: Wait | undefined;
  /** Set when a fault may kill it. */
  doom: Doom | undefined;
  readonly #resolve: (result: RunResult) => void;
  #lines: string[] = [];
  #bytes = 0;

  constructor(request: RunRequest) {
    const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
    this.request = request;
    this.result = promise;
    this.#resolve = resolve;
    this.reject = reject;
  }

  /** Gives its result. */
  finish({ payload, errorType }: Outcome, figures: Figures): void {
    const tail = () => this.tail();
    this.#resolve({
      payload,
      functionError: errorType === undefined ? undefined : 'Unhandled',
      // Few ask for it.
      get logTail() {
        return tail();
      },
      ...figures,
    });
  }

  /** Remembers a line of its log. */
  log(line: string): void {
    // Frames of JSON have no end of line of their own.
    this.#lines.push(line.endsWith('\n') ? line : `${line}\n`);
    this.#bytes += line.length;
    if (this.#bytes < 16 * TAIL_BYTES) return;
    const tail = this.tail();
    this.#lines = [tail];
    this.#bytes = tail.length;
  }

  /** What was logged before it began belongs to the initialisation. */
  forgetLog(): void {
    this.#lines = [];
    this.#bytes = 0;
  }

  /** The last 4 KB of its log. */
  tail(): string {
    const text = Buffer.from(this.#lines.join(''));
    return text.subarray(Math.max(0, text.length - TAIL_BYTES)).toString('utf8');
  }
}

/** An error as the platform itself gives it. */
export const failure = (errorType: string, errorMessage: string, status: Status = 'failure'): Outcome => ({
  payload: Buffer.from(JSON.stringify({ errorType, errorMessage })),
  status,
  errorType,
});
