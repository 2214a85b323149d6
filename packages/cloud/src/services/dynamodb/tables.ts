import type { StatementSync } from 'node:sqlite';
import { arn, parseArn, type Scope } from '../../kernel/names.ts';
import { RowCache } from '../../kernel/rowCache.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Store } from '../../kernel/store.ts';
import { resourceNotFound, tableNotFound, validationException } from './errors.ts';
import { TableRows } from './rows.ts';
import { Table, type TableDefinition } from './table.ts';

/** The tables of all accounts and regions: their definitions are rows, and each has SQLite tables of its own for items and indexes. */
export class Tables {
  readonly #store: Store;
  readonly #open: RowCache<string, Table>;
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #next: StatementSync;

  constructor({ store, scheduler }: Pick<ServiceEnvironment, 'store' | 'scheduler'>) {
    this.#store = store;
    this.#open = new RowCache(scheduler);
    store.define(`create table if not exists dynamodb_table(account text, region text, name text, number integer not null, definition text not null,
      primary key(account, region, name)) without rowid`);
    const where = 'where account = ? and region = ? and name = ?';
    this.#find = store.prepareArrays(`select number, definition from dynamodb_table ${where}`);
    this.#insert = store.prepare('insert into dynamodb_table values (?, ?, ?, ?, ?)');
    this.#update = store.prepare(`update dynamodb_table set definition = ? ${where}`);
    this.#delete = store.prepare(`delete from dynamodb_table ${where}`);
    this.#list = store.prepareArrays(
      'select name from dynamodb_table where account = ? and region = ? and name > ? order by name limit +?',
    );
    // Never a number twice, although the tables with the highest may be gone: what is left of one must not become another's.
    store.define('create table if not exists dynamodb_number(next integer not null)');
    this.#next = store.prepareArrays('update dynamodb_number set next = next + 1 returning next');
    if (store.prepare('select next from dynamodb_number').get() === undefined) {
      store.define('insert into dynamodb_number values (0)');
    }
  }

  /**
   * The table of a name or ARN, for an operation on items.
   *
   * @throws ResourceNotFoundException
   */
  get(scope: Scope, nameOrArn = ''): Table {
    const table = this.find(scope, nameOrArn);
    if (table === undefined) throw resourceNotFound();
    return table;
  }

  /**
   * The table of a name or ARN, for an operation on tables.
   *
   * @throws ResourceNotFoundException
   */
  describe(scope: Scope, nameOrArn = ''): Table {
    const table = this.find(scope, nameOrArn);
    if (table === undefined) throw tableNotFound(nameOf(nameOrArn));
    return table;
  }

  find(scope: Scope, nameOrArn: string): Table | undefined {
    if (nameOrArn.startsWith('arn:')) return this.#findByArn(nameOrArn);
    const key = keyOf(scope, nameOrArn);
    return this.#open.get(key) ?? this.#load(scope, nameOrArn, key);
  }

  #findByArn(text: string): Table | undefined {
    const parsed = parseArn(text);
    if (parsed === undefined || !parsed.resource.startsWith('table/'))
      throw validationException(`Invalid table ARN: ${text}`);
    return this.find(parsed, nameOf(text));
  }

  #load(scope: Scope, name: string, key: string): Table | undefined {
    const row = this.#find.get(scope.account, scope.region, name) as unknown as [number, string] | undefined; // the columns selected
    if (row === undefined) return undefined;
    const table = this.#tableOf(scope, row[0], JSON.parse(row[1]));
    this.#open.set(key, table);
    return table;
  }

  #tableOf(scope: Scope, number: number, definition: TableDefinition): Table {
    const { TableName } = definition;
    return new Table(
      number,
      tableArn(scope, TableName),
      definition,
      (indexes) =>
        new TableRows(
          this.#store,
          `dynamodb_item_${number}`,
          indexes.map(({ name }) => indexName(number, name)),
        ),
    );
  }

  create(scope: Scope, definition: TableDefinition): Table {
    const [number] = this.#next.get() as unknown as [number]; // the column returned
    this.#insert.run(scope.account, scope.region, definition.TableName, number, JSON.stringify(definition));
    this.#open.delete(keyOf(scope, definition.TableName));
    return this.#tableOf(scope, number, definition);
  }

  /** Changes a table's definition. What items an index that is new has is the caller's business. */
  change(scope: Scope, table: Table, definition: TableDefinition): Table {
    this.#update.run(JSON.stringify(definition), scope.account, scope.region, table.name);
    this.#open.delete(keyOf(scope, table.name));
    const names = new Set(definition.GlobalSecondaryIndexes.map(({ IndexName }) => IndexName));
    for (const { name, kind } of table.indexes) {
      if (kind === 'global' && !names.has(name)) this.#store.drop(indexName(table.number, name));
    }
    return this.#tableOf(scope, table.number, definition);
  }

  delete(scope: Scope, table: Table): void {
    this.#delete.run(scope.account, scope.region, table.name);
    this.#open.delete(keyOf(scope, table.name));
    for (const { name } of table.indexes) this.#store.drop(indexName(table.number, name));
    this.#store.drop(`dynamodb_item_${table.number}`);
  }

  /** At most `limit` names after `start`, in their order. */
  names({ account, region }: Scope, start: string, limit: number): string[] {
    return this.#list.all(account, region, start, limit).map((row) => String((row as unknown as [string])[0])); // the column selected
  }
}

const keyOf = ({ account, region }: Scope, name: string): string => `${account}/${region}/${name}`;

/** An index's SQLite table. Its name may have characters that SQL has no use for, and SQL does not tell case. */
const indexName = (number: number, name: string): string =>
  `dynamodb_index_${number}_${Buffer.from(name).toString('hex')}`;

export const tableArn = (scope: Scope, name: string): string => arn('dynamodb', scope, `table/${name}`);

/** The table's name in a name or ARN. */
export function nameOf(nameOrArn: string): string {
  if (!nameOrArn.startsWith('arn:')) return nameOrArn;
  return parseArn(nameOrArn)?.resource.split('/')[1] ?? nameOrArn;
}
