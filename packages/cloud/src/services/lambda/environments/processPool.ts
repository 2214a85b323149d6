import { availableParallelism } from 'node:os';
import { wall } from '../../../kernel/clock.ts';
import type { RunnableFunction } from './contract.ts';
import { FunctionProcess } from './functionProcess.ts';
import { nodeFlags } from './runtimeRules.ts';
import type { Supervisor } from './supervisor.ts';

/** Blank processes kept for each kind of function. */
const KEPT = 2;
/** Milliseconds of the machine's time after which a blank that was taken is replaced. */
const REFILL_DELAY = 100;

interface Shelf {
  readonly flags: readonly string[];
  readonly blanks: FunctionProcess[];
  readonly waiting: ((process: FunctionProcess) => void)[];
  starting: number;
  /** Whether it is going to be refilled. */
  isRefilled: boolean;
}

/** What starts processes, and keeps blank ones: those that wait for their function. */
export class ProcessPool {
  readonly #supervisor: Supervisor;
  readonly #marker: string;
  readonly #preload: readonly string[];
  readonly #variables: Readonly<Record<string, string>>;
  readonly #shelves = new Map<string, Shelf>();
  /** Starts that an invocation waits for; the others are for later. */
  readonly #urgent: (() => Promise<void>)[] = [];
  readonly #queue: (() => Promise<void>)[] = [];
  readonly #all = new Set<FunctionProcess>();
  #inFlight = 0;
  #count = 0;
  #isStopped = false;

  /**
   * @param marker - the beginning of the marker of each process
   * @param preload - arguments of Node for all of them
   * @param variables - of all of them, from the start
   */
  constructor(
    supervisor: Supervisor,
    marker: string,
    preload: readonly string[],
    variables: Readonly<Record<string, string>>,
  ) {
    this.#supervisor = supervisor;
    this.#marker = marker;
    this.#preload = preload;
    this.#variables = variables;
  }

  /** A process for a function: a blank that is ready, else one that is started now. */
  async take(target: RunnableFunction): Promise<FunctionProcess> {
    const shelf = this.#shelfOf(target);
    this.#refillLater(shelf);
    for (let blank = shelf.blanks.pop(); blank !== undefined; blank = shelf.blanks.pop()) {
      if (blank.hasEnded) continue;
      return blank;
    }
    const { promise, resolve } = Promise.withResolvers<FunctionProcess>();
    shelf.waiting.push(resolve);
    // One that is on its way already for nobody in particular will do.
    if (shelf.starting < shelf.waiting.length) this.#startBlank(shelf, true);
    return promise;
  }

  /** A process that is started for one function, with variables that Node reads at its start. */
  startFresh(
    target: RunnableFunction,
    environment: Readonly<Record<string, string>>,
    wrapper?: string,
  ): Promise<FunctionProcess> {
    const { promise, resolve, reject } = Promise.withResolvers<FunctionProcess>();
    const flags = nodeFlags(target.runtime, target.memoryMegabytes);
    this.#enqueue(true, async () => {
      try {
        const process = await this.#start(flags, environment, false, wrapper);
        resolve(process);
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }

  /** Sees to it that there are blanks for functions like this one. */
  keep(target: RunnableFunction, count: number): void {
    this.#fill(this.#shelfOf(target), Math.min(count, KEPT));
  }

  /** Ends all processes, blank or not. */
  stop(): void {
    this.#isStopped = true;
    for (const process of this.#all) process.kill();
  }

  #shelfOf({ runtime, memoryMegabytes }: RunnableFunction): Shelf {
    const flags = nodeFlags(runtime, memoryMegabytes);
    const key = flags.join(' ');
    let shelf = this.#shelves.get(key);
    if (shelf === undefined)
      this.#shelves.set(key, (shelf = { flags, blanks: [], waiting: [], starting: 0, isRefilled: false }));
    return shelf;
  }

  /** Not in the way of the invocation that took one: a start blocks the loop. */
  #refillLater(shelf: Shelf): void {
    if (shelf.isRefilled) return;
    shelf.isRefilled = true;
    wall.after(REFILL_DELAY, () => {
      shelf.isRefilled = false;
      this.#fill(shelf, KEPT);
    });
  }

  #fill(shelf: Shelf, count: number): void {
    const missing = count + shelf.waiting.length - shelf.blanks.length - shelf.starting;
    for (let more = 0; more < missing; more++) this.#startBlank(shelf);
  }

  #startBlank(shelf: Shelf, isUrgent = false): void {
    shelf.starting++;
    this.#enqueue(isUrgent, async () => {
      const environment = { PATH: process.env['PATH'] ?? '' };
      const blank = await this.#start(shelf.flags, environment, true).finally(() => shelf.starting--);
      const first = shelf.waiting.shift();
      if (first === undefined) shelf.blanks.push(blank);
      else first(blank);
    });
  }

  async #start(
    flags: readonly string[],
    environment: Readonly<Record<string, string>>,
    isBlank: boolean,
    wrapper?: string,
  ): Promise<FunctionProcess> {
    const process = await FunctionProcess.start({
      flags: [...flags, ...this.#preload],
      environment: { ...environment, ...this.#variables },
      isBlank,
      wrapper,
      marker: `${this.#marker}.${this.#count++}.`,
      supervisor: this.#supervisor,
    });
    this.#all.add(process);
    process.whenEnded(() => this.#all.delete(process));
    if (this.#isStopped) process.kill();
    await process.ready;
    return process;
  }

  /** A start blocks the loop for a while: only a few at once, and others get their turn between them. */
  #enqueue(isUrgent: boolean, start: () => Promise<void>): void {
    (isUrgent ? this.#urgent : this.#queue).push(start);
    this.#next();
  }

  #next(): void {
    if (this.#inFlight >= availableParallelism()) return;
    // What nobody waits for is started one at a time.
    const start = this.#urgent.shift() ?? (this.#inFlight === 0 ? this.#queue.shift() : undefined);
    if (start === undefined || this.#isStopped) return;
    this.#inFlight++;
    setImmediate(() => {
      void start().finally(() => {
        this.#inFlight--;
        this.#next();
      });
    });
  }
}
