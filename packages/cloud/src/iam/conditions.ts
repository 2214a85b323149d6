import { listOf, matches } from './match.ts';

/** What is known of a call, by the names of condition keys in lower case. Undefined: the call has no such thing. */
export type Facts = Readonly<Record<string, string | undefined>>;

type Test = (wanted: string, is: string) => boolean;

const same: Test = (wanted, is) => wanted === is;
const sameInAnyCase: Test = (wanted, is) => wanted.toLowerCase() === is.toLowerCase();

/** Those that ask for likeness; their opposites are made of them. */
const TESTS: Readonly<Record<string, Test>> = {
  stringequals: same,
  stringequalsignorecase: sameInAnyCase,
  stringlike: matches,
  arnequals: matches,
  arnlike: matches,
  bool: sameInAnyCase,
};

/** `StringNotEquals` to `stringequals`. */
const OPPOSITES: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
};

/**
 * Whether a call meets the conditions of a statement. One that cannot be judged here (an operator or a key that is not known) refuses nothing:
 * a deny does not apply, an allow does.
 */
export function meets(condition: unknown, facts: Facts, isDeny: boolean): boolean {
  if (typeof condition !== 'object' || condition === null) return true;
  return Object.entries(condition).every(([operator, keys]) =>
    Object.entries(Object(keys)).every(([key, wanted]) =>
      holds(operator, key, listOf(wanted).map(String), facts, isDeny),
    ),
  );
}

function holds(operator: string, key: string, wanted: readonly string[], facts: Facts, isDeny: boolean): boolean {
  const name = key.toLowerCase();
  const [, , plain = '', ifExists] = /^(for(?:all|any)values?:)?(\w+?)(ifexists)?$/.exec(operator.toLowerCase()) ?? [];
  if (!Object.hasOwn(facts, name)) return !isDeny;
  const is = facts[name];
  if (plain === 'null') return wanted.some((value) => (value === 'true') === (is === undefined));
  const opposite = OPPOSITES[plain];
  const test = TESTS[opposite ?? plain];
  if (test === undefined) return !isDeny;
  if (is === undefined) return ifExists !== undefined || opposite !== undefined;
  const isLike = wanted.some((value) => test(value, is));
  return opposite === undefined ? isLike : !isLike;
}
