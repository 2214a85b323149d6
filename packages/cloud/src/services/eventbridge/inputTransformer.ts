import type { InputTransformer, Target } from '@aws-sdk/client-eventbridge';
import { fillTemplate, isEventPath, placeholdersOf, valueAt } from '../../kernel/eventTemplate.ts';
import { validation } from './errors.ts';

/** What a rule's variables stand for. */
export interface Ingestion {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** ISO 8601 */
  readonly time: string;
}

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
  if (InputPath !== undefined && !isEventPath(InputPath)) {
    throw validation(`InputPath for target ${Id} is invalid.`);
  }
  if (transformer === undefined) return;
  const known = new Set([...PREDEFINED, ...Object.keys(transformer.InputPathsMap ?? {})]);
  for (const key of placeholdersOf(transformer.InputTemplate ?? '')) {
    if (!known.has(key)) throw validation(`InputTemplate for target ${Id} contains invalid placeholder ${key}.`);
  }
  for (const path of Object.values(transformer.InputPathsMap ?? {})) {
    if (!isEventPath(path)) throw validation(`InputPathsMap for target ${Id} is invalid.`);
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
  return fillTemplate(InputTemplate, valueFor);
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

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
