import { wall } from '../kernel/clock.ts';
import type { Choice, NotRepeatable } from '../repeatable/record.ts';
import { NotRepeatableError } from './errors.ts';
import { type Outcome, picksOf, type RunRequest } from './scenario.ts';
import { shrink, trimmed } from './shrink.ts';
import { listed } from './strategies.ts';

/** A failing schedule, made as simple as it could be. */
export interface Found {
  readonly seed: number;
  /** Its number, from 1 up. */
  readonly schedule: number;
  /** The simplest run that fails. */
  readonly outcome: Outcome;
  readonly failure: Error;
  /** Choices other than the oldest, before and after, and what it took. */
  readonly shrunk: { readonly from: number; readonly to: number; readonly runs: number; readonly milliseconds: number };
  /** Whether it also fails in function processes in which nothing ran before. */
  readonly fresh: boolean;
}

/** A fresh run starts processes anew: some hundred milliseconds each. */
const FRESH_ATTEMPTS = 30;

/**
 * Makes a failing run simple, and looks whether it fails in fresh processes too.
 *
 * @param run - runs a request. It throws for what is not repeatable
 * @param first - the run that failed
 * @throws {NotRepeatableError} when the same choices do not fail again
 */
export async function simplify(
  run: (request: RunRequest) => Promise<Outcome>,
  name: string,
  first: Outcome,
  schedule: number,
): Promise<Found> {
  const start = wall.elapsed();
  const { seed } = first.record;
  let latest = first;
  let runs = 0;
  /** The runs that failed alike, by their picks. */
  const failing = new Map<string, Outcome>();
  const repeat = async (picks: readonly number[], more: Partial<RunRequest>): Promise<Outcome | undefined> => {
    runs++;
    latest = await run({ seed, strategy: listed(picks), ...more });
    if (!sameFailure(latest, first)) return undefined;
    failing.set(String(trimmed(picksOf(latest.record))), latest);
    return latest;
  };
  const picks = picksOf(first.record);
  // What failed only where something had run before, or only where nothing had, is tried the other way round.
  const fresh = (await repeat(picks, {})) === undefined;
  if (fresh && (await repeat(picks, { fresh })) === undefined) {
    throw new NotRepeatableError(name, seed, otherwise(first.record.choices, latest.record.choices), first.failure);
  }
  const attempt = async (fewer: readonly number[]): Promise<readonly number[] | undefined> => {
    const outcome = await repeat(fewer, { fresh });
    return outcome && picksOf(outcome.record);
  };
  const shrunk = await shrink(picks, attempt, fresh ? FRESH_ATTEMPTS : undefined);
  const outcome = failing.get(String(shrunk.picks)) ?? (await repeat(shrunk.picks, { fresh }));
  if (outcome?.failure === undefined) {
    throw new NotRepeatableError(name, seed, otherwise(first.record.choices, latest.record.choices), first.failure);
  }
  const milliseconds = wall.elapsed() - start;
  return {
    seed,
    schedule,
    outcome,
    failure: outcome.failure,
    shrunk: { from: deviations(picks), to: deviations(shrunk.picks), runs, milliseconds },
    fresh: fresh || (await repeat(shrunk.picks, { fresh: true })) !== undefined,
  };
}

const deviations = (picks: readonly number[]): number => picks.filter((pick) => pick !== 0).length;

/** Whether two runs fail alike: the numbers and ids in the message may differ. */
export function sameFailure(a: Outcome, b: Outcome): boolean {
  return a.failure !== undefined && b.failure !== undefined && kindOf(a.failure) === kindOf(b.failure);
}

const kindOf = ({ name, message }: Error): string =>
  `${name}: ${(message.split('\n', 1)[0] ?? '').replace(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '#')}`;

/** The first choice at which two runs did not have the same steps to choose from; undefined: one goes on as the other does. */
export function divergence(recorded: readonly Choice[], made: readonly Choice[]): number | undefined {
  const at = recorded.findIndex(({ ready }, place) => String(ready) !== String(made[place]?.ready));
  return at < 0 ? undefined : at;
}

const otherwise = (first: readonly Choice[], later: readonly Choice[]): NotRepeatable => {
  const at = divergence(first, later);
  return {
    reason: 'the same seed and the same choices did not fail again',
    remedy:
      'look for state outside of the app: a variable of a module, or one that bodies share which run side by side, a file, the real time, a test that depends on an earlier run',
    where:
      at === undefined
        ? 'with the same steps to choose from at each choice'
        : `at choice ${at + 1} there was ${first[at]?.ready.join(', ')}, then ${later[at]?.ready.join(', ') ?? 'nothing'}`,
  };
};
