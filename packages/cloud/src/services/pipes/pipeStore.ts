import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../kernel/names.ts';
import type { Store } from '../../kernel/store.ts';
import type { Pipe } from './pipe.ts';

/** All SQL about pipes. */
export class PipeStore {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #all: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists pipes_pipe(
      account text not null, region text not null, name text not null, document text not null,
      primary key(account, region, name)) without rowid`);
    this.#get = store.prepareArrays('select document from pipes_pipe where account = ? and region = ? and name = ?');
    this.#put = store.prepare(
      'insert into pipes_pipe values (?, ?, ?, ?) on conflict do update set document = excluded.document',
    );
    this.#delete = store.prepare('delete from pipes_pipe where account = ? and region = ? and name = ?');
    this.#list = store.prepareArrays(
      'select document from pipes_pipe where account = ? and region = ? and name > ? order by name',
    );
    this.#all = store.prepareArrays('select document from pipes_pipe order by account, region, name');
  }

  find({ account, region }: Scope, name: string): Pipe | undefined {
    const row = this.#get.get(account, region, name);
    return row === undefined ? undefined : pipeOf(row);
  }

  put(pipe: Pipe): void {
    this.#put.run(pipe.account, pipe.region, pipe.name, JSON.stringify(pipe));
  }

  delete({ account, region, name }: Pipe): void {
    this.#delete.run(account, region, name);
  }

  /** In the order of their names, behind `after`. */
  list({ account, region }: Scope, after: string): Pipe[] {
    return this.#list.all(account, region, after).map(pipeOf);
  }

  /** Those of all accounts and regions. */
  all(): Pipe[] {
    return this.#all.all().map(pipeOf);
  }
}

/** The first column: written from a pipe by `put`. */
const pipeOf = (row: unknown): Pipe => JSON.parse(String((row as readonly unknown[])[0])) as Pipe;
