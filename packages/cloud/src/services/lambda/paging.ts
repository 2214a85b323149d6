import { Constraints } from './constraints.ts';
import { invalidParameter } from './errors.ts';

/** A page of a list, and the marker of the next. */
export interface Page<Item> {
  readonly items: Item[];
  readonly marker: string | undefined;
}

/**
 * One page of a list that is read from a key on.
 *
 * @param read - reads so many items that come after a key; undefined: from the start
 * @param keyOf - of an item, for the marker of what comes after it
 * @throws ValidationException, InvalidParameterValueException
 */
export function pageOf<Item>(
  { Marker, MaxItems = 50 }: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
  read: (after: string | undefined, limit: number) => Item[],
  keyOf: (item: Item) => string,
): Page<Item> {
  new Constraints().range(MaxItems, 'maxItems', 1, 10_000).hold();
  const size = Math.min(MaxItems, 50);
  const items = read(Marker === undefined ? undefined : keyIn(Marker), size + 1);
  const last = items.length > size ? items[size - 1] : undefined;
  return { items: items.slice(0, size), marker: last === undefined ? undefined : markerOf(keyOf(last)) };
}

const PREFIX = 'after ';

const markerOf = (key: string): string => Buffer.from(`${PREFIX}${key}`).toString('base64');

function keyIn(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString('utf8');
  if (!text.startsWith(PREFIX)) throw invalidParameter('The Marker is invalid.');
  return text.slice(PREFIX.length);
}
