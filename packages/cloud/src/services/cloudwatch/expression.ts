import { validation } from './errors.ts';

/** A metric math expression, read. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'negative'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression };

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*)|("[^"]*"|'[^']*')|(&&|\|\||[<>=!]=|[-+*/^()[\],<>]))/y;

/** From the loosest to the tightest. */
const LEVELS: readonly (readonly string[])[] = [
  ['||', 'OR'],
  ['&&', 'AND'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];

/** @throws ValidationError when the text is no expression */
export function readExpression(text: string): Expression {
  const tokens = tokensOf(text);
  let place = 0;
  const fail = (): never => {
    throw validation(
      `Error in expression '${text}': Unexpected ${tokens[place] === undefined ? 'end' : `'${tokens[place]}'`}`,
    );
  };
  const take = (wanted: string): void => {
    if (tokens[place] !== wanted) fail();
    place++;
  };
  const list = (end: string): Expression[] => {
    const items: Expression[] = [];
    while (tokens[place] !== end) {
      if (items.length > 0) take(',');
      items.push(level(0));
    }
    place++;
    return items;
  };
  const primary = (): Expression => {
    const token = tokens[place++];
    if (token === undefined) return fail();
    if (/^\d/.test(token)) return { kind: 'number', value: Number(token) };
    if (/^["']/.test(token)) return { kind: 'text', text: token.slice(1, -1) };
    if (token === '-') return { kind: 'negative', of: primary() };
    if (token === '[') return { kind: 'list', items: list(']') };
    if (token === '(') {
      const inner = level(0);
      take(')');
      return inner;
    }
    if (!/^[A-Za-z_]/.test(token)) {
      place--;
      return fail();
    }
    if (tokens[place] !== '(') return { kind: 'name', name: token };
    place++;
    return { kind: 'call', name: token.toUpperCase(), parameters: list(')') };
  };
  const level = (depth: number): Expression => {
    const operators = LEVELS[depth];
    if (operators === undefined) return primary();
    let left = level(depth + 1);
    for (let token = tokens[place]; token !== undefined && operators.includes(token); token = tokens[place]) {
      place++;
      left = { kind: 'binary', operator: token, left, right: level(depth + 1) };
    }
    return left;
  };
  const whole = level(0);
  return place === tokens.length ? whole : fail();
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw validation(`Error in expression '${text}': Unexpected '${text.slice(from).trim()}'`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** The ids of other queries that an expression uses. */
export function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'name':
      return [expression.name];
    case 'call':
      return expression.parameters.flatMap(namesIn);
    case 'list':
      return expression.items.flatMap(namesIn);
    case 'negative':
      return namesIn(expression.of);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    default:
      return [];
  }
}
