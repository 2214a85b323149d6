import { quiet, RouteError } from './errors.ts';
import type { NextFunction } from './functions.ts';
import { NOTHING, type Reply } from './reply.ts';
import type { Route, StackFunction } from './stack.ts';

const NOT_CALLED: unique symbol = Symbol('not called');

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'; // Any object may be asked.

/**
 * Runs a stack from one of its functions on. What can be done at once is done at once: a promise is returned only if something has to be waited for.
 *
 * @throws whatever a function throws synchronously.
 */
export function runStack(reply: Reply, route: Route, index: number): Promise<void> | undefined {
  const fn = route.stack[index];
  if (fn === undefined) {
    if (reply.answered) return undefined;
    throw quiet(() => new RouteError('Route not found', reply.request.path));
  }
  return route.isMiddleware[index] === true ? runMiddleware(reply, route, index, fn) : runHandler(reply, fn);
}

// Handlers that do not declare `next` may still find it in `arguments`; they get one that does nothing.
const noNext: NextFunction = () => undefined;

function runHandler(reply: Reply, fn: StackFunction): Promise<void> | undefined {
  const result = fn(reply.request, reply, noNext);
  if (result === undefined) return reply.answered ? undefined : answered(reply);
  if (isPromise(result)) return settle(reply, result);
  reply.send(result);
  return undefined;
}

async function settle(reply: Reply, result: PromiseLike<unknown>): Promise<void> {
  const value = await result;
  if (value !== undefined) reply.send(value);
  else if (!reply.answered) await answered(reply);
}

/** The call of one middleware: what became of the rest of the stack. */
class Step {
  readonly reply: Reply;
  readonly route: Route;
  readonly index: number;
  rest: Promise<void> | undefined | typeof NOT_CALLED = NOT_CALLED;
  late: ((rest: Promise<void> | undefined) => void) | undefined = undefined;
  readonly next: NextFunction;

  constructor(reply: Reply, route: Route, index: number) {
    this.reply = reply;
    this.route = route;
    this.index = index;
    this.next = (error?: unknown) => {
      if (this.rest !== NOT_CALLED) return this.rest;
      this.rest = undefined;
      if (this.late === undefined) {
        if (error !== undefined && error !== null) throw error;
        return (this.rest = guard(runStack(this.reply, this.route, this.index + 1)));
      }
      // Called from a callback, after the function returned: nobody is there to catch what is thrown.
      this.rest = guard(
        attempt(() => {
          if (error !== undefined && error !== null) throw error;
          return runStack(this.reply, this.route, this.index + 1);
        }),
      );
      this.late(this.rest);
      return this.rest;
    };
  }

  async settle(result: PromiseLike<unknown>): Promise<void> {
    const value = await result;
    if (value !== undefined) this.reply.send(value);
    else if (this.rest !== NOT_CALLED) await this.#finishRest();
    else if (!this.reply.answered) await this.wait();
  }

  /** Waits for the rest. An error of it is done with when the middleware caught it and answered. */
  async #finishRest(): Promise<void> {
    try {
      if (this.rest !== NOT_CALLED) await this.rest;
    } catch (error) {
      if (!this.reply.answered) throw error;
    }
  }

  /** Resolves when the answer is there, or when `next` was called and the rest of the stack is done. */
  wait(): Promise<void> {
    const called = new Promise<void>((resolve) => {
      this.late = resolve;
    });
    return Promise.race([answered(this.reply), called]);
  }
}

function runMiddleware(reply: Reply, route: Route, index: number, fn: StackFunction): Promise<void> | undefined {
  const step = new Step(reply, route, index);
  const result = fn(reply.request, reply, step.next);
  if (result === undefined) {
    if (step.rest !== NOT_CALLED) return step.rest;
    return reply.answered ? undefined : step.wait();
  }
  if (isPromise(result)) return step.settle(result);
  reply.send(result);
  return undefined;
}

/** Resolves when something was answered, at once if work is under way that will do it. */
function answered(reply: Reply): Promise<void> {
  if (reply.pending !== undefined) return reply.pending;
  return new Promise((resolve) => {
    const before = reply.wake;
    reply.wake = () => {
      before?.();
      resolve(reply.pending);
    };
  });
}

/** The promise of the rest is awaited by the stack; until then, and if middleware fails first, its rejection is not an unhandled one. */
function guard(rest: Promise<void> | undefined): Promise<void> | undefined {
  rest?.catch(() => undefined);
  return rest;
}

async function attempt(run: () => Promise<void> | undefined): Promise<void> {
  await run();
}

/** Runs error middleware until one answers; tells whether one did. */
export async function runErrorStack(
  reply: Reply,
  handlers: readonly ((error: unknown, req: Reply['request'], res: Reply, next: NextFunction) => unknown)[],
  error: unknown,
): Promise<boolean> {
  for (const handler of handlers) {
    let proceed: () => void = () => undefined;
    const called = new Promise<void>((resolve) => (proceed = resolve));
    const next: NextFunction = () => {
      proceed();
      return undefined;
    };
    const result = handler(error, reply.request, reply, next);
    if (result === undefined) {
      if (!reply.answered) await Promise.race([called, answered(reply)]);
    } else {
      const value = await (isPromise(result) ? Promise.race([result, called]) : result);
      if (value !== undefined) reply.send(value);
      else if (!reply.answered) await Promise.race([called, answered(reply)]);
    }
    if (reply.failure !== NOTHING) throw reply.failure;
    if (reply.answered) return true;
  }
  return false;
}
