import type { Scheduler } from './scheduler.ts';

/**
 * What was read of rows, to be taken out where they change. It forgets all when the cloud comes back to a time before a change: see
 * {@link Scheduler.onComeBack}.
 */
export class RowCache<Key, Value> extends Map<Key, Value> {
  #hasChanged = false;

  constructor(scheduler: Pick<Scheduler, 'onComeBack'>) {
    super();
    scheduler.onComeBack(() => {
      if (this.#hasChanged) super.clear();
      this.#hasChanged = false;
    });
  }

  override delete(key: Key): boolean {
    this.#hasChanged = true;
    return super.delete(key);
  }

  override clear(): void {
    this.#hasChanged = true;
    super.clear();
  }
}
