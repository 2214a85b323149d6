import { Buffer } from 'node:buffer';
import type { Activity } from '../../kernel/activity.ts';
import type { Faults, Trouble } from '../../kernel/faults.ts';
import type { Meter, Metrics } from '../../kernel/metrics.ts';
import type { Random } from '../../kernel/random.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Concurrency } from './concurrency.ts';
import type { AnswerStream, Environments, RunnableFunction, RunRequest, RunResult } from './environments/contract.ts';
import { recursiveInvocation, tooManyRequests } from './errors.ts';
import { Recursion } from './recursion.ts';
import type { Target } from './targets.ts';

/** The largest answer of a function that AWS passes on: 6 MB and 100 bytes. */
export const MAX_ANSWER_BYTES = 6_291_556;

/** One run of a function, asked for by a call or by an event's row. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: Buffer;
  readonly clientContext?: string | undefined;
  readonly traceHeader: string;
  /** The id of the hop that the run is. */
  readonly cause: number;
  /** Whether it is an operation of the service, which has met the faults of calls on what it named. @default false */
  readonly isOperation?: boolean;
  /** Takes a streamed answer piece by piece. @default - the result has it whole */
  readonly stream?: AnswerStream | undefined;
}

/** Runs functions within the limits of concurrency, each run as an activity of its own. */
export class Invoker {
  readonly #environments: Environments;
  readonly #concurrency: Concurrency;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #faults: Faults;
  readonly #metrics: Metrics;
  readonly #recursion: Recursion;

  constructor(
    environments: Environments,
    concurrency: Concurrency,
    environment: Pick<ServiceEnvironment, 'scheduler' | 'random' | 'faults' | 'metrics' | 'trace'>,
  ) {
    const { scheduler, random, faults, metrics, trace } = environment;
    this.#environments = environments;
    this.#concurrency = concurrency;
    this.#scheduler = scheduler;
    this.#random = random;
    this.#faults = faults;
    this.#metrics = metrics;
    this.#recursion = new Recursion(trace);
  }

  /**
   * @throws TooManyRequestsException at once, when it may not run now, and RecursiveInvocationException, when it runs in a loop; it never rejects for what the function does
   */
  run(target: Target, runnable: RunnableFunction, invocation: Invocation): Promise<RunResult> {
    const trouble = this.#faults.any ? this.#meet(target, invocation) : undefined;
    const meter = this.#metrics.meter(target, 'AWS/Lambda', { FunctionName: target.name });
    if (trouble?.throttled === true) {
      meter.add('Throttles');
      throw tooManyRequests('ConcurrentInvocationLimitExceeded');
    }
    if (this.#recursion.enter(target.functionArn, invocation.cause) && !target.allowsRecursion) {
      meter.add('RecursiveInvocationsDropped');
      throw recursiveInvocation();
    }
    this.#enter(target, meter);
    const { requestId, payload, clientContext, traceHeader, cause, stream } = invocation;
    const activity = this.#scheduler.begin('invocation', `invocation of ${target.name}`, cause);
    const { invokedArn } = target;
    const request = { requestId, payload, clientContext, traceHeader, invokedArn, activity, cause, stream };
    const delay = trouble?.delay ?? 0;
    const running = delay > 0 ? this.#later(delay, runnable, request) : this.#environments.run(runnable, request);
    meter.add('Invocations');
    meter.add('ConcurrentExecutions', this.#concurrency.of(target));
    const counted = (result: RunResult): RunResult => {
      meter.add('Errors', result.functionError === undefined ? 0 : 1);
      meter.add('Duration', result.durationMs, 'Milliseconds');
      return result;
    };
    return running
      .then(limited)
      .then(counted)
      .finally(() => {
        activity[Symbol.dispose]();
        this.#concurrency.leave(target);
      });
  }

  /** @throws TooManyRequestsException */
  #enter(target: Target, meter: Meter): void {
    try {
      this.#concurrency.enter(target);
    } catch (error) {
      meter.add('Throttles');
      throw error;
    }
  }

  #meet({ functionArn, invokedArn }: Target, { isOperation = false }: Invocation): Trouble | undefined {
    return isOperation && invokedArn === functionArn ? undefined : this.#faults.meet(functionArn, 'Invoke');
  }

  async #later(delay: number, runnable: RunnableFunction, request: RunRequest): Promise<RunResult> {
    await passed(request.activity, this.#scheduler.now + delay);
    return this.#environments.run(runnable, request);
  }

  /** A trace of its own, for what came without one. */
  newTraceHeader(): string {
    const stream = this.#random.of('trace/lambda');
    const seconds = Math.floor(this.#scheduler.now / 1000)
      .toString(16)
      .padStart(8, '0');
    const digits = stream.uuid().replaceAll('-', '') + stream.uuid().replaceAll('-', '');
    return `Root=1-${seconds}-${digits.slice(0, 24)};Parent=${digits.slice(24, 40)};Sampled=0`;
  }
}

const passed = (activity: Activity, due: number): Promise<void> =>
  new Promise((resolve) => void activity.waitUntil(due, resolve));

function limited(result: RunResult): RunResult {
  if (result.payload.length <= MAX_ANSWER_BYTES) return result;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_ANSWER_BYTES} bytes).`;
  const payload = Buffer.from(JSON.stringify({ errorMessage, errorType: 'Function.ResponseSizeTooLarge' }));
  return { ...result, payload, functionError: 'Unhandled' };
}
