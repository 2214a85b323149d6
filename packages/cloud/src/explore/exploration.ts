import { wall } from '../kernel/clock.ts';
import { NotRepeatableError } from './errors.ts';
import type { Outcome, RunRequest, Scenario } from './scenario.ts';
import { type Found, simplify } from './simplify.ts';
import { type StrategyName, searchOf } from './strategies.ts';
import { type Ended, type Summary, Tally } from './tally.ts';

export interface ExplorationOptions {
  /** The test's name. */
  readonly name: string;
  /** Schedules at most. */
  readonly schedules: number;
  /** Milliseconds of the machine's time for the search; the first schedule always runs. */
  readonly budget: number;
  readonly seed: number;
  readonly strategy: StrategyName;
  /** Hears of each schedule that passed: how many there are now. */
  readonly onSchedule?: ((passed: number) => void) | undefined;
}

export interface Explored {
  readonly summary: Summary;
  /** The failing schedule; undefined: none was found. */
  readonly found: Found | undefined;
}

/**
 * Runs schedules until one fails, the number or the time is used up, or all orders were run.
 *
 * @throws {NotRepeatableError} when a run does something that the order does not cover
 */
export async function exploreScenario(scenario: Scenario, options: ExplorationOptions): Promise<Explored> {
  const tally = new Tally();
  const search = searchOf(options.strategy, options.seed);
  const start = wall.elapsed();
  const ended = (index: number): Ended | undefined => {
    if (index >= options.schedules) return 'schedules';
    return index > 0 && wall.elapsed() - start >= options.budget ? 'budget' : undefined;
  };
  for (let index = 0; ; index++) {
    const end = ended(index);
    const next = end === undefined ? search.next(index) : undefined;
    if (next === undefined) return { summary: tally.summary(end ?? 'exhausted'), found: undefined };
    const outcome = await runOnce(scenario, options.name, next);
    tally.add(outcome);
    if (outcome.failure !== undefined) {
      const summary = tally.summary('failure');
      const repeat = (request: RunRequest): Promise<Outcome> => runOnce(scenario, options.name, request);
      return { summary, found: await simplify(repeat, options.name, outcome, index + 1, scenario.faults) };
    }
    search.learn(outcome.record);
    options.onSchedule?.(index + 1);
  }
}

/** A run that means something. @throws {NotRepeatableError} */
export async function runOnce(scenario: Scenario, name: string, request: RunRequest): Promise<Outcome> {
  const outcome = await scenario.run(request);
  const { notRepeatable, seed } = outcome.record;
  if (notRepeatable !== null) throw new NotRepeatableError(name, seed, notRepeatable, outcome.failure);
  return outcome;
}
