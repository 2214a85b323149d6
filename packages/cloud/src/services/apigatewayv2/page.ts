import { badRequest } from './errors.ts';

/** What a list operation is asked for. */
interface PageInput {
  readonly MaxResults?: string | undefined;
  readonly NextToken?: string | undefined;
}

/** One page of a list: a token stands for how many items came before. */
export function page<Item>(
  items: readonly Item[],
  { MaxResults, NextToken }: PageInput,
): { Items: Item[]; NextToken?: string } {
  const size = MaxResults === undefined ? items.length : Number(MaxResults);
  if (MaxResults !== undefined && !(Number.isInteger(size) && size >= 1)) {
    throw badRequest(`Invalid value for maxResults: ${MaxResults}`);
  }
  const start = NextToken === undefined ? 0 : Number(NextToken);
  if (!Number.isInteger(start) || start < 0) throw badRequest('Invalid nextToken');
  const Items = items.slice(start, start + size);
  const end = start + Items.length;
  return end < items.length ? { Items, NextToken: String(end) } : { Items };
}
