import { randomUUID } from 'node:crypto';
import { optionalVariable } from '../env.ts';
import { dynamoDbStore } from './dynamoDbStore.ts';
import { ClaimLostError, InProgressError, PayloadMismatchError, ResultError } from './errors.ts';
import { keyReader } from './key.ts';
import type { Deadline, IdempotencyOptions, IdempotentHandler } from './options.ts';
import { hashOf } from './payload.ts';
import type { Claim, ClaimAnswer } from './store.ts';

const ONE_DAY_SECONDS = 86_400;
/** Clocks of two environments differ: a claim is held this much longer than its holder has. */
const SKEW_MILLISECONDS = 1000;

/**
 * Makes a handler run once per key, of a function or of the records of a `batch()`. Duplicates get the result of the run that there was; while
 * it goes on they fail, so that their source tries again. A handler that throws gives its key up. One that was killed, or timed out, is past its
 * deadline when the next attempt comes, which takes over and runs it again.
 *
 * @example
 * export const handler = idempotent(async ({ id, cents }: Payment) => charge(id, cents), { key: 'id' });
 * @throws {TypeError | RangeError} when an option is none
 */
export function idempotent<Input, Result, Context extends Deadline = Deadline>(
  handler: (input: Input, context: Context) => Result,
  options: IdempotencyOptions<NoInfer<Input>>,
): IdempotentHandler<Input, Awaited<Result>, Context> {
  const {
    key,
    store = dynamoDbStore(),
    scope,
    expiresAfterSeconds = ONE_DAY_SECONDS,
    payload,
    keepResult = true,
  } = options;
  if (!(expiresAfterSeconds > 0)) {
    throw new RangeError(`expiresAfterSeconds is ${expiresAfterSeconds}, but must be more than 0`);
  }
  const read = keyReader<Input>(key);
  return async (input, context): Promise<Awaited<Result>> => {
    const id = `${scope ?? optionalVariable('AWS_LAMBDA_FUNCTION_NAME') ?? ''}#${read(input)}`;
    const now = Date.now();
    const heldUntil = now + context.getRemainingTimeInMillis() + SKEW_MILLISECONDS;
    const claim: Claim = {
      id,
      token: randomUUID(),
      now,
      heldUntil,
      expiresAt: Math.max(now + expiresAfterSeconds * 1000, heldUntil),
      ...(payload === undefined ? {} : { payload: hashOf(payload(input)) }),
    };
    const answer = await store.claim(claim);
    // What JSON made of the handler's own result, or nothing: the type holds as far as JSON goes.
    if (answer.state !== 'claimed') return resultOf(answer, claim) as Awaited<Result>;
    let result: Awaited<Result>;
    try {
      result = await handler(input, context);
    } catch (error) {
      // The handler's error is the one to hear of; a key that cannot be given up is taken over after the deadline.
      await store.release(claim).catch(() => undefined);
      throw error;
    }
    if (!(await store.complete(claim, keepResult ? jsonOf(result, id) : undefined))) throw new ClaimLostError(id);
    return result;
  };
}

function resultOf(answer: Exclude<ClaimAnswer, { state: 'claimed' }>, { id, now, payload }: Claim): unknown {
  if (payload !== undefined && answer.payload !== undefined && payload !== answer.payload) {
    throw new PayloadMismatchError(id);
  }
  if (answer.state === 'held') throw new InProgressError(id, Math.max(0, answer.heldUntil - now));
  return answer.result === undefined ? undefined : JSON.parse(answer.result);
}

function jsonOf(result: unknown, id: string): string | undefined {
  try {
    return JSON.stringify(result);
  } catch (cause) {
    throw new ResultError(`the result for '${id}' is no JSON: return one that is, or set keepResult: false`, { cause });
  }
}
