import type { Activity, Wait } from '../../../kernel/activity.ts';
import { AwsError } from '../../../kernel/awsError.ts';
import type { Fate } from '../../../kernel/fate.ts';
import type { ServiceEnvironment } from '../../../kernel/service.ts';
import type { RunnableFunction } from './contract.ts';

/** An invocation in the middle of which, if it comes to that, a fault kills its environment. */
export class Doom {
  readonly #fate: Fate;
  readonly #kill: (when: string) => void;
  #wait: Wait | undefined;
  #operations = 0;
  /** It is killed, or has ended by itself. */
  #isOver = false;

  /** @param kill - ends the process; `when` says at which moment, in words */
  constructor(fate: Fate, kill: (when: string) => void) {
    this.#fate = fate;
    this.#kill = kill;
  }

  /** The environment has the invocation now. */
  start(activity: Activity, now: number): void {
    const { afterTime } = this.#fate;
    if (afterTime === undefined) return;
    this.#wait = activity.deadline(now + afterTime, () => {
      if (!this.#isOver && this.#fate.inTime()) this.#strike(`after ${afterTime} ms`);
    });
  }

  /**
   * An operation has come from it.
   *
   * @param name - `sqs:SendMessage`
   * @returns what to call when the operation has had its effect, if it is killed then
   * @throws when it is killed before: the operation must have no effect
   */
  operation(name: string): (() => void) | undefined {
    if (this.#isOver) return undefined;
    const which = `operation ${++this.#operations}, ${name}`;
    const moment = this.#fate.atOperation(name);
    if (moment === 'after') return () => this.#strike(`after ${which}`);
    if (moment === undefined) return undefined;
    this.#strike(`before ${which}`);
    throw environmentKilled();
  }

  /** It has come to its end. */
  end(): void {
    this.#isOver = true;
    this.#wait?.cancel();
  }

  #strike(when: string): void {
    if (this.#isOver) return;
    this.end();
    this.#kill(when);
  }
}

/** An invocation that faults may befall. */
export interface Doomed {
  readonly target: RunnableFunction;
  /** The name of its environment. */
  readonly environment: string;
  /** The id of the hop that it is. */
  readonly cause: number;
  /** Ends the environment's process. */
  kill(): void;
}

/** Settles what faults are to befall an invocation; undefined: none. */
export function newDoom(
  { faults, trace }: Pick<ServiceEnvironment, 'faults' | 'trace'>,
  { target: { arn, version }, environment, cause, kill }: Doomed,
): Doom | undefined {
  const functionArn = arn.endsWith(`:${version}`) ? arn.slice(0, -version.length - 1) : arn;
  const fate = faults.fate(functionArn, environment);
  if (fate === undefined) return undefined;
  return new Doom(fate, (when) => {
    const hop = trace.begin({
      cause,
      service: 'lambda',
      operation: 'KillEnvironment',
      principal: 'lambda.amazonaws.com',
      resource: functionArn,
      target: environment,
      note: `killed by a fault ${when}`,
    });
    trace.end(hop, 'dropped');
    kill();
  });
}

/** The answer to an operation of a process that was killed; nobody reads it. */
export const environmentKilled = (): AwsError =>
  new AwsError('EnvironmentKilled', 500, 'The environment that made this call was killed by a fault');
