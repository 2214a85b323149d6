import type { StateValue } from '@aws-sdk/client-cloudwatch';
import { validation } from './errors.ts';

/** The rule of a composite alarm, read. */
export type AlarmRule =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'state'; readonly state: StateValue; readonly alarm: string }
  | { readonly kind: 'not'; readonly of: AlarmRule }
  | { readonly kind: 'and' | 'or'; readonly left: AlarmRule; readonly right: AlarmRule };

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([()])|([^\s()"']+))/y;
const STATES: readonly string[] = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] satisfies StateValue[];

interface Token {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Reads a rule: `ALARM("a") AND NOT OK(b)`. @throws ValidationError */
export function readRule(text: string): AlarmRule {
  const tokens: Token[] = [];
  const trimmed = text.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < trimmed.length) {
    const match = TOKEN.exec(trimmed);
    if (match === null) throw invalidRule('a quotation mark is missing');
    const [, double, single, mark, word] = match;
    const quoted = double ?? single;
    tokens.push({ text: quoted ?? mark ?? word ?? '', isQuoted: quoted !== undefined });
  }
  let at = 0;
  const takes = (word: string): boolean => {
    const token = tokens[at];
    if (token === undefined || token.isQuoted || token.text.toUpperCase() !== word) return false;
    at++;
    return true;
  };
  const expect = (word: string): void => {
    if (!takes(word)) throw invalidRule(`'${word}' is missing`);
  };
  const or = (): AlarmRule => {
    let left = and();
    while (takes('OR')) left = { kind: 'or', left, right: and() };
    return left;
  };
  const and = (): AlarmRule => {
    let left = not();
    while (takes('AND')) left = { kind: 'and', left, right: not() };
    return left;
  };
  const not = (): AlarmRule => (takes('NOT') ? { kind: 'not', of: not() } : primary());
  const primary = (): AlarmRule => {
    if (takes('(')) {
      const inner = or();
      expect(')');
      return inner;
    }
    const token = tokens[at++];
    const word = token?.text.toUpperCase() ?? '';
    if (word === 'TRUE' || word === 'FALSE') return { kind: 'constant', value: word === 'TRUE' };
    if (!STATES.includes(word))
      throw invalidRule(
        token === undefined ? 'it ends too early' : `'${token.text}' is no state or function that Skein knows`,
      );
    expect('(');
    const alarm = tokens[at++]?.text ?? '';
    expect(')');
    return { kind: 'state', state: word as StateValue, alarm }; // one of STATES
  };
  const rule = or();
  const rest = tokens[at];
  if (rest !== undefined) throw invalidRule(`unexpected '${rest.text}'`);
  return rule;
}

const invalidRule = (why: string): Error => validation(`Error in AlarmRule: ${why}`);

/** The names of the alarms that a rule asks for. */
export function alarmsIn(rule: AlarmRule): string[] {
  switch (rule.kind) {
    case 'constant':
      return [];
    case 'state':
      return [alarmNameOf(rule.alarm)];
    case 'not':
      return alarmsIn(rule.of);
    default:
      return [...new Set([...alarmsIn(rule.left), ...alarmsIn(rule.right)])];
  }
}

/** The name of an alarm that is given by name or ARN. */
export const alarmNameOf = (nameOrArn: string): string =>
  /^arn:[^:]+:cloudwatch:.*?:alarm:(.*)$/.exec(nameOrArn)?.[1] ?? nameOrArn;

/** Whether a rule holds. @param stateOf - the state of an alarm by its name; undefined when there is none */
export function holds(rule: AlarmRule, stateOf: (name: string) => StateValue | undefined): boolean {
  switch (rule.kind) {
    case 'constant':
      return rule.value;
    case 'state':
      return stateOf(alarmNameOf(rule.alarm)) === rule.state;
    case 'not':
      return !holds(rule.of, stateOf);
    case 'and':
      return holds(rule.left, stateOf) && holds(rule.right, stateOf);
    case 'or':
      return holds(rule.left, stateOf) || holds(rule.right, stateOf);
  }
}
