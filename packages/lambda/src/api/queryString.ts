import { Bare } from './bare.ts';
import { decodePlus } from './decode.ts';

/** Most pairs that are read from one query string or form: what comes after is dropped. */
const MAX_PAIRS = 10_000;

/** All values of each name of a query string or form, in order. */
export function parseAll(text: string): Record<string, string[]> {
  const all = new Bare<string[]>();
  let pairs = 0;
  for (let start = 0; start < text.length && pairs < MAX_PAIRS; ) {
    let end = text.indexOf('&', start);
    if (end === -1) end = text.length;
    if (end > start) {
      pairs++;
      let equals = text.indexOf('=', start);
      if (equals === -1 || equals > end) equals = end;
      const name = decodePlus(text.slice(start, equals));
      const value = equals < end ? decodePlus(text.slice(equals + 1, end)) : '';
      if (name !== '__proto__') {
        const values = all[name];
        if (values === undefined) all[name] = [value];
        else values.push(value);
      }
    }
    start = end + 1;
  }
  return all;
}

/** Values of a form: a name that occurs once has a string, one that occurs more often an array. */
export function parseForm(text: string): Record<string, string | string[]> {
  const all = parseAll(text);
  const form = new Bare<string | string[]>();
  for (const name in all) {
    const values = all[name] ?? [];
    form[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return form;
}
