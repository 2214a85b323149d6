import { writeFileSync } from 'node:fs';
import { decidingHops, firstLine } from './failure.ts';
import { hopTree, lineOf } from './hopTree.ts';
import type { Replayed } from './replay.ts';
import type { Outcome } from './scenario.ts';
import type { Standing } from './standing.ts';

/** What `skein replay` shows of a replay: a JSON file. */
export interface ReplayReport {
  /** Why there was no replay; the rest is missing then. */
  readonly error?: string;
  readonly test?: string;
  readonly seed?: number;
  readonly explanation?: string;
  readonly steps?: readonly ReplayStep[];
  /** The hops as a tree, one line each. */
  readonly tree?: string;
  /** What the test threw; null: it passed. */
  readonly failure?: string | null;
  /** What the replay is worth. */
  readonly note?: string;
  readonly isConclusive?: boolean;
}

/** A choice between several steps that were ready. */
export interface ReplayStep {
  readonly taken: number;
  readonly ready: readonly string[];
  /** The hops that began after it and before the next one, a line each. */
  readonly hops: readonly string[];
  /** What lay in tables and queues after it; missing where looking changed the run. */
  readonly standing?: Standing | undefined;
}

/** Waits for a replay, and writes what came of it, or why nothing did. Without a path it only waits. */
export async function withReport(
  path: string | undefined,
  replaying: Promise<Replayed>,
  look: (replayed: Replayed) => Promise<readonly Standing[]>,
): Promise<Replayed> {
  if (path === undefined || path === '') return replaying;
  try {
    const replayed = await replaying;
    write(path, reportOf(replayed, await look(replayed)));
    return replayed;
  } catch (error) {
    write(path, { error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

const write = (path: string, report: ReplayReport): void => writeFileSync(path, JSON.stringify(report));

const reportOf = ({ file, outcome, note }: Replayed, standings: readonly Standing[]): ReplayReport => ({
  test: file.test,
  seed: file.seed,
  explanation: file.explanation,
  steps: outcome.record.choices.map((choice, at) => ({
    ...choice,
    hops: hopsAfter(outcome, at),
    standing: standings[at],
  })),
  tree: hopTree(outcome.hops, { deciding: decidingHops(outcome), lines: Number.POSITIVE_INFINITY }),
  failure: outcome.failure === undefined ? null : firstLine(outcome.failure.message),
  note: note.text,
  isConclusive: note.isConclusive,
});

function hopsAfter({ hops, marks }: Outcome, at: number): readonly string[] {
  const from = marks[at] ?? 0;
  const to = marks[at + 1] ?? Number.POSITIVE_INFINITY;
  return hops.filter(({ id }) => id > from && id <= to).map(lineOf);
}
