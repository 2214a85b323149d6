import type { Names } from './binding.ts';
import type { Parsed } from './tree.ts';

const MAX_TEXTS = 1000;
/** How many meanings of one text are kept: it is rare that aliases of the same text stand for other names. */
const MAX_MEANINGS = 16;

interface Entry<Root, Ready> {
  readonly parsed: Parsed<Root>;
  readonly meanings: Map<string, Ready>;
}

/** Expressions that were read before, by text and by what their aliases stand for. Bounded: the oldest goes first. */
export class ExpressionCache<Root, Ready> {
  readonly #parse: (text: string) => Parsed<Root>;
  readonly #bind: (parsed: Parsed<Root>, names: Names) => Ready;
  readonly #entries = new Map<string, Entry<Root, Ready>>();

  constructor(parse: (text: string) => Parsed<Root>, bind: (parsed: Parsed<Root>, names: Names) => Ready) {
    this.#parse = parse;
    this.#bind = bind;
  }

  /**
   * Reads a text, without regard to names and values.
   *
   * @throws ValidationException when there is something wrong with the text itself
   */
  read(text: string): Entry<Root, Ready> {
    const known = this.#entries.get(text);
    if (known !== undefined) return known;
    const entry = { parsed: this.#parse(text), meanings: new Map<string, Ready>() };
    remember(this.#entries, text, entry, MAX_TEXTS);
    return entry;
  }

  /** The expression with its aliases resolved, ready to be run. */
  resolve({ parsed, meanings }: Entry<Root, Ready>, names: Names): Ready {
    const key = meaningOf(parsed.aliases, names);
    const known = meanings.get(key);
    if (known !== undefined) return known;
    const ready = this.#bind(parsed, names);
    remember(meanings, key, ready, MAX_MEANINGS);
    return ready;
  }
}

function meaningOf(aliases: readonly string[], names: Names): string {
  let key = '';
  for (const alias of aliases) {
    const name = names[alias];
    // Not a name that is the same for an alias that is missing: an attribute's name may be any text.
    key += typeof name === 'string' ? `=${name}\0` : '\0';
  }
  return key;
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  if (map.size >= limit) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(key, value);
}
