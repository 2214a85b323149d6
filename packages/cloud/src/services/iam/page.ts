import { check, maxItems } from './constraints.ts';
import { invalidInput } from './errors.ts';

const MOST = 100;

/** What every list takes. */
export interface PageInput {
  readonly Marker?: string | undefined;
  readonly MaxItems?: number | undefined;
}

/** What every list answers beside its items. */
export interface PageOutput {
  readonly IsTruncated: boolean;
  readonly Marker?: string;
}

/** Takes one page from a whole list that is in the order of `key`, which no two items share. */
export function pageOf<Item>(
  items: Iterable<Item>,
  { Marker, MaxItems = MOST }: PageInput,
  key: (item: Item) => string,
): { readonly items: readonly Item[]; readonly page: PageOutput } {
  check(maxItems(MaxItems));
  const after = Marker === undefined ? undefined : keyOf(Marker);
  const taken: Item[] = [];
  let passed = after === undefined;
  for (const item of items) {
    const last = taken.at(-1);
    if (!passed) passed = key(item) === after;
    else if (taken.length === MaxItems && last !== undefined) {
      return { items: taken, page: { IsTruncated: true, Marker: markerOf(key(last)) } };
    } else taken.push(item);
  }
  return { items: taken, page: { IsTruncated: false } };
}

const MARK = 'skein:';

const markerOf = (key: string): string => Buffer.from(MARK + key).toString('base64url');

function keyOf(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString();
  if (!text.startsWith(MARK)) throw invalidInput(`Invalid Marker: ${marker}`);
  return text.slice(MARK.length);
}
