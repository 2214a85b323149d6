import type { Chance } from './faults.ts';

/** A fault that kills environments, as it was asked for. */
export interface KillFault {
  readonly kind: 'kill';
  readonly rate: number;
  readonly milliseconds: number;
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** ms. */
  readonly afterTime: number | undefined;
  /** How often it may still strike. */
  left: number;
}

/** What is to befall one invocation: when its environment is killed, if it comes to that. */
export interface Fate {
  /** ms of the cloud's time after which to ask `inTime`; undefined when time does not matter. */
  readonly afterTime: number | undefined;
  /** The time has come. @returns whether it is killed */
  inTime(): boolean;
  /**
   * An operation has come from it.
   *
   * @param name - `sqs:SendMessage`
   * @returns whether it is killed before or after it
   */
  atOperation(name: string): 'before' | 'after' | undefined;
}

/** Draws what is to befall an invocation: whether a fault with a moment strikes is settled as it begins, the others at each operation. */
export function fateOf(
  faults: readonly KillFault[],
  functionArn: string,
  environment: string,
  chance: Chance,
): Fate | undefined {
  const draw = ({ rate }: KillFault, ...labels: string[]): number =>
    chance({ resource: functionArn, kind: 'kill', rate, labels });
  const strikes = (fault: KillFault): boolean => {
    if (fault.left <= 0) return false;
    fault.left--;
    return true;
  };
  const drawn: KillFault[] = [];
  const atAny: KillFault[] = [];
  for (const fault of faults) {
    if (fault.left <= 0) continue;
    if (isAtAny(fault)) atAny.push(fault);
    else if (draw(fault, `${environment} lives`, `${environment} is killed ${momentOf(fault)}`) > 0) drawn.push(fault);
  }
  if (drawn.length === 0 && atAny.length === 0) return undefined;
  const timed = drawn
    .filter((fault) => fault.afterTime !== undefined)
    .sort((a, b) => (a.afterTime ?? 0) - (b.afterTime ?? 0));
  let operations = 0;
  return {
    afterTime: timed[0]?.afterTime,
    inTime: () => timed.some(strikes),
    atOperation(name) {
      operations++;
      if (drawn.some((fault) => fault.before === operations && strikes(fault))) return 'before';
      if (drawn.some((fault) => fault.after === operations && strikes(fault))) return 'after';
      for (const fault of atAny) {
        if (fault.left <= 0) continue;
        const killed = `${environment} is killed`;
        const end = draw(fault, `${environment} lives`, `${killed} before ${name}`, `${killed} after ${name}`);
        if (end > 0 && strikes(fault)) return end === 1 ? 'before' : 'after';
      }
      return undefined;
    },
  };
}

const isAtAny = ({ before, after, afterTime }: KillFault): boolean =>
  before === undefined && after === undefined && afterTime === undefined;

const momentOf = ({ before, after, afterTime }: KillFault): string =>
  afterTime === undefined
    ? `${before === undefined ? 'after' : 'before'} its operation ${before ?? after}`
    : `after ${afterTime} ms`;
