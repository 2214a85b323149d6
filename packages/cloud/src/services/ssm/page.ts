import { invalidNextToken } from './errors.ts';

/** One page of a list, and from where the next goes on. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/** Takes up to `most` items from a list that is in the order of `key`. */
export function pageOf<Item>(items: Iterable<Item>, most: number, key: (item: Item) => string): Page<Item> {
  const taken: Item[] = [];
  for (const item of items) {
    const last = taken.at(-1);
    if (taken.length === most && last !== undefined) return { items: taken, nextToken: tokenOf(key(last)) };
    taken.push(item);
  }
  return { items: taken, nextToken: undefined };
}

const MARK = 'skein:';

const tokenOf = (key: string): string => Buffer.from(MARK + key).toString('base64url');

/** The key behind which a page begins: empty without a token. @throws InvalidNextToken */
export function keyOf(token: string | undefined): string {
  if (token === undefined) return '';
  const text = Buffer.from(token, 'base64url').toString();
  if (!text.startsWith(MARK)) throw invalidNextToken();
  return text.slice(MARK.length);
}
