import { quiet, RouteError } from './errors.ts';
import type { NextFunction } from './functions.ts';
import { NOTHING, type Reply } from './reply.ts';
import { isMiddleware, type StackFunction } from './stack.ts';

const NOT_CALLED: unique symbol = Symbol('not called');

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/**
 * Runs a stack from one of its functions on. What can be done at once is done at once: a promise is returned only if something has to be waited for.
 *
 * @throws whatever a function throws synchronously.
 */
export function runStack(reply: Reply, stack: readonly StackFunction[], index: number): Promise<void> | undefined {
  const fn = stack[index];
  if (fn === undefined) {
    if (reply.answered) return undefined;
    throw quiet(() => new RouteError('Route not found', reply.request.path));
  }
  return isMiddleware(fn) ? runMiddleware(reply, stack, index, fn) : runHandler(reply, fn);
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

function runMiddleware(
  reply: Reply,
  stack: readonly StackFunction[],
  index: number,
  fn: StackFunction,
): Promise<void> | undefined {
  let rest: Promise<void> | undefined | typeof NOT_CALLED = NOT_CALLED;
  let late: ((rest: Promise<void> | undefined) => void) | undefined;

  const next: NextFunction = (error?: unknown) => {
    if (rest !== NOT_CALLED) return rest;
    rest = undefined;
    if (late === undefined) {
      if (error !== undefined && error !== null) throw error;
      return (rest = guard(runStack(reply, stack, index + 1)));
    }
    // Called from a callback, after the function returned: nobody is there to catch what is thrown.
    rest = guard(
      attempt(() => {
        if (error !== undefined && error !== null) throw error;
        return runStack(reply, stack, index + 1);
      }),
    );
    late(rest);
    return rest;
  };

  const result = fn(reply.request, reply, next);
  if (result === undefined) {
    if (rest !== NOT_CALLED) return rest;
    return reply.answered ? undefined : waitForNext();
  }
  if (isPromise(result)) return settleMiddleware(result);
  reply.send(result);
  return undefined;

  async function settleMiddleware(result: PromiseLike<unknown>): Promise<void> {
    const value = await result;
    if (value !== undefined) reply.send(value);
    else if (rest !== NOT_CALLED) await rest;
    else if (!reply.answered) await waitForNext();
  }

  /** Resolves when the answer is there, or when `next` was called and the rest of the stack is done. */
  function waitForNext(): Promise<void> {
    return Promise.race([answered(reply), new Promise<void>((resolve) => (late = (called) => resolve(called)))]);
  }
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
