import type { Item, Order } from '../kernel/order.ts';
import { Stream } from '../kernel/random.ts';
import type { Choice, NotRepeatable, RunRecord, Strategy } from './record.ts';
import type { TestClient } from './testClient.ts';

/** Each of the ready steps with the same chance, drawn from a seed. */
export function uniform(seed: number): Strategy {
  const draws = new Stream(`${seed}\0choices`);
  return (ready) => Math.floor(draws.fraction() * ready.length);
}

/** The order of one run, which a strategy chooses and this records. */
export class SeededOrder implements Order {
  readonly #seed: number;
  readonly #strategy: Strategy;
  readonly #client: TestClient;
  readonly #choices: Choice[] = [];
  #notRepeatable: NotRepeatable | null = null;
  #divergedAt: number | null = null;
  #steps = 0;

  constructor(seed: number, strategy: Strategy, client: TestClient) {
    this.#seed = seed;
    this.#strategy = strategy;
    this.#client = client;
  }

  /** How many steps were taken. */
  get steps(): number {
    return this.#steps;
  }

  get record(): RunRecord {
    return {
      version: 1,
      seed: this.#seed,
      choices: [...this.#choices],
      notRepeatable: this.#notRepeatable,
      divergedAt: this.#divergedAt,
    };
  }

  isQuiet(isSettling: boolean): boolean {
    return this.#client.isQuiet(isSettling);
  }

  choose(ready: readonly Item[]): Item {
    this.#steps++;
    const [first] = ready;
    if (first === undefined) throw new Error('there is nothing to choose from');
    if (ready.length === 1) return first;
    const labels = ready.map(({ label }) => label);
    const index = this.#choices.length;
    const wanted = this.#strategy(labels, index);
    const chosen = ready[wanted];
    if (chosen === undefined) this.#divergedAt ??= index;
    this.#choices.push({ taken: chosen === undefined ? 0 : wanted, ready: labels });
    return chosen ?? first;
  }

  spoil(reason: string, remedy: string, where: string): void {
    this.#notRepeatable ??= { reason, remedy, where };
  }
}
