/** What a heap orders: first by when it is due, then by when it was posted. */
export interface Ordered {
  readonly due: number;
  readonly posted: number;
}

const before = (a: Ordered, b: Ordered): boolean => a.due < b.due || (a.due === b.due && a.posted < b.posted);

/** A binary heap of things that are due, the oldest on top. */
export class Heap<T extends Ordered> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** The oldest, which stays. */
  peek(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let place = items.length;
    items.push(item);
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = items[above];
      if (parent === undefined || !before(item, parent)) break;
      items[place] = parent;
      place = above;
    }
    items[place] = item;
  }

  /** The oldest, which is taken out. */
  pop(): T | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const a = items[left];
      if (a === undefined) break;
      const b = items[left + 1];
      const [child, index] = b !== undefined && before(b, a) ? [b, left + 1] : [a, left];
      if (!before(child, last)) break;
      items[place] = child;
      place = index;
    }
    items[place] = last;
    return top;
  }

  /** All of them, in no order. */
  values(): readonly T[] {
    return this.#items;
  }
}
