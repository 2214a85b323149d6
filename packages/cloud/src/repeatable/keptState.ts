import type { Store } from '../kernel/store.ts';

/** The rows of all tables as they stood at one time. */
export class KeptState {
  readonly #store: Store;
  readonly #tables: readonly string[];

  /** Keeps a copy of every table. */
  constructor(store: Store, isFirst: boolean) {
    this.#store = store;
    if (isFirst) store.define("attach ':memory:' as kept");
    else for (const table of tablesOf(store, 'kept')) store.define(`drop table kept.${quoted(table)}`);
    this.#tables = tablesOf(store, 'main');
    for (const table of this.#tables) {
      store.define(`create table kept.${quoted(copyOf(table))} as select * from main.${quoted(table)}`);
    }
  }

  /** Brings them back. */
  restore(): void {
    const store = this.#store;
    store.transaction(() => {
      const all = tablesOf(store, 'main').map(quoted);
      // All of them first: what refers to a row goes with it.
      store.define(all.map((table) => `delete from main.${table}`).join(';'));
      store.define(
        this.#tables
          .map((table) => `insert into main.${quoted(table)} select * from kept.${quoted(copyOf(table))}`)
          .join(';'),
      );
    });
  }
}

function tablesOf(store: Store, schema: 'main' | 'kept'): string[] {
  const rows = store
    .prepare(
      `select name from ${schema}.sqlite_schema where type = 'table' and (name not like 'sqlite\\_%' escape '\\' or name = 'sqlite_sequence') order by rowid`,
    )
    .all();
  return rows.map(({ name }) => String(name));
}

// SQLite has its own table of the last ids (sqlite_sequence), and no other may have its name.
const copyOf = (table: string): string => `copy of ${table}`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
