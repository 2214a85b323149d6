import { invalidToken } from './errors.ts';

const MARK = 'skein:';

/** Some items of a list from where a token says, and the token of what is behind them. @throws InvalidNextToken */
export function pageOf<Item>(
  items: readonly Item[],
  most: number,
  token: string | undefined,
): { readonly items: Item[]; readonly NextToken: string | undefined } {
  const text = token === undefined ? `${MARK}0` : Buffer.from(token, 'base64url').toString();
  const from = text.startsWith(MARK) ? Number(text.slice(MARK.length)) : Number.NaN;
  if (!Number.isInteger(from) || from < 0) throw invalidToken();
  const page = items.slice(from, from + most);
  const end = from + page.length;
  return {
    items: page,
    NextToken: end < items.length ? Buffer.from(`${MARK}${end}`).toString('base64url') : undefined,
  };
}
