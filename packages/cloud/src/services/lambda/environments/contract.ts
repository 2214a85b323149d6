import type { Activity } from '../../../kernel/activity.ts';

/** A version of a function, as an execution environment needs it. */
export interface RunnableFunction {
  /** `arn:aws:lambda:<region>:<account>:function:<name>`, with `:<qualifier>` where it was published. */
  readonly arn: string;
  readonly name: string;
  /** `$LATEST`, or a number. */
  readonly version: string;
  readonly account: string;
  readonly region: string;
  readonly runtime: string;
  readonly handler: string;
  /** The folder with the unpacked code. It is read, never written. */
  readonly codeFolder: string;
  /** Unpacked layers, in order: `/opt` of AWS. */
  readonly layerFolders: readonly string[];
  /** Where modules that AWS supplies are looked for after the function's own: the app's `node_modules`. */
  readonly moduleFolders: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  readonly architecture: 'x86_64' | 'arm64';
  readonly roleArn: string;
  readonly logGroup: string;
  readonly logFormat: 'Text' | 'JSON';
  /** With JSON: the lowest level of the function's own lines. @default INFO */
  readonly applicationLogLevel: 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
  /** With JSON: the lowest level of START, END and REPORT. @default INFO */
  readonly systemLogLevel: 'DEBUG' | 'INFO' | 'WARN';
  /** Changes with code or configuration: environments of an older revision take no more invocations. */
  readonly revision: string;
}

/** Takes an answer that the function streams, as it is written. */
export interface AnswerStream {
  /** Called before the first piece. Never, when the function answers all at once: then the result has the answer. */
  begin(contentType: string): void;
  /** @returns what to wait for before more is read, if there is anything */
  write(piece: Buffer): Promise<void> | undefined;
}

/** One invocation to be run. */
export interface RunRequest {
  readonly requestId: string;
  readonly payload: Buffer;
  /** The value of `X-Amz-Client-Context`, base64 JSON. */
  readonly clientContext?: string | undefined;
  /** `Root=1-…;Parent=…;Sampled=1` */
  readonly traceHeader: string;
  /** The ARN by which the caller named the function: with its alias. */
  readonly invokedArn: string;
  /** The invocation as an activity; the caller began it and disposes of it. */
  readonly activity: Activity;
  /** The id of the hop that this invocation is: the cause of what it does. */
  readonly cause: number;
  /** Takes a streamed answer piece by piece. @default - it is gathered, and is the result's payload */
  readonly stream?: AnswerStream | undefined;
}

/** What runs in an environment now, as its access key knows it (`Identity.invocation`). */
export interface RunningInvocation {
  readonly activity: Activity;
  readonly cause: number;
  /**
   * Says that the cloud answers a request of this environment now; dispose of the result when the answer is handed to the socket. By it a
   * virtual clock knows whether a function does nothing but wait for that answer.
   *
   * @param number - the request's header `x-skein-seq`, if it has one
   */
  hold(number: string | undefined): Disposable;
  /**
   * Counts an operation of it.
   *
   * @returns what to call when the operation has had its effect, if a fault kills the environment then
   * @throws when a fault kills it before
   */
  operation(name: string): (() => void) | undefined;
}

/** What an invocation ended with. It never rejects for what the function did. */
export interface RunResult {
  /** The answer, or the error as `{ errorType, errorMessage, trace }`. */
  readonly payload: Buffer;
  /** Present when the function failed: `Unhandled`. */
  readonly functionError: 'Unhandled' | undefined;
  /** The last 4 KB of its log, for `LogType: Tail`. */
  readonly logTail: string;
  /** Milliseconds, as REPORT says them. */
  readonly durationMs: number;
  readonly billedDurationMs: number;
  readonly initDurationMs: number | undefined;
  readonly maxMemoryMegabytes: number;
  /** The environment's name: `Worker.0`. */
  readonly environment: string;
}

/** A line, or a block of lines, of a function's log. */
export interface LogLine {
  /** The cloud's time, ms. */
  readonly at: number;
  readonly message: string;
}

/** Where environments put what functions write. */
export interface LogSink {
  /** @param stream - `2026/11/24/[$LATEST]<32 hex digits>` */
  write(target: RunnableFunction, stream: string, lines: readonly LogLine[]): void;
}

/** The execution environments of a cloud: processes, started, reused, frozen and ended by the rules of AWS. */
export interface Environments {
  /** Runs an invocation in a warm environment of this version that is free, else in a new one. Concurrency limits are the caller's. */
  run(target: RunnableFunction, request: RunRequest): Promise<RunResult>;
  /** Keeps blank processes ready for functions like these. */
  prepare(targets: readonly RunnableFunction[]): void;
  /** Ends the environments of a function: all of them, or those of other revisions than the one that is kept. Busy ones finish first. */
  retire(functionArn: string, keepRevision?: string): void;
  /** Ends all of them at once; when it resolves no process is left. */
  stop(): Promise<void>;
}
