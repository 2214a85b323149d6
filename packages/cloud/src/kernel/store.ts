import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** A value that SQLite stores. */
export type Value = SQLInputValue;

let memories = 0;

const MEMORY_IS_FULL =
  'the state in memory has reached the 1 GB that SQLite gives it: keep it in a file instead, with { folder } or without --in-memory';

/** SQLITE_FULL */
const isFull = (error: unknown): boolean => error instanceof Error && 'errcode' in error && error.errcode === 13;

/** Rises whenever the layout of any table changes: a state of another layout is not opened. */
const LAYOUT = 2;

interface Savepoint {
  readonly save: StatementSync;
  readonly release: StatementSync;
  readonly undo: StatementSync;
}

/** What begins a transaction, and what ends it. */
interface Bounds {
  readonly begin: () => void;
  readonly commit: () => void;
  readonly rollback: () => void;
}

/** The state in a folder was written by another version of Skein. */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly file: string;

  constructor(file: string) {
    super(
      `the state in ${file} was written by another version of Skein: delete the folder ${dirname(file)} and deploy again`,
    );
    this.file = file;
  }
}

/**
 * The cloud's state: one SQLite database, in memory or in a file, in which each service owns its tables. Everything is synchronous;
 * one operation is one transaction. A killed process loses nothing that was acknowledged (WAL, synchronous NORMAL: a power cut may).
 */
export class Store {
  /** The file, or undefined when the state is in memory. */
  readonly file: string | undefined;
  readonly #database: DatabaseSync;
  readonly #whole: Bounds;
  /** Between which statements a transaction lies. */
  #bounds: Bounds;
  readonly #savepoints: Savepoint[] = [];
  /** The tables that were defined since the mark; undefined without one. */
  #defined: string[] | undefined;
  #depth = 0;
  /** Whether the transaction has begun in SQLite too: at its first write, since most operations only read. */
  #isBegun = false;

  constructor(file?: string) {
    this.file = file;
    // Not imported: an import of node:fs loads its streams too, 4 ms at every start.
    if (file !== undefined) process.getBuiltinModule('node:fs').mkdirSync(dirname(file), { recursive: true });
    // memdb, not ':memory:': there a page that becomes empty (the front of a long queue) stalls a commit.
    this.#database = new DatabaseSync(file ?? `file:/skein${memories++}?vfs=memdb`);
    this.#database.exec(`pragma page_size = 8192; pragma locking_mode = exclusive; pragma journal_mode = ${file === undefined ? 'memory' : 'wal'};
      pragma synchronous = normal; pragma wal_autocheckpoint = 1000; pragma cache_size = -65536; pragma temp_store = memory;
      create table if not exists setting(name text primary key, value text not null) without rowid`);
    this.#checkLayout();
    const running = (sql: string): (() => void) => {
      const statement = this.#database.prepare(sql);
      return () => statement.run();
    };
    this.#whole = { begin: running('begin'), commit: running('commit'), rollback: running('rollback') };
    this.#bounds = this.#whole;
  }

  /** @throws {StateError} when the file has tables of another layout */
  #checkLayout(): void {
    const { user_version: layout } = this.#database.prepare('pragma user_version').get() ?? {};
    const isNew =
      this.#database.prepare("select 1 from sqlite_schema where name <> 'setting' limit 1").get() === undefined;
    if (layout === LAYOUT) return;
    if (!isNew && this.file !== undefined) {
      this.#database.close();
      throw new StateError(this.file);
    }
    this.#database.exec(`pragma user_version = ${LAYOUT}`);
  }

  /** Runs statements that define tables. They must be repeatable: `create table if not exists …`. */
  define(sql: string): void {
    this.#beginNow();
    this.#database.exec(sql);
    this.#defined?.push(sql);
  }

  /** Drops a table, if it is there. */
  drop(table: string): void {
    this.#beginNow();
    this.#database.exec(`drop table if exists ${table}`);
  }

  /** A prepared statement whose rows are objects. Prepare once, keep it. */
  prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    if (!READS.test(sql)) beforeEachUse(statement, this.#beginNow);
    return statement;
  }

  /** A prepared statement whose rows are arrays, which cost less. */
  prepareArrays(sql: string): StatementSync {
    const statement = this.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  /** Begins the transaction that the next statement writes in, if there is one that has not begun. */
  readonly #beginNow = (): void => {
    if (this.#depth === 0 || this.#isBegun) return;
    this.#bounds.begin();
    this.#isBegun = true;
  };

  /**
   * Runs `work` in one transaction: all of its writes, or none when it throws. Inside another one it is a part of that one, which it
   * undoes alone when it throws.
   */
  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return this.#nested(work);
    this.#depth = 1;
    try {
      const result = work();
      if (this.#isBegun) this.#bounds.commit();
      return result;
    } catch (error) {
      // SQLite has already rolled back after some errors (disk full, for one).
      if (this.#isBegun && this.#database.isTransaction) this.#bounds.rollback();
      throw this.file === undefined && isFull(error) ? new Error(MEMORY_IS_FULL, { cause: error }) : error;
    } finally {
      this.#depth = 0;
      this.#isBegun = false;
    }
  }

  /** Marks what is there now, to come back to: a state in memory lies in one transaction from here on. */
  mark(): void {
    if (this.#defined !== undefined && this.#database.isTransaction) this.#whole.commit();
    this.#whole.begin();
    this.#defined = [];
    const { save, release, undo } = this.#savepoint(0);
    this.#bounds = {
      begin: () => save.run(),
      commit: () => release.run(),
      rollback: () => {
        undo.run();
        release.run();
      },
    };
  }

  /** Comes back to the mark: nothing that was written since is there any more. */
  comeBack(): void {
    if (this.#defined === undefined) throw new Error('there is no mark to come back to');
    // A full database has come back by itself.
    if (this.#database.isTransaction) this.#whole.rollback();
    // Who defined a table counts on it, from now on at the mark too.
    for (const sql of this.#defined.splice(0)) this.#database.exec(sql);
    this.#whole.begin();
  }

  #nested<T>(work: () => T): T {
    this.#beginNow();
    const { save, release, undo } = this.#savepoint(this.#depth++);
    save.run();
    try {
      const result = work();
      release.run();
      return result;
    } catch (error) {
      undo.run();
      release.run();
      throw error;
    } finally {
      this.#depth--;
    }
  }

  /** The statements of transactions that lie so deep in others. */
  #savepoint(depth: number): Savepoint {
    const prepare = (sql: string): StatementSync => this.#database.prepare(`${sql} nested${depth}`);
    return (this.#savepoints[depth] ??= {
      save: prepare('savepoint'),
      release: prepare('release'),
      undo: prepare('rollback to'),
    });
  }

  /** A setting of the cloud itself, kept with its state. */
  setting(name: string): string | undefined {
    const row = this.#database.prepare('select value from setting where name = ?').get(name);
    return row === undefined ? undefined : String(row['value']);
  }

  /** Keeps a setting. */
  keep(name: string, value: string): void {
    this.prepare('insert into setting values (?, ?) on conflict do update set value = excluded.value').run(name, value);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** Statements that only read. */
const READS = /^\s*select\b/i;

/** Calls `before` each time that a statement is about to run. */
function beforeEachUse(statement: StatementSync, before: () => void): void {
  for (const use of ['run', 'get', 'all', 'iterate'] as const) {
    const original: (...values: never[]) => unknown = statement[use];
    const hooked = (...values: never[]): unknown => {
      before();
      return original.apply(statement, values);
    };
    Object.defineProperty(statement, use, { value: hooked });
  }
}
