import { BlockList, isIP } from 'node:net';

/** A pattern that is not one: AWS's words, with the place in its text where there is one. */
export class EventPatternError extends Error {
  override readonly name = 'EventPatternError';
  /** Whether the text is no JSON at all. */
  readonly isSyntax: boolean;

  constructor(message: string, isSyntax = false) {
    super(message);
    this.isSyntax = isSyntax;
  }
}

export interface PatternOptions {
  /** Operators beyond those that every user of the language has. @default - all */
  readonly refuse?: readonly string[];
  /** Whether a field that is not there matches `null`: so it is with SNS's message attributes. @default false */
  readonly absentIsNull?: boolean;
}

/** An array of alternatives under a field, or fields under a field. */
type Test = (value: unknown) => boolean;

interface Leaf {
  readonly kind: 'leaf';
  readonly tests: readonly Test[];
  /** Whether the field's absence matches. */
  readonly absent: boolean;
  /** What a value must equal or begin with when all alternatives say so; undefined when one asks for anything else. */
  readonly keys: readonly Key[] | undefined;
}

interface Fields {
  readonly kind: 'fields';
  readonly fields: readonly (readonly [name: string, Leaf | Fields])[];
  /** Each of them an `$or`, of which one branch must match. */
  readonly choices: readonly (readonly Fields[])[];
}

interface Key {
  readonly kind: 'equals' | 'prefix';
  /** With its type, so that 1 and '1' differ. */
  readonly value: string;
}

/** How large a pattern is, for the limits of those who use it. */
export interface PatternSize {
  /** Fields with alternatives. */
  readonly keys: number;
  /** The deepest field: 1 is the top. */
  readonly depth: number;
  /** Products of (alternatives x depth) over the fields; sums over the branches of `$or`. */
  readonly combinations: number;
}

/**
 * A pattern of the language that EventBridge, SNS filter policies, Pipes and event source mappings share. Compiled once.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-content-based-filtering.html
 */
export class EventPattern {
  readonly size: PatternSize;
  readonly #root: Fields;
  readonly #keys: readonly PathKey[] | undefined;

  /** @throws {EventPatternError} */
  constructor(text: string, options: PatternOptions = {}) {
    const source = parse(text);
    if (source.kind !== 'object') throw new EventPatternError('Filter is not an object');
    const compiler = new Compiler(text, options);
    this.#root = compiler.fields(source);
    this.size = { keys: compiler.keys, depth: compiler.depth, combinations: compiler.combinations(source, 1) };
    this.#keys = keysOf(this.#root, '');
  }

  /** What an event must have, at least one of them, to match: for an index. Undefined when there is nothing of the kind. */
  get keys(): readonly PathKey[] | undefined {
    return this.#keys;
  }

  matches(event: unknown): boolean {
    return matchFields(this.#root, event);
  }
}

interface PathKey extends Key {
  /** Names joined by NUL. */
  readonly path: string;
}

const SEPARATOR = '\0';

function matchFields({ fields, choices }: Fields, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((element) => matchFields({ kind: 'fields', fields, choices }, element));
  for (const [name, child] of fields) {
    const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    const found = isThere ? (value as Record<string, unknown>)[name] : undefined; // an object that has the name
    if (child.kind === 'fields' ? !matchFields(child, found) : !matchLeaf(child, isThere, found)) return false;
  }
  return choices.every((branches) => branches.some((branch) => matchFields(branch, value)));
}

function matchLeaf({ tests, absent }: Leaf, isThere: boolean, value: unknown): boolean {
  if (!isThere) return absent;
  if (Array.isArray(value)) {
    return value.length === 0 ? absent : value.some((element) => tests.some((test) => test(element)));
  }
  return tests.some((test) => test(value));
}

/** Keys of which one is met whenever the fields match. */
function keysOf({ fields, choices }: Fields, path: string): readonly PathKey[] | undefined {
  for (const [name, child] of fields) {
    const at = `${path}${SEPARATOR}${name}`;
    const keys = child.kind === 'fields' ? keysOf(child, at) : child.keys?.map((key) => ({ ...key, path: at }));
    if (keys !== undefined) return keys;
  }
  for (const branches of choices) {
    const each = branches.map((branch) => keysOf(branch, path));
    if (each.every((keys) => keys !== undefined)) return each.flat();
  }
  return undefined;
}

/** Many patterns at once: an event is compared with those alone that its values lead to. */
export class PatternIndex<Id> {
  readonly #patterns = new Map<Id, EventPattern>();
  readonly #equal = new Map<string, Map<string, Set<Id>>>();
  /** By path, then by the prefix's length. */
  readonly #prefixes = new Map<string, Map<number, Map<string, Set<Id>>>>();
  /** Patterns that nothing exact leads to. */
  readonly #others = new Set<Id>();

  set(id: Id, pattern: EventPattern): void {
    this.delete(id);
    this.#patterns.set(id, pattern);
    if (pattern.keys === undefined) this.#others.add(id);
    for (const key of pattern.keys ?? []) this.#bucket(key).add(id);
  }

  delete(id: Id): void {
    const pattern = this.#patterns.get(id);
    if (pattern === undefined) return;
    this.#patterns.delete(id);
    this.#others.delete(id);
    for (const key of pattern.keys ?? []) this.#bucket(key).delete(id);
  }

  /** Those whose pattern the event matches, in no order. */
  match(event: unknown): Set<Id> {
    const matched = new Set<Id>();
    const consider = (ids: Iterable<Id>): void => {
      for (const id of ids) if (!matched.has(id) && this.#patterns.get(id)?.matches(event) === true) matched.add(id);
    };
    consider(this.#others);
    for (const [path, values] of this.#equal) {
      for (const value of valuesAt(event, path)) consider(values.get(keyText(value)) ?? []);
    }
    for (const [path, lengths] of this.#prefixes) {
      for (const value of valuesAt(event, path)) {
        if (typeof value !== 'string') continue;
        for (const [length, prefixes] of lengths) consider(prefixes.get(value.slice(0, length)) ?? []);
      }
    }
    return matched;
  }

  #bucket({ kind, path, value }: PathKey): Set<Id> {
    const values =
      kind === 'equals'
        ? at(this.#equal, path, newMap<string, Set<Id>>)
        : at(at(this.#prefixes, path, newMap<number, Map<string, Set<Id>>>), value.length, newMap<string, Set<Id>>);
    return at(values, value, () => new Set<Id>());
  }
}

const newMap = <Key, Value>(): Map<Key, Value> => new Map();

/** What a map has under a key, made when it has nothing. */
function at<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

/** The values under a path, through arrays. */
function valuesAt(event: unknown, path: string): unknown[] {
  let values: unknown[] = [event];
  for (const name of path.split(SEPARATOR).slice(1)) {
    values = flat(values).flatMap((value) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? [(value as Record<string, unknown>)[name]] // an object that has the name
        : [],
    );
  }
  return flat(values);
}

const flat = (values: readonly unknown[]): unknown[] =>
  values.some(Array.isArray) ? flat(values.flatMap((value) => (Array.isArray(value) ? value : [value]))) : [...values];

const keyText = (value: unknown): string => `${typeof value}:${String(value)}`;

// From here: text to tests.

interface Source {
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'literal';
  /** Of the text: its first character, and the one behind its last. */
  readonly start: number;
  readonly end: number;
  readonly value: string | number | boolean | null;
  readonly items: readonly Source[];
  readonly fields: readonly (readonly [name: string, Source])[];
}

/** As AWS's reader counts: of a text only the quote has been read yet, of an array or object the bracket. */
const columnOf = ({ kind, start, end }: Source): number =>
  kind === 'number' || kind === 'literal' ? end + 1 : start + 2;

const NUMERIC_LIMIT = 5e9;

class Compiler {
  readonly #text: string;
  readonly #options: PatternOptions;
  keys = 0;
  depth = 0;

  constructor(text: string, options: PatternOptions) {
    this.#text = text;
    this.#options = options;
  }

  fields(source: Source, depth = 1): Fields {
    const choices: Fields[][] = [];
    const fields: [string, Leaf | Fields][] = [];
    if (source.fields.length === 0) throw this.#error('Empty objects are not allowed', source.end + 1);
    for (const [name, child] of source.fields) {
      if (name === '$or' && isChoice(child)) choices.push(child.items.map((branch) => this.fields(branch, depth)));
      else if (child.kind === 'object') fields.push([name, this.fields(child, depth + 1)]);
      else if (child.kind === 'array') fields.push([name, this.#leaf(child, depth)]);
      else throw this.#error(`"${name}" must be an object or an array`, columnOf(child));
    }
    return { kind: 'fields', fields, choices };
  }

  combinations(source: Source, depth: number): number {
    let product = 1;
    for (const [name, child] of source.fields) {
      if (name === '$or' && isChoice(child)) {
        product *= child.items.reduce((sum, branch) => sum + this.combinations(branch, depth), 0);
      } else product *= child.kind === 'object' ? this.combinations(child, depth + 1) : child.items.length * depth;
    }
    return product;
  }

  #leaf({ items, end }: Source, depth: number): Leaf {
    if (items.length === 0) throw this.#error('Empty arrays are not allowed', end + 1);
    this.keys++;
    this.depth = Math.max(this.depth, depth);
    const matchers = items.map((item) => this.#matcher(item));
    const keys = matchers.map(({ key }) => key).filter((key) => key !== undefined);
    return {
      kind: 'leaf',
      tests: matchers.map(({ test }) => test),
      absent: matchers.some(({ absent }) => absent === true),
      keys: keys.length === matchers.length ? keys : undefined,
    };
  }

  #matcher(item: Source): Matcher {
    if (item.kind === 'array')
      throw this.#error('Match value must be String, number, true, false, or null', columnOf(item));
    if (item.kind !== 'object') {
      const { value } = item;
      if (value === null) return { test: (found) => found === null, absent: this.#options.absentIsNull === true };
      return { test: (found) => found === value, key: { kind: 'equals', value: keyText(value) } };
    }
    const [first, second] = item.fields;
    if (first === undefined) throw this.#error('Empty objects are not allowed', item.end + 1);
    const [name, operand] = first;
    const build = this.#options.refuse?.includes(name) === true ? undefined : OPERATORS[name];
    if (build === undefined) throw this.#error(`Unrecognized match type ${name}`, columnOf(operand));
    const matcher = build(operand, (message, column) => this.#error(message, column));
    if (second !== undefined) throw this.#error('Only one key allowed in match expression', columnOf(second[1]));
    return matcher;
  }

  #error(message: string, column: number): EventPatternError {
    return new EventPatternError(`${message}\n at [Source: (String)"${this.#text}"; line: 1, column: ${column}]`);
  }
}

/** `$or` over objects; anything else under that name is a field. */
const isChoice = ({ kind, items }: Source): boolean =>
  kind === 'array' && items.length > 1 && items.every((item) => item.kind === 'object' && !isOperator(item));

const isOperator = ({ fields }: Source): boolean =>
  fields.length === 1 && Object.hasOwn(OPERATORS, fields[0]?.[0] ?? '');

interface Matcher {
  readonly test: Test;
  readonly absent?: boolean;
  readonly key?: Key;
}

type Fail = (message: string, column: number) => EventPatternError;
type Build = (operand: Source, fail: Fail) => Matcher;

const onText =
  (name: string, testOf: (text: string) => (found: string) => boolean): Build =>
  (operand, fail) => {
    const { value } = operand;
    if (typeof value !== 'string') throw fail(`${name} match pattern must be a string`, columnOf(operand));
    const test = testOf(value);
    return { test: (found) => typeof found === 'string' && test(found) };
  };

/** A text, or `{"equals-ignore-case": text}` where the language has it. */
const affix =
  (name: 'prefix' | 'suffix', test: (found: string, text: string) => boolean): Build =>
  (operand, fail) => {
    const [inner] = operand.fields;
    if (inner?.[0] !== 'equals-ignore-case' || operand.kind !== 'object') {
      const matcher = onText(name, (text) => (found) => test(found, text))(operand, fail);
      return name === 'prefix' ? { ...matcher, key: { kind: 'prefix', value: String(operand.value) } } : matcher;
    }
    return onText(name, (text) => (found) => test(found.toLowerCase(), text.toLowerCase()))(inner[1], fail);
  };

const equalsIgnoreCase: Build = onText('equals-ignore-case', (text) => {
  const wanted = text.toLowerCase();
  return (found) => found.toLowerCase() === wanted;
});
const prefix: Build = affix('prefix', (found, text) => found.startsWith(text));
const suffix: Build = affix('suffix', (found, text) => found.endsWith(text));

const wildcard: Build = (operand, fail) => {
  const { value } = operand;
  if (typeof value !== 'string') throw fail('wildcard match pattern must be a string', columnOf(operand));
  if (/\*\*/.test(value.replaceAll(/\\[\\*]/g, ''))) {
    throw fail('Consecutive wildcard characters at pos '.concat(String(value.indexOf('**'))), operand.end + 1);
  }
  // Without backtracking: each part between the stars is found from the left, the last from the right.
  const parts = value.split(/(?<=(?:^|[^\\])(?:\\\\)*)\*/).map((part) => part.replaceAll(/\\([\\*])/g, '$1'));
  return { test: (found) => typeof found === 'string' && matchesParts(found, parts) };
};

function matchesParts(found: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  if (parts.length === 1) return found === first;
  const last = parts.at(-1) ?? '';
  if (found.length < first.length + last.length || !found.startsWith(first) || !found.endsWith(last)) return false;
  const end = found.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const next = found.indexOf(part, at);
    if (next < 0 || next + part.length > end) return false;
    at = next + part.length;
  }
  return true;
}

const numeric: Build = ({ items, end, kind, start }, fail) => {
  if (kind !== 'array') throw fail('Value of numeric must be an array.', start + 2);
  const [operator, operand, second, top, extra] = items;
  if (operator === undefined) throw fail('Invalid member in numeric match: ]', end + 1);
  if (operator.kind !== 'string') throw fail(`Invalid member in numeric match: ${operator.value}`, columnOf(operator));
  const name = String(operator.value);
  if (!['=', '<', '<=', '>', '>='].includes(name))
    throw fail(`Unrecognized numeric range operator: ${name}`, operand === undefined ? end + 1 : columnOf(operand));
  const bound = numberOf(operand, name === '=' ? 'equals' : name, end, fail);
  if (second === undefined) return { test: compare(name, bound) };
  if (name !== '>' && name !== '>=') throw fail('Too many elements in numeric expression', columnOf(second));
  if (second.kind !== 'string') throw fail(`Bad value in numeric range: ${second.value}`, columnOf(second));
  const upper = String(second.value);
  if (upper !== '<' && upper !== '<=') throw fail(`Bad numeric range operator: ${upper}`, second.end + 1);
  const limit = numberOf(top, upper, end, fail);
  if (extra !== undefined) throw fail('Too many terms in numeric range expression', columnOf(extra));
  if (bound >= limit) throw fail('Bottom must be less than top', end + 1);
  const above = compare(name, bound);
  const below = compare(upper, limit);
  return { test: (found) => above(found) && below(found) };
};

function numberOf(source: Source | undefined, operator: string, end: number, fail: Fail): number {
  if (typeof source?.value !== 'number')
    throw fail(`Value of ${operator} must be numeric`, source === undefined ? end + 1 : columnOf(source));
  if (Math.abs(source.value) > NUMERIC_LIMIT)
    throw fail('Value must be between -5.0E9 and 5.0E9, inclusive', columnOf(source));
  return source.value;
}

function compare(operator: string, bound: number): Test {
  const test = COMPARISONS[operator] ?? ((found: number) => found === bound);
  return (found) => typeof found === 'number' && test(found, bound);
}

const COMPARISONS: Readonly<Record<string, (found: number, bound: number) => boolean>> = {
  '<': (found, bound) => found < bound,
  '<=': (found, bound) => found <= bound,
  '>': (found, bound) => found > bound,
  '>=': (found, bound) => found >= bound,
};

const exists: Build = (operand, fail) => {
  const { value } = operand;
  if (typeof value !== 'boolean') throw fail('exists match pattern must be either true or false.', columnOf(operand));
  return value ? { test: () => true } : { test: () => false, absent: true };
};

const cidr: Build = (operand, fail) => {
  const { value } = operand;
  if (typeof value !== 'string') throw fail('prefix match pattern must be a string', columnOf(operand));
  const [address = '', bits, ...more] = value.split('/');
  if (bits === undefined || more.length > 0) throw new EventPatternError("Malformed CIDR, one '/' required");
  const version = isIP(address);
  if (!/^\d+$/.test(bits) && version !== 0) throw new EventPatternError('Malformed CIDR, mask bits must be an integer');
  if (version === 0) throw new EventPatternError(`Nonstandard IP address: ${address}`);
  const most = version === 4 ? 32 : 128;
  if (Number(bits) > most) throw new EventPatternError(`Malformed CIDR, mask bits must be < ${most}`);
  const list = new BlockList();
  const family = version === 4 ? 'ipv4' : 'ipv6';
  list.addSubnet(address, Number(bits), family);
  return { test: (found) => typeof found === 'string' && isIP(found) === version && list.check(found, family) };
};

const anythingBut: Build = (operand, fail) => {
  if (operand.kind === 'object') {
    const [inner, more] = operand.fields;
    const build = NEGATABLE[inner?.[0] ?? ''];
    if (inner === undefined) throw fail('Empty objects are not allowed', operand.end + 1);
    if (build === undefined) throw fail(`Unsupported anything-but pattern: ${inner[0]}`, columnOf(inner[1]));
    if (more !== undefined) throw fail('Only one key allowed in match expression', columnOf(more[1]));
    const operands = inner[1].kind === 'array' ? inner[1].items : [inner[1]];
    if (operands.length === 0) throw fail('Empty arrays are not allowed', inner[1].end + 1);
    const tests = operands.map((each) => build(each, fail).test);
    return { test: (found) => !tests.some((test) => test(found)) };
  }
  const values = operand.kind === 'array' ? operand.items : [operand];
  if (values.length === 0) throw fail('Empty arrays are not allowed', operand.end + 1);
  for (const each of values) {
    if (each.kind === 'object' || each.kind === 'array' || typeof each.value === 'boolean' || each.value === null)
      throw fail('Inside anything-but list, start|null|boolean is not supported.', columnOf(each));
  }
  const excluded = new Set<unknown>(values.map(({ value }) => value));
  return { test: (found) => !excluded.has(found) };
};

const NEGATABLE: Readonly<Record<string, Build>> = {
  prefix,
  suffix,
  wildcard,
  'equals-ignore-case': equalsIgnoreCase,
};

const OPERATORS: Readonly<Record<string, Build>> = {
  prefix,
  suffix,
  wildcard,
  numeric,
  exists,
  cidr,
  'anything-but': anythingBut,
  'equals-ignore-case': equalsIgnoreCase,
};

/** JSON with the place of every value. @throws {EventPatternError} with AWS's words */
function parse(text: string): Source {
  const reader = new Reader(text);
  const source = reader.value();
  reader.end();
  return source;
}

const LITERALS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(): Source {
    this.#space();
    const start = this.#at;
    const character = this.#text[start];
    if (character === '{') return this.#object(start);
    if (character === '[') return this.#array(start);
    if (character === '"') return this.#done('string', start, this.#string());
    const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?/.exec(this.#text.slice(start, start + 400))?.[0];
    if (number !== undefined) {
      this.#at += number.length;
      return this.#done('number', start, Number(number));
    }
    const word = /^[\w$]+/.exec(this.#text.slice(start, start + 100))?.[0];
    if (word === undefined)
      throw this.#unexpected("a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')");
    this.#at += word.length;
    const literal = LITERALS[word];
    if (literal === undefined)
      throw this.#error(
        `Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`,
        this.#at + 1,
      );
    return this.#done('literal', start, literal);
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) throw this.#unexpected('the end of the input');
  }

  #object(start: number): Source {
    const fields = new Map<string, Source>();
    this.#at++;
    for (let first = true; !this.#takes('}'); first = false) {
      if (!first && !this.#takes(',')) throw this.#unexpected('comma to separate Object entries');
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#unexpected('double-quote to start field name');
      const name = this.#string();
      if (!this.#takes(':')) throw this.#unexpected('a colon to separate field name and value');
      fields.set(name, this.value());
    }
    return { kind: 'object', start, end: this.#at, value: null, items: [], fields: [...fields] };
  }

  #array(start: number): Source {
    const items: Source[] = [];
    this.#at++;
    for (let first = true; !this.#takes(']'); first = false) {
      if (!first && !this.#takes(',')) throw this.#unexpected('comma to separate Array entries');
      items.push(this.value());
    }
    return { kind: 'array', start, end: this.#at, value: null, items, fields: [] };
  }

  #string(): string {
    const token = /^"(?:[^"\\]|\\.)*"/.exec(this.#text.slice(this.#at))?.[0];
    try {
      const value: unknown = JSON.parse(token ?? '');
      this.#at += token?.length ?? 0;
      return String(value);
    } catch {
      throw this.#error(
        'Unexpected end-of-input: was expecting closing quote for a string value',
        this.#text.length + 1,
      );
    }
  }

  #done(kind: Source['kind'], start: number, value: Source['value']): Source {
    return { kind, start, end: this.#at, value, items: [], fields: [] };
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #takes(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #unexpected(wanted: string): EventPatternError {
    const character = this.#text[this.#at];
    if (character === undefined) return this.#error(`Unexpected end-of-input: was expecting ${wanted}`, this.#at + 1);
    return this.#error(
      `Unexpected character ('${character}' (code ${character.charCodeAt(0)})): was expecting ${wanted}`,
      this.#at + 1,
    );
  }

  #error(message: string, column: number): EventPatternError {
    return new EventPatternError(
      `${message}\n at [Source: REDACTED (\`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION\` disabled); line: 1, column: ${column}]`,
      true,
    );
  }
}
