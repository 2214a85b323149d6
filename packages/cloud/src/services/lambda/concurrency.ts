import type { Scope } from '../../kernel/names.ts';
import { RowCache } from '../../kernel/rowCache.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import { invalidParameter, tooManyRequests } from './errors.ts';
import type { FunctionStore } from './stores/functionStore.ts';
import type { Target } from './targets.ts';

/** Concurrent executions of an account in a region. */
export const ACCOUNT_LIMIT = 1000;
/** What may not be reserved of them. */
export const UNRESERVED_MINIMUM = 100;

/** How many invocations run at once, and how many may. Nothing of it is kept: after a restart nothing runs. */
export class Concurrency {
  readonly #store: FunctionStore;
  /** Of each function by its ARN, and of each pool. */
  readonly #running = new Map<string, number>();
  readonly #unreserved: RowCache<string, number>;

  constructor(store: FunctionStore, scheduler: Scheduler) {
    this.#store = store;
    this.#unreserved = new RowCache(scheduler);
  }

  /** Counts one more invocation, to be ended with {@link leave}. @throws TooManyRequestsException */
  enter(target: Target): void {
    const { reserved, functionArn } = target;
    const running = this.#running.get(functionArn) ?? 0;
    if (reserved === undefined) {
      const pool = poolOf(target);
      const others = this.#running.get(pool) ?? 0;
      if (others >= this.unreserved(target)) throw tooManyRequests('ConcurrentInvocationLimitExceeded');
      this.#running.set(pool, others + 1);
    } else if (running >= reserved) throw tooManyRequests('ReservedFunctionConcurrentInvocationLimitExceeded');
    this.#running.set(functionArn, running + 1);
  }

  /** How many invocations of a function run now. */
  of({ functionArn }: Pick<Target, 'functionArn'>): number {
    return this.#running.get(functionArn) ?? 0;
  }

  /** @param target - the very one that {@link enter} was called with: its share may have changed since */
  leave(target: Target): void {
    this.#less(target.functionArn);
    if (target.reserved === undefined) this.#less(poolOf(target));
  }

  /** What functions without a share of their own have together. */
  unreserved(scope: Scope): number {
    const key = poolOf(scope);
    let limit = this.#unreserved.get(key);
    if (limit === undefined) {
      limit = ACCOUNT_LIMIT - this.#store.reservedTotal(scope);
      this.#unreserved.set(key, limit);
    }
    return limit;
  }

  /** Forgets what was reserved: a function's share has changed. */
  forget(): void {
    this.#unreserved.clear();
  }

  #less(key: string): void {
    const running = (this.#running.get(key) ?? 1) - 1;
    if (running > 0) this.#running.set(key, running);
    else this.#running.delete(key);
  }
}

/** What an account's functions without a share of their own use together. */
const poolOf = ({ account, region }: Scope): string => `${account} ${region}`;

/** Whether so many more concurrent executions can be reserved. @throws InvalidParameterValueException */
export function checkReserved(store: FunctionStore, scope: Scope, more: number): void {
  if (ACCOUNT_LIMIT - store.reservedTotal(scope) - more >= UNRESERVED_MINIMUM) return;
  throw invalidParameter(
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${UNRESERVED_MINIMUM}].`,
  );
}
