import { type AttributeValue, attributeOf, type Item } from './attributeValue.ts';
import { type Consumed, consumedByRead, readUnits, wantsCapacity } from './capacity.ts';
import { DynamoDbError, invalidParameter, validationException } from './errors.ts';
import type { Expressions } from './expressions/expressions.ts';
import { type Keys, keyNames, keyOfIndex, keyOfItem } from './keys.ts';
import { checkConditions, type LegacyCondition, legacyTest } from './legacy/conditions.ts';
import { splicedList } from './operation.ts';
import { type Page, type PageRequest, readPage } from './page.ts';
import { attributesToGet, checkKeyValues, requireScalarKeys } from './parameters.ts';
import type { Cursor, Row, Rows } from './rows.ts';
import type { Index, Table } from './table.ts';

/** The parameters that Query and Scan have in common. */
export interface ReadInput {
  readonly IndexName?: string | undefined;
  readonly Select?: string | undefined;
  readonly Limit?: number | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly AttributesToGet?: string[] | undefined;
  readonly ConditionalOperator?: 'AND' | 'OR' | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly ExclusiveStartKey?: Item | undefined;
  readonly ReturnConsumedCapacity?: 'INDEXES' | 'TOTAL' | 'NONE' | undefined;
}

/** The answer that Query and Scan give alike. */
export interface ReadOutput {
  Items: Item[] | undefined;
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey: Item | undefined;
  ConsumedCapacity: Consumed;
}

/** Checks the legacy filter of a read. Its test is made afterwards: AWS tells what is wrong with the rest first. */
export function checkFilter(filter: Readonly<Record<string, LegacyCondition>> | undefined): void {
  if (filter !== undefined) checkConditions(filter);
}

/** Checks the values of a starting key: most of what is wrong with it has a text of its own. */
export function checkStartKey(key: Item | undefined): void {
  if (key === undefined) return;
  try {
    checkKeyValues(key);
  } catch (error) {
    const own = error instanceof DynamoDbError && error.name === 'ValidationException' && PREFIXED.test(error.message);
    throw own ? validationException(`The provided starting key is invalid: ${error.message}`) : error;
  }
}

const PREFIXED = /^Supplied AttributeValue|Null attribute value types|An string set {2}may not|Binary sets should not/;

/** A read of a table or of one of its indexes, ready to be carried out. */
export class Reading {
  readonly table: Table;
  readonly index: Index | undefined;
  readonly rows: Rows;
  readonly #input: ReadInput;
  readonly #expressions: Expressions;

  /** @throws ValidationException when there is no such index, or it does not allow what is asked */
  constructor(table: Table, input: ReadInput, expressions: Expressions) {
    this.table = table;
    this.#input = input;
    this.#expressions = expressions;
    const { IndexName } = input;
    this.index = IndexName === undefined ? undefined : table.index(IndexName);
    if (IndexName !== undefined && this.index === undefined) {
      throw validationException(`The table does not have the specified index: ${IndexName}`);
    }
    if (this.index?.kind === 'global' && input.ConsistentRead === true) {
      throw validationException('Consistent reads are not supported on global secondary indexes');
    }
    const rows = this.index === undefined ? table.rows : table.rows.indexes[table.indexes.indexOf(this.index)];
    if (rows === undefined) throw new Error('an index has rows');
    this.rows = rows;
  }

  /** The keys that the rows are in the order of. */
  get keys(): Keys {
    return this.index?.keys ?? this.table.keys;
  }

  /**
   * @param envelope - what the operation puts before one of its texts
   * @throws ValidationException when attributes are asked for that the index cannot give, or in two ways at once
   */
  checkSelect(envelope: string): void {
    const { Select, AttributesToGet, ProjectionExpression } = this.#input;
    const { index } = this;
    if (Select === 'ALL_ATTRIBUTES' && index?.kind === 'global' && index.projected !== undefined) {
      throw invalidParameter(
        `Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
      );
    }
    if (index?.kind === 'global' && index.projected !== undefined) {
      const missing = [...this.#names].filter((name) => index.projected?.includes(name) === false);
      if (missing.length > 0) {
        throw invalidParameter(`Global secondary index ${index.name} does not project [${missing.join(', ')}]`);
      }
    }
    if (Select === 'ALL_PROJECTED_ATTRIBUTES' && index === undefined) {
      throw invalidParameter('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
    }
    const named = AttributesToGet !== undefined || ProjectionExpression !== undefined;
    if (Select === 'SPECIFIC_ATTRIBUTES' && !named) {
      throw validationException(
        `${envelope}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
      );
    }
    if (Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES' && named) {
      const what = AttributesToGet === undefined ? 'ProjectionExpression' : 'AttributesToGet';
      throw invalidParameter(
        Select === 'COUNT'
          ? `Cannot specify the ${what} when choosing to get only the Count`
          : `Cannot specify the ${what} when choosing to get ${Select}`,
      );
    }
  }

  /** The attributes that are asked for by name. */
  get #names(): ReadonlySet<string> {
    const { projection } = this.#expressions;
    return new Set(projection === undefined ? this.#input.AttributesToGet : projection.paths.map(([name]) => name));
  }

  /** Checks that no path of an expression goes below a key attribute. */
  checkPaths(): void {
    const { filter, projection } = this.#expressions;
    const names = [...keyNames(this.table.keys), ...(this.index === undefined ? [] : keyNames(this.index.keys))];
    for (const bound of [filter, projection]) if (bound !== undefined) requireScalarKeys(bound.paths, names, 'Key');
  }

  /** The names of the attributes that a starting key must have. */
  get startNames(): ReadonlySet<string> {
    return new Set([...keyNames(this.table.keys), ...(this.index === undefined ? [] : keyNames(this.index.keys))]);
  }

  /** Where an item of the rows, or a starting key, stands. */
  cursorOf(item: Item): Cursor {
    const table = keyOfItem(this.table.keys, item);
    if (this.index === undefined) return { key: table };
    const key = keyOfIndex(this.index, item);
    if (key === undefined) throw validationException('The provided starting key is invalid');
    return { key, table };
  }

  /** Reads a page, and answers with it. */
  answer(
    fetch: PageRequest['fetch'],
    start: Cursor | undefined,
    legacyFilter: Readonly<Record<string, LegacyCondition>> | undefined,
  ): ReadOutput {
    const { Limit, Select, ConsistentRead = false, AttributesToGet, ReturnConsumedCapacity } = this.#input;
    const { filter, projection, values } = this.#expressions;
    const page = readPage(
      {
        limit: Limit,
        filter:
          filter === undefined
            ? legacyTest(legacyFilter, this.#input.ConditionalOperator)
            : (item) => filter.test(item, values),
        project: projection?.project ?? (AttributesToGet && attributesToGet(AttributesToGet)),
        wantsItems: Select !== 'COUNT',
        complete: this.#completes() ? (item) => this.#complete(item) : undefined,
        fetch,
        cursorOf: (item) => this.cursorOf(item),
      },
      start,
    );
    return {
      Items: Select === 'COUNT' ? undefined : splicedList(page.texts),
      Count: page.count,
      ScannedCount: page.scannedCount,
      LastEvaluatedKey: page.last && this.#keyOf(page.last),
      ConsumedCapacity: wantsCapacity(ReturnConsumedCapacity)
        ? this.#consumed(page, ConsistentRead, ReturnConsumedCapacity)
        : undefined,
    };
  }

  /** Whether items of a local index are read from the table: it lacks attributes that are asked for. */
  #completes(): boolean {
    const projected = this.index?.kind === 'local' ? this.index.projected : undefined;
    if (projected === undefined) return false;
    if (this.#input.Select === 'ALL_ATTRIBUTES') return true;
    return [...this.#names].some((name) => !projected.includes(name));
  }

  #complete(item: Item): Row | undefined {
    return this.table.rows.get(keyOfItem(this.table.keys, item));
  }

  #keyOf(item: Item): Item {
    const key: Item = {};
    for (const name of this.startNames) {
      const value: AttributeValue | undefined = attributeOf(item, name);
      if (value !== undefined) key[name] = value;
    }
    return key;
  }

  #consumed({ bytes, completed }: Page, consistent: boolean, mode: 'INDEXES' | 'TOTAL' | 'NONE' | undefined): Consumed {
    const ofTable = completed.reduce((sum, size) => sum + readUnits(size, consistent), 0);
    return consumedByRead(this.table, this.index, mode, readUnits(bytes, consistent), ofTable);
  }
}
