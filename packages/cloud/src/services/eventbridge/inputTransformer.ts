import type { InputTransformer, Target } from '@aws-sdk/client-eventbridge';
import { validation } from './errors.ts';

/** What a rule's variables stand for. */
export interface Ingestion {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** ISO 8601 */
  readonly time: string;
}

const PLACEHOLDER = /<([^<>\s"]+)>/g;
const PREDEFINED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
];

/**
 * What a target is given of an event: the event itself, a constant, a part of it, or a template that is filled.
 *
 * @param text - the event as JSON
 */
export function inputOf(
  { Input, InputPath, InputTransformer: transformer }: Partial<Target>,
  text: string,
  event: unknown,
  ingestion: Ingestion,
): string {
  if (Input !== undefined) return Input;
  if (InputPath !== undefined) return JSON.stringify(valueAt(event, InputPath) ?? null);
  return transformer === undefined ? text : transform(transformer, event, ingestion);
}

/** @throws ValidationException when a target asks for more than one kind of input, or its template for a key that is not there */
export function checkInput({ Id, Input, InputPath, InputTransformer: transformer }: Target): void {
  if ([Input, InputPath, transformer].filter((given) => given !== undefined).length > 1) {
    throw validation(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined && !isJson(Input)) throw validation(`JSON syntax error in input for target ${Id}.`);
  if (InputPath !== undefined && stepsOf(InputPath) === undefined) {
    throw validation(`InputPath for target ${Id} is invalid.`);
  }
  if (transformer === undefined) return;
  const known = new Set([...PREDEFINED, ...Object.keys(transformer.InputPathsMap ?? {})]);
  for (const [, key = ''] of (transformer.InputTemplate ?? '').matchAll(PLACEHOLDER)) {
    if (!known.has(key)) throw validation(`InputTemplate for target ${Id} contains invalid placeholder ${key}.`);
  }
  for (const path of Object.values(transformer.InputPathsMap ?? {})) {
    if (stepsOf(path) === undefined) throw validation(`InputPathsMap for target ${Id} is invalid.`);
  }
}

function transform(
  { InputPathsMap = {}, InputTemplate = '' }: InputTransformer,
  event: unknown,
  ingestion: Ingestion,
): string {
  const valueFor = (key: string): unknown => {
    const path = InputPathsMap[key];
    return path === undefined ? predefined(key, event, ingestion) : valueAt(event, path);
  };
  let filled = '';
  let at = 0;
  let isQuoted = false;
  for (const match of InputTemplate.matchAll(PLACEHOLDER)) {
    const before = InputTemplate.slice(at, match.index);
    isQuoted = quotedAfter(before, isQuoted);
    filled += before + shown(valueFor(match[1] ?? ''), isQuoted);
    at = match.index + match[0].length;
  }
  return filled + InputTemplate.slice(at);
}

/** Whether what follows a piece of a template stands within quotes. */
function quotedAfter(text: string, isQuoted: boolean): boolean {
  let quoted = isQuoted;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') quoted = !quoted;
  }
  return quoted;
}

/** A value as it stands in a template: JSON outside quotes; inside them text, where objects and lists lose their quotes. */
function shown(value: unknown, isQuoted: boolean): string {
  if (!isQuoted) return JSON.stringify(value ?? '');
  if (value === undefined || value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value).replaceAll('"', '');
  return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : String(value);
}

function predefined(key: string, event: unknown, { ruleArn, ruleName, time }: Ingestion): unknown {
  if (key === 'aws.events.rule-arn') return ruleArn;
  if (key === 'aws.events.rule-name') return ruleName;
  if (key === 'aws.events.event.ingestion-time') return time;
  if (key === 'aws.events.event.json') return event;
  if (key !== 'aws.events.event') return undefined;
  // Without its detail, and with AWS's own spelling of the type's name.
  const { detail: _detail, 'detail-type': detailType, ...rest } = event as Record<string, unknown>; // an event is an object
  return { ...rest, detailType };
}

/** The value that a path such as `$.detail.items[0].id` leads to. */
export function valueAt(event: unknown, path: string): unknown {
  let values: unknown[] = [event];
  let isList = false;
  for (const step of stepsOf(path) ?? []) {
    if (step === '*') {
      isList = true;
      values = values.flatMap((value) => (Array.isArray(value) ? value : []));
    } else {
      values = values
        .map((value) => (typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined))
        .filter((value) => value !== undefined);
    }
  }
  return isList ? values : values[0];
}

/** The steps of a path, or undefined when it is none. */
function stepsOf(path: string): string[] | undefined {
  if (!/^\$(\.[^.[\]]+|\[(\d+|\*|'[^']*'|"[^"]*")\])*$/.test(path)) return undefined;
  return Array.from(
    path.matchAll(/\.([^.[\]]+)|\[(?:(\d+|\*)|'([^']*)'|"([^"]*)")\]/g),
    ([, name, at, single, double]) => String(name ?? at ?? single ?? double),
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
