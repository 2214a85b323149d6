import type { Item } from './attributeValue.ts';
import type { Row } from './rows.ts';

/** An item as it is stored. Its text is read only when somebody looks into it. */
export class Stored {
  readonly size: number;
  readonly text: string;
  #item: Item | undefined;

  constructor(size: number, text: string, item?: Item) {
    this.size = size;
    this.text = text;
    this.#item = item;
  }

  static of(row: Row | undefined): Stored | undefined {
    return row === undefined ? undefined : new Stored(row[0], row[1]);
  }

  /** Its attributes. Whoever changes them has read them for that: {@link fresh}. */
  get item(): Item {
    return (this.#item ??= this.fresh());
  }

  /** Its attributes anew, to be changed. */
  fresh(): Item {
    return JSON.parse(this.text);
  }
}
