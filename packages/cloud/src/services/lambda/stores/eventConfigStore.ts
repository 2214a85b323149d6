import type { StatementSync } from 'node:sqlite';
import type { Scope } from '../../../kernel/names.ts';
import type { Store } from '../../../kernel/store.ts';

/** How asynchronous invocations of a function, version or alias are handled. */
export interface EventConfig {
  /** `$LATEST`, a number or an alias. */
  readonly qualifier: string;
  /** @default - 6 hours */
  readonly maxAgeSeconds: number | undefined;
  /** @default - 2 */
  readonly maxRetries: number | undefined;
  /** ARN of where events go that were handled. */
  readonly onSuccess: string | undefined;
  /** ARN of where events go that were given up. */
  readonly onFailure: string | undefined;
  /** ms since 1970 */
  readonly modifiedAt: number;
}

/** Configurations of asynchronous invocation. */
export class EventConfigStore {
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteAll: StatementSync;

  constructor(store: Store) {
    store.define(`create table if not exists lambda_event_config(
      account text, region text, name text, qualifier text, config text not null, primary key(account, region, name, qualifier)) without rowid`);
    this.#find = store.prepare(
      'select config from lambda_event_config where account = ? and region = ? and name = ? and qualifier = ?',
    );
    this.#list = store.prepare(
      'select config from lambda_event_config where account = ? and region = ? and name = ? and qualifier > ? order by qualifier limit ?',
    );
    this.#put = store.prepare(
      'insert into lambda_event_config values (?, ?, ?, ?, ?) on conflict do update set config = excluded.config',
    );
    this.#delete = store.prepare(
      'delete from lambda_event_config where account = ? and region = ? and name = ? and qualifier = ?',
    );
    this.#deleteAll = store.prepare('delete from lambda_event_config where account = ? and region = ? and name = ?');
  }

  find({ account, region }: Scope, name: string, qualifier: string): EventConfig | undefined {
    const row = this.#find.get(account, region, name, qualifier);
    return row === undefined ? undefined : readConfig(row);
  }

  list({ account, region }: Scope, name: string, after: string, limit: number): EventConfig[] {
    return this.#list.all(account, region, name, after, limit).map(readConfig);
  }

  put({ account, region }: Scope, name: string, config: EventConfig): void {
    this.#put.run(account, region, name, config.qualifier, JSON.stringify(config));
  }

  delete({ account, region }: Scope, name: string, qualifier: string): void {
    this.#delete.run(account, region, name, qualifier);
  }

  deleteAll({ account, region }: Scope, name: string): void {
    this.#deleteAll.run(account, region, name);
  }
}

const readConfig = (row: Record<string, unknown>): EventConfig => JSON.parse(String(row['config'])) as EventConfig; // written by put()
