import { writeFileSync } from 'node:fs';
import { decidingHops, firstLine } from './failure.ts';
import { hopTree } from './hopTree.ts';
import type { Replayed } from './replay.ts';

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
}

/** Waits for a replay, and writes what came of it, or why nothing did. Without a path it only waits. */
export async function withReport(path: string | undefined, replaying: Promise<Replayed>): Promise<Replayed> {
  if (path === undefined || path === '') return replaying;
  try {
    const replayed = await replaying;
    write(path, reportOf(replayed));
    return replayed;
  } catch (error) {
    write(path, { error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

const write = (path: string, report: ReplayReport): void => writeFileSync(path, JSON.stringify(report));

const reportOf = ({ file, outcome, note }: Replayed): ReplayReport => ({
  test: file.test,
  seed: file.seed,
  explanation: file.explanation,
  steps: outcome.record.choices,
  tree: hopTree(outcome.hops, { deciding: decidingHops(outcome), lines: Number.POSITIVE_INFINITY }),
  failure: outcome.failure === undefined ? null : firstLine(outcome.failure.message),
  note: note.text,
  isConclusive: note.isConclusive,
});
