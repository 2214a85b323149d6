/** The six standard levels with their priorities. */
export const LEVELS: Readonly<Record<StandardLevel, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
};

/** A level that every logger has. */
export type StandardLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Writes an entry: a message and whatever belongs to it. */
export type LogFunction = (message?: unknown, detail?: unknown) => void;

/** Levels that a logger knows, with custom ones, and the lowest that it writes. */
export class LevelTable {
  readonly priorities: ReadonlyMap<string, number>;
  readonly #lowest: number;

  constructor(level: string, custom: Readonly<Record<string, number>> = {}) {
    const priorities = new Map<string, number>(Object.entries(LEVELS));
    for (const [name, priority] of Object.entries(custom)) priorities.set(name, Number(priority));
    this.priorities = priorities;
    this.#lowest =
      level === 'none'
        ? Number.POSITIVE_INFINITY
        : (priorities.get(level.toLowerCase()) ?? priorities.get(level) ?? LEVELS.info);
  }

  /** Whether entries of a level are written. */
  writes(level: string): boolean {
    return (this.priorities.get(level) ?? Number.NEGATIVE_INFINITY) >= this.#lowest;
  }
}
