/**
 * Parses JSON from outside, without the keys that pollute prototypes when a program merges the result into something:
 * `__proto__`, and a `constructor` that carries a `prototype`.
 *
 * @throws {SyntaxError} when it is not JSON.
 */
export function parseJson(text: string): unknown {
  const suspect = text.includes('__proto__') || text.includes('\\u00') || text.includes('constructor');
  return suspect ? JSON.parse(text, withoutPollution) : JSON.parse(text);
}

function withoutPollution(this: unknown, key: string, value: unknown): unknown {
  if (key === '__proto__') return undefined;
  const pollutes =
    key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
  return pollutes ? undefined : value;
}
