import type { Measure } from './description.ts';
import type { Table } from './table.ts';

/** AWS counts a table's items about every six hours. */
const STALE_AFTER = 6 * 60 * 60 * 1000;
/** Tables with more are counted no oftener than that: counting reads every row. */
const ALWAYS_COUNTED = 10_000;

interface Counted {
  readonly at: number;
  readonly measures: readonly Measure[];
}

/** How many items tables and their indexes have: exactly while they are small, and as of some hours ago when counting takes long. */
export class Measures {
  readonly #counted = new Map<number, Counted>();

  /** Of the table, then of its indexes in their order. */
  of(table: Table, now: number): readonly Measure[] {
    const known = this.#counted.get(table.number);
    const isLarge = (known?.measures[0]?.count ?? 0) > ALWAYS_COUNTED;
    if (
      known !== undefined &&
      isLarge &&
      now - known.at < STALE_AFTER &&
      known.measures.length === table.indexes.length + 1
    ) {
      return known.measures;
    }
    const measures = [table.rows, ...table.rows.indexes].map((rows) => rows.measure());
    this.#counted.set(table.number, { at: now, measures });
    return measures;
  }
}
