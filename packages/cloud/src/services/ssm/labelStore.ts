import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';

/** All SQL about the labels of versions. The table is made with the parameters'. */
export class LabelStore {
  readonly #of: StatementSync;
  readonly #move: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeAll: StatementSync;

  constructor(store: Store) {
    const here = 'account = ? and region = ? and name = ?';
    this.#of = store.prepareArrays(`select label, version from ssm_label where ${here} order by label`);
    this.#move = store.prepare(
      'insert into ssm_label values (?, ?, ?, ?, ?) on conflict do update set version = excluded.version',
    );
    this.#remove = store.prepare(`delete from ssm_label where ${here} and label = ? and version = ?`);
    this.#removeAll = store.prepare(`delete from ssm_label where ${here}`);
  }

  /** The labels of a parameter, by version. */
  of({ account, region }: Scope, name: string): Map<number, string[]> {
    const rows = this.#of.all(account, region, name) as unknown as readonly (readonly [string, number])[]; // prepared to give arrays
    const labels = new Map<number, string[]>();
    for (const [label, version] of rows) labels.set(version, [...(labels.get(version) ?? []), label]);
    return labels;
  }

  /** Puts a label on a version, from whichever version has it now. */
  move({ account, region }: Scope, name: string, label: string, version: number): void {
    this.#move.run(account, region, name, label, version);
  }

  /** Takes a label from a version, and answers whether it was there. */
  remove({ account, region }: Scope, name: string, label: string, version: number): boolean {
    return this.#remove.run(account, region, name, label, version).changes > 0;
  }

  removeAll({ account, region }: Scope, name: string): void {
    this.#removeAll.run(account, region, name);
  }
}
