import { hash } from 'node:crypto';
import { partitionOf } from '../../../kernel/names.ts';
import type { RunnableFunction } from './contract.ts';

/** How an invocation, or an initialisation, ended. */
export type Status = 'success' | 'error' | 'failure' | 'timeout';

/** The numbers of REPORT. */
export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly billedDurationMs: number;
  readonly initDurationMs: number | undefined;
  readonly maxMemoryMegabytes: number;
  readonly status: Status;
  readonly errorType: string | undefined;
}

/** What Lambda itself writes into a function's log: one format, chosen once. Each method answers undefined where the level leaves it out. */
export interface PlatformLog {
  initStart(at: number): string | undefined;
  initReport(at: number, durationMs: number, status: Status, errorType: string | undefined): string | undefined;
  start(at: number, requestId: string): string | undefined;
  /** A line about a failure that the function could not write itself. */
  failure(at: number, requestId: string, text: string, errorType: string): string | undefined;
  end(at: number, requestId: string, status: Status): string | undefined;
  report(at: number, report: Report): string | undefined;
}

export const platformLogOf = (target: RunnableFunction): PlatformLog =>
  target.logFormat === 'JSON' ? new JsonLog(target) : new TextLog(target);

const milliseconds = (duration: number): string => duration.toFixed(2);

/** `nodejs:24.v1`, and its ARN. */
const runtimeVersionOf = ({ runtime }: RunnableFunction): string =>
  `${runtime.replace(/^nodejs(\d+).*/, 'nodejs:$1')}.v1`;
const runtimeArnOf = ({ region, runtime }: RunnableFunction): string =>
  `arn:${partitionOf(region)}:lambda:${region}::runtime:${hash('sha256', runtime, 'hex')}`;

class TextLog implements PlatformLog {
  readonly #target: RunnableFunction;

  constructor(target: RunnableFunction) {
    this.#target = target;
  }

  initStart(): string {
    return `INIT_START Runtime Version: ${runtimeVersionOf(this.#target)}\tRuntime Version ARN: ${runtimeArnOf(this.#target)}\n`;
  }

  initReport(_at: number, durationMs: number, status: Status, errorType: string | undefined): string | undefined {
    if (status === 'success') return undefined;
    const error = errorType === undefined || status === 'timeout' ? '' : `\tError Type: ${errorType}`;
    return `INIT_REPORT Init Duration: ${milliseconds(durationMs)} ms\tPhase: init\tStatus: ${status}${error}\n`;
  }

  start(_at: number, requestId: string): string {
    return `START RequestId: ${requestId} Version: ${this.#target.version}\n`;
  }

  failure(at: number, requestId: string, text: string, errorType: string): string {
    if (errorType === 'Sandbox.Timedout') return `${new Date(at).toISOString()} ${requestId} ${text}\n\n`;
    return `RequestId: ${requestId} Error: ${text}\n${errorType}\n`;
  }

  end(_at: number, requestId: string): string {
    return `END RequestId: ${requestId}\n`;
  }

  report(_at: number, report: Report): string {
    const { status, errorType, initDurationMs } = report;
    const parts = [
      `REPORT RequestId: ${report.requestId}`,
      `Duration: ${milliseconds(report.durationMs)} ms`,
      `Billed Duration: ${report.billedDurationMs} ms`,
      `Memory Size: ${this.#target.memoryMegabytes} MB`,
      `Max Memory Used: ${report.maxMemoryMegabytes} MB`,
      ...(initDurationMs === undefined ? [] : [`Init Duration: ${milliseconds(initDurationMs)} ms`]),
      ...(status === 'timeout' ? ['Status: timeout'] : []),
      ...(status === 'failure' ? ['Status: error', `Error Type: ${errorType}`] : []),
    ];
    return `${parts.join('\t')}\t\n`;
  }
}

const LEVELS = ['DEBUG', 'INFO', 'WARN'] as const;
type Level = (typeof LEVELS)[number];

class JsonLog implements PlatformLog {
  readonly #target: RunnableFunction;

  constructor(target: RunnableFunction) {
    this.#target = target;
  }

  initStart(at: number): string | undefined {
    const { name, version, memoryMegabytes } = this.#target;
    return this.#write('INFO', at, 'platform.initStart', {
      initializationType: 'on-demand',
      phase: 'init',
      runtimeVersion: runtimeVersionOf(this.#target),
      runtimeVersionArn: runtimeArnOf(this.#target),
      functionName: name,
      functionVersion: version,
      instanceMaxMemory: memoryMegabytes * 1_048_576,
    });
  }

  initReport(at: number, durationMs: number, status: Status, errorType: string | undefined): string | undefined {
    return this.#write(status === 'success' ? 'DEBUG' : 'WARN', at, 'platform.initReport', {
      initializationType: 'on-demand',
      phase: 'init',
      status,
      errorType,
      metrics: { durationMs: rounded(durationMs) },
    });
  }

  start(at: number, requestId: string): string | undefined {
    return this.#write('INFO', at, 'platform.start', { requestId, version: this.#target.version });
  }

  failure(at: number, requestId: string, text: string, errorType: string): string | undefined {
    const message = errorType === 'Sandbox.Timedout' ? text : `Error: ${text}`;
    const timestamp = new Date(at).toISOString();
    return `${JSON.stringify({ timestamp, level: 'ERROR', requestId, message, errorType })}\n`;
  }

  end(at: number, requestId: string, status: Status): string | undefined {
    return this.#write(status === 'success' ? 'DEBUG' : 'WARN', at, 'platform.runtimeDone', { requestId, status });
  }

  report(at: number, report: Report): string | undefined {
    const { requestId, status, errorType, initDurationMs } = report;
    return this.#write(status === 'success' ? 'INFO' : 'WARN', at, 'platform.report', {
      requestId,
      metrics: {
        durationMs: rounded(report.durationMs),
        billedDurationMs: report.billedDurationMs,
        memorySizeMB: this.#target.memoryMegabytes,
        maxMemoryUsedMB: report.maxMemoryMegabytes,
        initDurationMs: initDurationMs === undefined ? undefined : rounded(initDurationMs),
      },
      status,
      errorType,
    });
  }

  #write(level: Level, at: number, type: string, record: object): string | undefined {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(this.#target.systemLogLevel)) return undefined;
    return `${JSON.stringify({ time: new Date(at).toISOString(), type, record })}\n`;
  }
}

const rounded = (duration: number): number => Math.round(duration * 1000) / 1000;
