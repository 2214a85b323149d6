import type { Wait } from './activity.ts';
import type { Place } from './order.ts';

/** Somebody whose steps have an order of their own: a function's process. */
export interface Lane {
  /** Says that a request of it is here; dispose of the result when its answer is on its way. */
  hold(number: number): Disposable;
  /** Says that nothing is chosen any more: wait for nobody's turn. */
  release(): void;
}

/** Something that waits for its turn. */
interface Step {
  readonly place: Place;
  readonly run: () => void;
  /** Its place among all that is due; undefined while its lane rests. */
  due?: Wait;
}

/** Whose steps an order chooses among: each waits in its lane, and can be chosen while the lane goes on. */
export class Lanes {
  /** Has a step be chosen from now on. */
  readonly #post: (place: Place, run: () => void) => Wait;
  readonly #members = new Map<string, Lane>();
  /** The steps that can be chosen, by lane. */
  readonly #due = new Map<string, Set<Step>>();
  /** The steps of lanes in which nothing goes on, by lane. */
  readonly #resting = new Map<string, Step[]>();

  constructor(post: (place: Place, run: () => void) => Wait) {
    this.#post = post;
  }

  get(lane: string): Lane | undefined {
    return this.#members.get(lane);
  }

  join(lane: string, member: Lane): void {
    this.#members.set(lane, member);
  }

  /** Says that a lane is gone, and what waits there with it. */
  leave(lane: string): void {
    this.rest(lane);
    this.#resting.delete(lane);
    this.#members.delete(lane);
  }

  /** Has a step wait for its turn. */
  step(place: Place, run: () => void): void {
    const step: Step = { place, run };
    const resting = this.#resting.get(place.lane);
    if (resting === undefined) this.#enter(step);
    else resting.push(step);
  }

  /** Says that nothing of a lane goes on: its steps wait until it does. */
  rest(lane: string): void {
    if (this.#resting.has(lane)) return;
    const steps = [...(this.#due.get(lane) ?? [])];
    for (const { due } of steps) due?.cancel();
    this.#due.delete(lane);
    this.#resting.set(lane, steps);
  }

  /** Says that a lane goes on. */
  goOn(lane: string): void {
    const steps = this.#resting.get(lane);
    if (steps === undefined) return;
    this.#resting.delete(lane);
    for (const step of steps) this.#enter(step);
  }

  /** Says that nothing is chosen any more: nobody waits for a turn, and what waits has it. */
  release(): void {
    for (const member of this.#members.values()) member.release();
    for (const lane of [...this.#resting.keys()]) this.goOn(lane);
  }

  /** Forgets what waits. */
  clear(): void {
    this.#due.clear();
    for (const steps of this.#resting.values()) steps.length = 0;
  }

  #enter(step: Step): void {
    const { lane } = step.place;
    const due = this.#due.get(lane) ?? new Set();
    this.#due.set(lane, due.add(step));
    step.due = this.#post(step.place, () => {
      due.delete(step);
      step.run();
    });
  }
}
