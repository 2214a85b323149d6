import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Hop, Outcome } from '../../kernel/trace.ts';
import type { DeadLetters, DeathReason } from './deadLetters.ts';
import type { RunResult } from './environments/contract.ts';
import type { Invoker } from './invoker.ts';
import type { LambdaStores } from './operation.ts';
import type { NewEvent, QueuedEvent } from './stores/eventStore.ts';
import type { Target, Targets } from './targets.ts';

const DEFAULT_MAX_AGE_SECONDS = 21_600;
const DEFAULT_MAX_RETRIES = 2;
/** Before the second and the third run. */
const RETRY_DELAYS_MS = [60_000, 120_000];
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 300_000;
/** Events that one wake-up starts: others have their turn before the next. */
const AT_ONCE = 100;

const isRecursive = (error: unknown): boolean =>
  error instanceof Error && error.name === 'RecursiveInvocationException';

/** Events that run at once in a cloud, unless it is told otherwise. */
const MAX_RUNNING = 50;

/** A call that does not wait for its answer. */
export interface AcceptedEvent {
  readonly requestId: string;
  readonly payload: Buffer;
  readonly clientContext: string | undefined;
  readonly traceHeader: string;
  readonly cause: number;
}

/** An event that is being run. */
interface Run {
  readonly event: QueuedEvent;
  readonly target: Target;
  readonly hop: Hop;
  /** The version that was chosen. */
  readonly version: string;
}

/** A fault: the event did not reach the function, and comes again. */
class RunLost extends Error {
  override readonly name = 'RunLost';

  constructor() {
    super('lost on its way by a fault');
  }
}

export interface EventQueueOptions {
  readonly stores: LambdaStores;
  readonly targets: Targets;
  readonly invoker: Invoker;
  readonly deadLetters: DeadLetters;
  readonly environment: ServiceEnvironment;
  /**
   * Events that run at once, of all functions together: this is one machine, and each takes a process. The others wait for their turn, which is
   * no throttling.
   *
   * @default 50
   */
  readonly maxRunning?: number;
}

/**
 * Asynchronous invocations: each accepted event is a row, and each function that has some a wake-up. A run that fails is repeated after one and
 * after two minutes; one that finds no concurrency backs off, until the event is too old.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class EventQueue {
  readonly #options: EventQueueOptions;
  /** Functions whose events wait for others to end. */
  readonly #waiting = new Set<string>();
  #running = 0;
  #isStopped = false;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /** Takes an event: it will be run, whatever happens to this process. */
  accept(target: Target, event: AcceptedEvent): void {
    const { account, region, name, qualifier, functionArn } = target;
    const { environment, stores } = this.#options;
    const { faults } = environment;
    const acceptedAt = this.#now;
    const what = `event ${event.requestId}`;
    const due = acceptedAt + (faults.any ? faults.delayOf(functionArn, what) : 0);
    const row = { ...event, account, region, name, qualifier, functionArn, acceptedAt, due };
    stores.events.add(row);
    this.#count(row, 'AsyncEventsReceived');
    if (faults.any && faults.hits(functionArn, 'duplicate', what)) {
      stores.events.add(row);
      this.#note(row, 'DuplicateEvent', 'duplicate');
    }
    this.#wake(functionArn, due, event.cause);
  }

  /** Puts down what a fault has done to an event. */
  #note({ cause, functionArn, requestId }: NewEvent, operation: string, outcome: Outcome): void {
    const { trace } = this.#options.environment;
    const hop = { cause, service: 'lambda', operation, principal: 'lambda.amazonaws.com', resource: functionArn };
    trace.end(trace.begin({ ...hop, note: `event ${requestId}` }), outcome);
  }

  /** Posts the wake-ups of all events: what ran when the cloud ended is run again. */
  resume(): void {
    const { events } = this.#options.stores;
    events.voidLeases(this.#now);
    for (const functionArn of events.owners()) this.#wakeForNext(functionArn, 0);
  }

  /** What runs now counts as not run: its events are due again after the next start. */
  stop(): void {
    this.#isStopped = true;
  }

  get #now(): number {
    return this.#options.environment.scheduler.now;
  }

  #wake(functionArn: string, due: number, cause: number): void {
    const { scheduler } = this.#options.environment;
    scheduler.wake(`${functionArn}#events`, due, `asynchronous invocations of ${functionArn}`, cause, () =>
      this.#runDue(functionArn),
    );
  }

  #wakeForNext(functionArn: string, cause: number): void {
    const due = this.#options.stores.events.nextDue(functionArn);
    if (due !== undefined) this.#wake(functionArn, due, cause);
  }

  #runDue(functionArn: string): void {
    const room = (this.#options.maxRunning ?? MAX_RUNNING) - this.#running;
    if (room <= 0) {
      this.#waiting.add(functionArn);
      return;
    }
    const due = this.#options.stores.events.due(functionArn, this.#now, Math.min(room, AT_ONCE));
    const { faults } = this.#options.environment;
    for (const event of faults.any ? faults.order(functionArn, due) : due) this.#start(event);
    this.#wakeForNext(functionArn, due.at(-1)?.cause ?? 0);
  }

  #start(event: QueuedEvent): void {
    const { stores, targets, invoker } = this.#options;
    const hop = this.#begin(event);
    let run: Run | undefined;
    let running: Promise<RunResult>;
    try {
      const target = targets.find(event.name, event.qualifier, event);
      const runnable = targets.choose(target);
      run = { event, target, hop, version: runnable.version };
      const lost = target.reserved === 0 ? 'ZeroReservedConcurrency' : this.#tooOld(run, this.#now);
      if (lost !== undefined) {
        this.#giveUp(run, lost);
        return;
      }
      if (this.#isLost(event)) throw new RunLost();
      running = invoker.run(target, runnable, { ...event, cause: hop.id });
    } catch (error) {
      if (run !== undefined && isRecursive(error)) this.#giveUp(run, 'RecursiveInvocationDropped');
      else if (run !== undefined) this.#backOff(run, error);
      else this.#drop(event, hop, error);
      return;
    }
    const started = run;
    stores.events.lease(event.id);
    this.#running++;
    running
      .then(
        (result) => this.#ended(started, result),
        (error: unknown) => this.#backOff(started, error),
      )
      .finally(() => this.#makeRoom());
  }

  #isLost({ functionArn, requestId }: QueuedEvent): boolean {
    const { faults } = this.#options.environment;
    return faults.any && faults.hits(functionArn, 'drop', `event ${requestId}`);
  }

  /** One has ended: those that waited for it have their turn. */
  #makeRoom(): void {
    this.#running--;
    if (this.#isStopped) return;
    for (const functionArn of this.#waiting) this.#wakeForNext(functionArn, 0);
    this.#waiting.clear();
  }

  #ended(run: Run, result: RunResult): void {
    if (this.#isStopped) return;
    const { environment, stores, deadLetters } = this.#options;
    const event = { ...run.event, attempts: run.event.attempts + 1 };
    const { hop, target } = run;
    hop.target = result.environment;
    if (result.functionError === undefined) {
      environment.trace.end(hop, 'ok');
      stores.events.delete(event.id);
      deadLetters.succeeded({ ...event, version: run.version, result }, target, hop.id);
      return;
    }
    const due = this.#now + (RETRY_DELAYS_MS[event.attempts - 1] ?? MAX_BACKOFF_MS);
    const lost = event.attempts > this.#rules(target).maxRetries ? 'RetriesExhausted' : this.#tooOld(run, due);
    if (lost !== undefined) {
      this.#giveUp({ ...run, event }, lost, result);
      return;
    }
    environment.trace.end(hop, result.functionError);
    stores.events.release(event.id, due, event.attempts, 0);
    this.#wake(event.functionArn, due, event.cause);
  }

  /** It could not be run now, for want of concurrency or by a fault of ours: that is no attempt. */
  #backOff(run: Run, error: unknown): void {
    if (this.#isStopped) return;
    const { environment, stores } = this.#options;
    const { event, hop } = run;
    const due = this.#now + Math.min(FIRST_BACKOFF_MS * 2 ** event.throttles, MAX_BACKOFF_MS);
    const lost = this.#tooOld(run, due);
    if (lost !== undefined) {
      this.#giveUp(run, lost);
      return;
    }
    const isThrottled = error instanceof Error && error.name === 'TooManyRequestsException';
    if (!isThrottled) hop.note = error instanceof Error ? error.message : String(error);
    environment.trace.end(hop, isThrottled ? 'throttled' : error instanceof RunLost ? 'dropped' : 'InternalFailure');
    stores.events.release(event.id, due, event.attempts, event.throttles + 1);
    this.#wake(event.functionArn, due, event.cause);
  }

  /** The function is gone, or can no more run here. */
  #drop(event: QueuedEvent, hop: Hop, error: unknown): void {
    const { environment, stores } = this.#options;
    hop.note = error instanceof Error ? error.message : String(error);
    environment.trace.end(hop, error instanceof Error ? error.name : 'InternalFailure');
    stores.events.delete(event.id);
    this.#count(event, 'AsyncEventsDropped');
  }

  #count({ account, region, name }: Pick<QueuedEvent, 'account' | 'region' | 'name'>, metric: string): void {
    this.#options.environment.metrics.meter({ account, region }, 'AWS/Lambda', { FunctionName: name }).add(metric);
  }

  #giveUp({ event, target, hop, version }: Run, reason: DeathReason, result?: RunResult): void {
    const { environment, stores, deadLetters } = this.#options;
    const outcome = reason === 'ZeroReservedConcurrency' ? 'throttled' : 'dropped';
    if (reason === 'RecursiveInvocationDropped') hop.note = `${hop.note}, in a loop of events: it is stopped`;
    environment.trace.end(hop, result?.functionError ?? outcome);
    this.#count(event, 'AsyncEventsDropped');
    if (!deadLetters.wants(target)) {
      stores.events.delete(event.id);
      return;
    }
    stores.events.lease(event.id);
    deadLetters.failed({ ...event, version, reason, result }, target, hop.id, (failure) => {
      if (failure === undefined) stores.events.delete(event.id);
      else stores.events.bury(event, failure);
    });
  }

  /** Whether an event may no more be run at an instant. */
  #tooOld({ event, target }: Run, at: number): DeathReason | undefined {
    return at - event.acceptedAt > this.#rules(target).maxAgeMs ? 'EventAgeExceeded' : undefined;
  }

  #rules(target: Target): { readonly maxAgeMs: number; readonly maxRetries: number } {
    const config = this.#options.stores.eventConfigs.find(target, target.name, target.qualifier ?? '$LATEST');
    return {
      maxAgeMs: (config?.maxAgeSeconds ?? DEFAULT_MAX_AGE_SECONDS) * 1000,
      maxRetries: config?.maxRetries ?? DEFAULT_MAX_RETRIES,
    };
  }

  #begin({ cause, qualifier, functionArn, payload, attempts }: QueuedEvent): Hop {
    return this.#options.environment.trace.begin({
      cause,
      service: 'lambda',
      operation: 'Invoke',
      principal: 'lambda.amazonaws.com',
      resource: qualifier === undefined ? functionArn : `${functionArn}:${qualifier}`,
      bytes: payload.length,
      note: `run ${attempts + 1} of an asynchronous invocation`,
    });
  }
}
