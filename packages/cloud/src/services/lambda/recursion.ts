import type { Trace } from '../../kernel/trace.ts';

/** So often a function may run in one chain of events. https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html */
const MOST_RUNS = 16;
/** Steps between two runs of a chain that are looked at: a call, a delivery, a run of an event. */
const MOST_STEPS = 50;
/** Runs whose lineage is remembered: what followed from older ones begins anew. */
const MOST_REMEMBERED = 20_000;

/** Hops that bring an event on through a service whose loops Lambda detects. */
const LINKS = new Set(['sqs SendMessage', 'sqs SendMessageBatch', 'sns Publish', 'sns PublishBatch']);

/** What is known of a function in the chain that a run belongs to. */
interface Ancestor {
  /** Runs that were reached through a queue or a topic, and the first. */
  readonly runs: number;
  /** Whether the chain went through a queue or a topic since. */
  readonly isLinked: boolean;
}

/** By the functions' ARNs. */
type Lineage = ReadonlyMap<string, Ancestor>;

/**
 * Counts how often functions run in one chain of causes. Each run keeps its lineage, so that a run looks no further back than to the one that it
 * follows from.
 */
export class Recursion {
  readonly #trace: Trace;
  readonly #lineages = new Map<number, Lineage>();

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /**
   * Says that a function is about to run.
   *
   * @param hop - the id of the run's hop
   * @returns whether it is in a loop: it has run so often that it must not run again
   */
  enter(functionArn: string, hop: number): boolean {
    const before = this.#before(hop);
    const known = before.get(functionArn);
    const runs = known === undefined ? 1 : known.runs + (known.isLinked ? 1 : 0);
    const lineage = new Map(before).set(functionArn, { runs, isLinked: false });
    if (this.#lineages.size >= MOST_REMEMBERED) this.#forgetHalf();
    this.#lineages.set(hop, lineage);
    return runs > MOST_RUNS;
  }

  /** The lineage of the run that this one follows from. */
  #before(hop: number): Lineage {
    let isLinked = false;
    let id = hop;
    for (let step = 0; step < MOST_STEPS && id !== 0; step++) {
      const lineage = id === hop ? undefined : this.#lineages.get(id);
      if (lineage !== undefined) return isLinked ? linked(lineage) : lineage;
      const found = this.#trace.get(id);
      if (found === undefined) break;
      isLinked ||= LINKS.has(`${found.service} ${found.operation}`);
      id = found.cause;
    }
    return NONE;
  }

  #forgetHalf(): void {
    let left = MOST_REMEMBERED / 2;
    for (const id of this.#lineages.keys()) {
      if (left-- <= 0) return;
      this.#lineages.delete(id);
    }
  }
}

const NONE: Lineage = new Map();

const linked = (lineage: Lineage): Lineage =>
  new Map(Array.from(lineage, ([arn, { runs }]) => [arn, { runs, isLinked: true }]));
