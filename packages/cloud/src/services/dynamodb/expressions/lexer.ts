/**
 * What a token is: a word (`price`, `AND`), an alias of ExpressionAttributeNames (`#p`), a value of ExpressionAttributeValues (`:v`),
 * digits, an operator or punctuation, a character that no expression may have, or the end of the text.
 */
export type TokenKind = 'word' | 'alias' | 'value' | 'number' | 'symbol' | 'illegal' | 'end';

/** A piece of an expression, and where it stands in its text. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOKEN =
  /\s+|(?<word>[A-Za-z][A-Za-z0-9_]*)|(?<alias>#\w+)|(?<value>:\w+)|(?<number>\d+)|(?<symbol><>|<=|>=|[=<>()[\].,+-])|(?<illegal>.)/gsu;

/** The tokens of an expression; the last one is its end. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const kind = kindOf(match.groups);
    if (kind === undefined) continue;
    tokens.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length });
  }
  tokens.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length });
  return tokens;
}

function kindOf(groups: Record<string, string | undefined> = {}): TokenKind | undefined {
  if (groups['word'] !== undefined) return 'word';
  if (groups['alias'] !== undefined) return 'alias';
  if (groups['value'] !== undefined) return 'value';
  if (groups['number'] !== undefined) return 'number';
  if (groups['symbol'] !== undefined) return 'symbol';
  return groups['illegal'] === undefined ? undefined : 'illegal';
}
