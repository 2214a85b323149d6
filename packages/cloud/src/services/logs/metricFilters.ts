import type { StatementSync } from 'node:sqlite';
import type { Metrics } from '../../kernel/metrics.ts';
import { RowCache } from '../../kernel/rowCache.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { LogGroup } from './logGroup.ts';
import { type FilteredEvent, type MetricFilter, MetricFilterReader } from './metricFilter.ts';

/** The metric filters of log groups: all SQL about them, and what was read of them, which the next events need again. */
export class MetricFilters {
  readonly #metrics: Metrics;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeAll: StatementSync;
  /** By the id of their group. */
  readonly #readers: RowCache<number, readonly MetricFilterReader[]>;

  constructor({ store, metrics, scheduler }: Pick<ServiceEnvironment, 'store' | 'metrics' | 'scheduler'>) {
    this.#metrics = metrics;
    this.#readers = new RowCache(scheduler);
    store.define(`create table if not exists logs_metric_filter(
      group_id integer not null, name text not null, document text not null, primary key(group_id, name)) without rowid`);
    this.#list = store.prepareArrays('select document from logs_metric_filter where group_id = ? order by name');
    this.#put = store.prepare('insert or replace into logs_metric_filter values (?, ?, ?)');
    this.#remove = store.prepare('delete from logs_metric_filter where group_id = ? and name = ?');
    this.#removeAll = store.prepare('delete from logs_metric_filter where group_id = ?');
  }

  /** By name. */
  list({ id }: Pick<LogGroup, 'id'>): MetricFilter[] {
    return this.#list.all(id).map((row) => {
      const [document] = row as unknown as readonly [string]; // prepared to give arrays
      return JSON.parse(document) as MetricFilter; // as `put` wrote it
    });
  }

  put({ id }: Pick<LogGroup, 'id'>, filter: MetricFilter): void {
    this.#put.run(id, filter.name, JSON.stringify(filter));
    this.#readers.delete(id);
  }

  /** Answers whether there was one. */
  remove({ id }: Pick<LogGroup, 'id'>, name: string): boolean {
    this.#readers.delete(id);
    return this.#remove.run(id, name).changes > 0;
  }

  removeAllOf({ id }: Pick<LogGroup, 'id'>): void {
    this.#readers.delete(id);
    this.#removeAll.run(id);
  }

  /** Measures events that a group has taken. `events` is only called when the group has filters. */
  measure(group: LogGroup, events: () => readonly FilteredEvent[]): void {
    let readers = this.#readers.get(group.id);
    if (readers === undefined) {
      readers = this.list(group).map((filter) => new MetricFilterReader(filter));
      this.#readers.set(group.id, readers);
    }
    if (readers.length === 0) return;
    const measured = events();
    for (const reader of readers) reader.measure(this.#metrics, group, measured);
  }
}
