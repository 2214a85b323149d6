import type { Databases } from '../kernel/databases.ts';
import type { Endpoints } from '../kernel/endpoints.ts';
import { byRandom, type Chance } from '../kernel/faults.ts';
import type { Order } from '../kernel/order.ts';
import type { Random } from '../kernel/random.ts';
import type { Scheduler, SchedulerMark } from '../kernel/scheduler.ts';
import { SettleError } from '../kernel/settling.ts';
import type { Store } from '../kernel/store.ts';
import type { Trace } from '../kernel/trace.ts';
import { Gate } from './gate.ts';
import { OrderedEndpoints } from './orderedEndpoints.ts';
import type { RunRecord, Strategy } from './record.ts';
import { SeededOrder, uniform } from './seededOrder.ts';
import { DatabaseFront } from './tcp/databaseFront.ts';
import type { Dependency } from './tcp/options.ts';
import { TestClient } from './testClient.ts';
import { Watchdog } from './watchdog.ts';

/** How a run is chosen. */
export interface RunOptions {
  readonly seed: number;
  /** @default - each of the ready steps with the same chance, drawn from the seed */
  readonly strategy?: Strategy | undefined;
}

/** What is brought back between runs. */
export interface RunParts {
  readonly scheduler: Scheduler;
  readonly store: Store;
  readonly random: Random;
  readonly trace: Trace;
}

/** The runs of a cloud whose order is chosen: each begins where the last deploy ended. */
export class SeededRuns implements Disposable {
  readonly client: TestClient = new TestClient(() => this.#parts?.scheduler.look());
  readonly order: Order = {
    isQuiet: (isSettling) => this.#run.isQuiet(isSettling),
    choose: (ready) => this.#run.choose(ready),
    spoil: (reason, remedy, where) => this.#run.spoil(reason, remedy, where),
  };
  #run: SeededOrder;
  #parts: RunParts | undefined;
  #mark: SchedulerMark | undefined;
  #watchdog: Watchdog | undefined;
  #front: DatabaseFront | undefined;

  constructor({ seed, strategy = uniform(seed) }: RunOptions) {
    this.#run = new SeededOrder(seed, strategy, this.client);
  }

  /** What makes the run that goes on, or went on last, repeatable. */
  get record(): RunRecord {
    return this.#run.record;
  }

  /** Has databases beside the cloud be part of the order. */
  async front(dependencies: readonly Dependency[]): Promise<void> {
    this.#front = await DatabaseFront.listen(dependencies);
  }

  /** Databases beside the cloud that are part of the order. */
  get databases(): Databases | undefined {
    return this.#front;
  }

  /** Says what the runs are of. @returns where requests wait */
  begin(parts: RunParts): Gate {
    this.#parts = parts;
    const { scheduler } = parts;
    this.#front?.begin(scheduler, parts.trace);
    this.#watchdog = new Watchdog(scheduler, () => this.#run.steps);
    return new Gate(scheduler, this.client);
  }

  /** What decides whether something goes wrong: a choice of the run, made by the seed unless its strategy wants otherwise. */
  chance(random: Random): Chance {
    const bySeed = byRandom(random);
    return (draw) => this.#run.draw(draw, bySeed(draw));
  }

  /** Endpoints whose requests wait for their turn. */
  endpoints(host: string, gate: Gate): Endpoints {
    return new OrderedEndpoints(this.#partsNow.store, host, gate, this.client);
  }

  /** Says that a deploy has ended: runs begin here. */
  deployed(): void {
    const { scheduler, store } = this.#partsNow;
    store.mark();
    this.#mark = scheduler.mark();
  }

  /** Brings everything back to where the last deploy ended. */
  async reset({ seed, strategy = uniform(seed) }: RunOptions): Promise<void> {
    const { scheduler, store, random, trace } = this.#partsNow;
    await this.#rest();
    if (this.#mark === undefined) this.deployed();
    this.#run = new SeededOrder(seed, strategy, this.client);
    this.client.restart();
    store.comeBack();
    random.restart(`${seed}/run`);
    trace.clear(0);
    if (this.#mark !== undefined) scheduler.comeBack(this.#mark, this.order);
    await this.#front?.rest();
  }

  [Symbol.dispose](): void {
    this.#watchdog?.[Symbol.dispose]();
    this.#front?.close();
    this.client[Symbol.dispose]();
  }

  /** What a run left going on comes to its end first. */
  async #rest(): Promise<void> {
    try {
      await this.#partsNow.scheduler.settle({ timeout: REST_LIMIT });
    } catch (error) {
      // What does not come to an end is ended: see Environment.reset.
      if (!(error instanceof SettleError)) throw error;
    }
  }

  get #partsNow(): RunParts {
    if (this.#parts === undefined) throw new Error('the cloud has not started');
    return this.#parts;
  }
}

/** Milliseconds of the machine's time: longer than the watchdog's patience. */
const REST_LIMIT = 30_000;
