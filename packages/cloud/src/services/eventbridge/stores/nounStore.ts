import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';

/** All SQL about one kind of noun that is known by its name alone: buses, archives, replays, connections, API destinations. */
export class NounStore<Noun extends { readonly name: string }> {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;

  /** @param table - its own: `events_bus` */
  constructor(store: Store, table: string) {
    store.define(`create table if not exists ${table}(
      account text not null, region text not null, name text not null, document text not null,
      primary key(account, region, name)) without rowid`);
    this.#get = store.prepareArrays(`select document from ${table} where account = ? and region = ? and name = ?`);
    this.#put = store.prepare(
      `insert into ${table} values (?, ?, ?, ?) on conflict do update set document = excluded.document`,
    );
    this.#delete = store.prepare(`delete from ${table} where account = ? and region = ? and name = ?`);
    this.#list = store.prepareArrays(
      `select document from ${table} where account = ? and region = ? and name > ? order by name`,
    );
    this.#all = store.prepareArrays(`select account, region, document from ${table}`);
  }

  find({ account, region }: Scope, name: string): Noun | undefined {
    const row = this.#get.get(account, region, name);
    return row === undefined ? undefined : nounOf(row, 0);
  }

  put({ account, region }: Scope, noun: Noun): void {
    this.#put.run(account, region, noun.name, JSON.stringify(noun));
  }

  /** Answers whether there was one. */
  delete({ account, region }: Scope, name: string): boolean {
    return this.#delete.run(account, region, name).changes > 0;
  }

  /** In the order of their names, behind `after`. */
  list({ account, region }: Scope, after = ''): Noun[] {
    return this.#list.all(account, region, after).map((row) => nounOf<Noun>(row, 0));
  }

  /** Those of every account and region. */
  all(): { readonly scope: Scope; readonly noun: Noun }[] {
    return this.#all.all().map((row) => {
      const [account, region] = row as unknown as readonly [string, string]; // prepared to give arrays
      return { scope: { account, region }, noun: nounOf<Noun>(row, 2) };
    });
  }
}

/** The noun in a column: written from a value of that type by `put`. */
const nounOf = <Noun>(row: unknown, column: number): Noun =>
  JSON.parse(String((row as readonly unknown[])[column])) as Noun;
