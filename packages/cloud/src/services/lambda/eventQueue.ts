import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Hop } from '../../kernel/trace.ts';
import type { DeadEvent, DeadLetters, DeathReason } from './deadLetters.ts';
import type { RunResult } from './environments/contract.ts';
import type { Invoker } from './invoker.ts';
import type { LambdaStores } from './operation.ts';
import type { QueuedEvent } from './stores/eventStore.ts';
import type { Target, Targets } from './targets.ts';

const DEFAULT_MAX_AGE_SECONDS = 21_600;
const DEFAULT_MAX_RETRIES = 2;
/** Before the second and the third run. */
const RETRY_DELAYS_MS = [60_000, 120_000];
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 300_000;
/** Events that one wake-up starts: others have their turn before the next. */
const AT_ONCE = 100;

/** A call that does not wait for its answer. */
export interface AcceptedEvent {
  readonly requestId: string;
  readonly payload: Buffer;
  readonly clientContext: string | undefined;
  readonly traceHeader: string;
  readonly cause: number;
}

export interface EventQueueOptions {
  readonly stores: LambdaStores;
  readonly targets: Targets;
  readonly invoker: Invoker;
  readonly deadLetters: DeadLetters;
  readonly environment: ServiceEnvironment;
}

/**
 * Asynchronous invocations: each accepted event is a row, and each function that has some a wake-up. A run that fails is repeated after one and
 * after two minutes; one that finds no concurrency backs off, until the event is too old.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export class EventQueue {
  readonly #options: EventQueueOptions;
  #isStopped = false;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  /** Takes an event: it will be run, whatever happens to this process. */
  accept(target: Target, event: AcceptedEvent): void {
    const { account, region, name, qualifier, functionArn } = target;
    const acceptedAt = this.#now;
    this.#options.stores.events.add({ ...event, account, region, name, qualifier, functionArn, acceptedAt });
    this.#wake(functionArn, acceptedAt, event.cause);
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
    const due = this.#options.stores.events.due(functionArn, this.#now, AT_ONCE);
    for (const event of due) this.#start(event);
    this.#wakeForNext(functionArn, due.at(-1)?.cause ?? 0);
  }

  #start(event: QueuedEvent): void {
    const { stores, targets, invoker } = this.#options;
    const hop = this.#begin(event);
    let running: Promise<RunResult>;
    let target: Target;
    try {
      target = targets.find(event.name, event.qualifier, event);
      if (target.reserved === 0) {
        this.#giveUp(event, target, hop, 'ZeroReservedConcurrency');
        return;
      }
      running = invoker.run(target, targets.choose(target), { ...event, cause: hop.id });
    } catch (error) {
      this.#refused(event, hop, error);
      return;
    }
    stores.events.lease(event.id);
    // What becomes of the event is settled before its activity ends: a retry is posted while something still runs.
    void running.then((result) => this.#ended(event, target, hop, result));
  }

  #ended(event: QueuedEvent, target: Target, hop: Hop, result: RunResult): void {
    if (this.#isStopped) return;
    const { environment, stores, deadLetters } = this.#options;
    const attempts = event.attempts + 1;
    hop.target = result.environment;
    if (result.functionError === undefined) {
      environment.trace.end(hop, 'ok');
      stores.events.delete(event.id);
      deadLetters.succeeded({ ...event, attempts }, target, result, hop.id);
      return;
    }
    const { maxAgeMs, maxRetries } = this.#rules(target);
    const due = this.#now + (RETRY_DELAYS_MS[attempts - 1] ?? MAX_BACKOFF_MS);
    if (attempts > maxRetries || due - event.acceptedAt > maxAgeMs) {
      const reason = attempts > maxRetries ? 'RetriesExhausted' : 'EventAgeExceeded';
      this.#giveUp({ ...event, attempts }, target, hop, reason, result);
      return;
    }
    environment.trace.end(hop, result.functionError);
    stores.events.release(event.id, due, attempts, 0);
    this.#wake(event.functionArn, due, event.cause);
  }

  /** It could not be run: there is no concurrency now, or the function is gone or does not run here. */
  #refused(event: QueuedEvent, hop: Hop, error: unknown): void {
    const { environment, stores, targets } = this.#options;
    if (!(error instanceof Error)) throw error;
    if (error.name !== 'TooManyRequestsException') {
      hop.note = error.message;
      environment.trace.end(hop, error.name);
      stores.events.delete(event.id);
      return;
    }
    const target = targets.find(event.name, event.qualifier, event);
    const due = this.#now + Math.min(FIRST_BACKOFF_MS * 2 ** event.throttles, MAX_BACKOFF_MS);
    if (due - event.acceptedAt > this.#rules(target).maxAgeMs) {
      this.#giveUp(event, target, hop, 'EventAgeExceeded');
      return;
    }
    environment.trace.end(hop, 'throttled');
    stores.events.release(event.id, due, event.attempts, event.throttles + 1);
    this.#wake(event.functionArn, due, event.cause);
  }

  #giveUp(event: QueuedEvent, target: Target, hop: Hop, reason: DeathReason, result?: RunResult): void {
    const { environment, stores, deadLetters } = this.#options;
    environment.trace.end(
      hop,
      result?.functionError ?? (reason === 'ZeroReservedConcurrency' ? 'throttled' : 'dropped'),
    );
    const dead: DeadEvent = { ...event, reason, result };
    if (!deadLetters.wants(target)) {
      stores.events.delete(event.id);
      return;
    }
    stores.events.lease(event.id);
    deadLetters.failed(dead, target, hop.id, (failure) => {
      if (failure === undefined) stores.events.delete(event.id);
      else stores.events.bury(event.id, failure);
    });
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
