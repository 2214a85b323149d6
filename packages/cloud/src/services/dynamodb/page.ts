import type { Item } from './attributeValue.ts';
import type { Cursor, Row } from './rows.ts';

const MAX_PAGE_BYTES = 1024 * 1024;
/** Rows that are fetched before anything is known of their size: at 400 KB each still no more than a machine bears. */
const FIRST_ROWS = 40;
const MAX_ROWS = 1000;

/** What a query or scan wants of the rows that it reads. */
export interface PageRequest {
  /** The most rows that are read. */
  readonly limit: number | undefined;
  readonly filter: ((item: Item) => boolean) | undefined;
  readonly project: ((item: Item) => Item) | undefined;
  /** Whether the items themselves are wanted, not only their number. */
  readonly wantsItems: boolean;
  /** The item to show for one that was read, when the rows are an index's and lack attributes; its size counts as read too. */
  readonly complete: ((item: Item) => Row | undefined) | undefined;
  fetch(cursor: Cursor | undefined, most: number): readonly Row[];
  /** Where an item stands. */
  cursorOf(item: Item): Cursor;
}

/** A page of a query's or scan's answer. */
export interface Page {
  /** The items as texts. */
  readonly texts: readonly string[];
  readonly count: number;
  readonly scannedCount: number;
  /** Of the rows read. */
  readonly bytes: number;
  /** Units that completing the items used, as if each was read by itself. */
  readonly completed: readonly number[];
  /** The last item that was read, if there may be more behind it. */
  readonly last: Item | undefined;
}

/** Reads one page: until the limit, until what was read has 1 MB, or to the end. A row's text is passed on as it is where nothing asks for more. */
export function readPage(request: PageRequest, start: Cursor | undefined): Page {
  const { limit = Number.POSITIVE_INFINITY, filter, project, wantsItems, complete } = request;
  const untouched = filter === undefined && project === undefined && complete === undefined;
  const texts: string[] = [];
  const completed: number[] = [];
  let [count, scannedCount, bytes] = [0, 0, 0];
  let cursor = start;
  let most = Math.min(limit, FIRST_ROWS);
  while (true) {
    const rows = request.fetch(cursor, most);
    for (const [size, text] of rows) {
      scannedCount++;
      bytes += size;
      if (untouched) {
        count++;
        if (wantsItems) texts.push(text);
      } else {
        const shown = show(text);
        if (shown !== undefined) {
          count++;
          if (wantsItems) texts.push(shown);
        }
      }
      if (scannedCount >= limit || bytes >= MAX_PAGE_BYTES) return page(JSON.parse(text));
    }
    const last = rows[rows.length - 1];
    if (rows.length < most || last === undefined) return page(undefined);
    cursor = request.cursorOf(JSON.parse(last[1]));
    const left = Math.ceil(((MAX_PAGE_BYTES - bytes) * scannedCount) / Math.max(bytes, 1)) + 1;
    most = Math.min(limit - scannedCount, left, MAX_ROWS);
  }

  function show(text: string): string | undefined {
    let item: Item = JSON.parse(text);
    let whole = text;
    if (complete !== undefined) {
      const row = complete(item);
      if (row === undefined) return undefined;
      completed.push(row[0]);
      whole = row[1];
      item = JSON.parse(whole);
    }
    if (filter !== undefined && !filter(item)) return undefined;
    return project === undefined ? whole : JSON.stringify(project(item));
  }

  function page(last: Item | undefined): Page {
    return { texts, count, scannedCount, bytes, completed, last };
  }
}
