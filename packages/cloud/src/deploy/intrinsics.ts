import { partitionOf, urlSuffixOf } from '../kernel/names.ts';
import { cidrBlocks } from './cidr.ts';
import { DeployError } from './errors.ts';
import { isRecord, type Template } from './template.ts';

/** What the intrinsic functions of a stack look things up in. */
export interface Scope {
  readonly template: Template;
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly notificationArns: readonly string[];
  /** Parameters by name: text, or a list for list types. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  /** Conditions by name, evaluated. */
  readonly conditions: Readonly<Record<string, boolean>>;
  /** What `Ref` gives of a resource that stands; undefined when there is none by that name. */
  physicalId(logicalId: string): string | undefined;
  /** @throws {DeployError} when the resource has no such attribute */
  attribute(logicalId: string, attribute: string): unknown;
  /** The value of an export of another stack; undefined when there is none. */
  exported(name: string): string | undefined;
}

/** What `AWS::NoValue` leaves: nothing. */
const NO_VALUE = Symbol('AWS::NoValue');

/** The value that a part of a template has in a scope, all intrinsic functions resolved. */
export function resolve(value: unknown, scope: Scope): unknown {
  const resolved = resolveAny(value, scope);
  return resolved === NO_VALUE ? undefined : resolved;
}

function resolveAny(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolveAny(item, scope)).filter((item) => item !== NO_VALUE);
  if (!isRecord(value)) return value;
  const call = callOf(value);
  if (call !== undefined) return call.run(call.argument, scope);
  const result: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const resolved = resolveAny(item, scope);
    if (resolved !== NO_VALUE) result[key] = resolved;
  }
  return result;
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

/** The intrinsic function that a mapping of one key is a call of. */
function callOf(value: Record<string, unknown>): { readonly run: Intrinsic; readonly argument: unknown } | undefined {
  const keys = Object.keys(value);
  const [name] = keys;
  if (keys.length !== 1 || name === undefined) return undefined;
  const run = INTRINSICS.get(name);
  if (run !== undefined) return { run, argument: value[name] };
  if (!name.startsWith('Fn::')) return undefined;
  throw new DeployError(`the intrinsic function ${name} is not supported`);
}

const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', (argument, scope) => ref(text(argument, 'Ref', scope), scope)],
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', sub],
  ['Fn::Join', join],
  ['Fn::Select', select],
  ['Fn::Split', split],
  ['Fn::If', choose],
  ['Fn::FindInMap', findInMap],
  ['Fn::ImportValue', importValue],
  ['Fn::Base64', (argument, scope) => Buffer.from(text(argument, 'Fn::Base64', scope)).toString('base64')],
  ['Fn::Cidr', cidr],
  ['Fn::GetAZs', (argument, scope) => availabilityZones(text(argument, 'Fn::GetAZs', scope) || scope.region)],
  ['Fn::Length', (argument, scope) => list(argument, 'Fn::Length', scope).length],
  ['Fn::ToJsonString', (argument, scope) => JSON.stringify(resolve(argument, scope))],
  ['Fn::Equals', (argument, scope) => evaluate({ 'Fn::Equals': argument }, scope)],
  ['Fn::And', (argument, scope) => evaluate({ 'Fn::And': argument }, scope)],
  ['Fn::Or', (argument, scope) => evaluate({ 'Fn::Or': argument }, scope)],
  ['Fn::Not', (argument, scope) => evaluate({ 'Fn::Not': argument }, scope)],
]);

/** The availability zones of a region: three of them, as most have. */
export const availabilityZones = (region: string): string[] => ['a', 'b', 'c'].map((zone) => `${region}${zone}`);

/** The value of a pseudo parameter, or undefined when `name` is none. */
function pseudo(name: string, scope: Scope): unknown {
  switch (name) {
    case 'AWS::AccountId':
      return scope.account;
    case 'AWS::Region':
      return scope.region;
    case 'AWS::StackName':
      return scope.stackName;
    case 'AWS::StackId':
      return scope.stackId;
    case 'AWS::Partition':
      return partitionOf(scope.region);
    case 'AWS::URLSuffix':
      return urlSuffixOf(scope.region);
    case 'AWS::NotificationARNs':
      return scope.notificationArns;
    case 'AWS::NoValue':
      return NO_VALUE;
    default:
      return undefined;
  }
}

function ref(name: string, scope: Scope): unknown {
  const value = pseudo(name, scope) ?? scope.parameters[name] ?? scope.physicalId(name);
  if (value === undefined)
    throw new DeployError(`Ref names '${name}', which is neither a parameter nor a resource of the template`);
  return value;
}

function getAtt(argument: unknown, scope: Scope): unknown {
  const parts =
    typeof argument === 'string' ? [argument.split('.')[0], argument.split('.').slice(1).join('.')] : argument;
  if (!Array.isArray(parts) || typeof parts[0] !== 'string')
    throw malformed('Fn::GetAtt', 'a logical id and an attribute');
  return scope.attribute(
    parts[0],
    text(parts.slice(1).length === 1 ? parts[1] : parts.slice(1).join('.'), 'Fn::GetAtt', scope),
  );
}

function sub(argument: unknown, scope: Scope): string {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof template !== 'string') throw malformed('Fn::Sub', 'a text, or a text and a mapping of variables');
  return template.replace(/\$\{(!?)([^}]*)\}/g, (_, literal: string, inner: string) => {
    if (literal === '!') return `\${${inner}}`;
    const name = inner.trim();
    const own = isRecord(variables) && Object.hasOwn(variables, name) ? resolve(variables[name], scope) : undefined;
    const value = own ?? (name.includes('.') ? getAtt(name, scope) : ref(name, scope));
    return Array.isArray(value) ? value.join(',') : String(value);
  });
}

function join(argument: unknown, scope: Scope): string {
  if (!Array.isArray(argument) || argument.length !== 2) throw malformed('Fn::Join', 'a delimiter and a list');
  return list(argument[1], 'Fn::Join', scope)
    .map(String)
    .join(text(argument[0], 'Fn::Join', scope));
}

function select(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length !== 2) throw malformed('Fn::Select', 'an index and a list');
  const items = list(argument[1], 'Fn::Select', scope);
  const index = Number(resolve(argument[0], scope));
  if (!Number.isInteger(index) || index < 0 || index >= items.length) {
    throw new DeployError(
      `Fn::Select cannot select element ${String(resolve(argument[0], scope))} of a list of ${items.length}`,
    );
  }
  return items[index];
}

function split(argument: unknown, scope: Scope): string[] {
  if (!Array.isArray(argument) || argument.length !== 2) throw malformed('Fn::Split', 'a delimiter and a text');
  return text(argument[1], 'Fn::Split', scope).split(text(argument[0], 'Fn::Split', scope));
}

function choose(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length !== 3) throw malformed('Fn::If', 'a condition and two values');
  return resolveAny(conditionNamed(String(argument[0]), scope) ? argument[1] : argument[2], scope);
}

function findInMap(argument: unknown, scope: Scope): unknown {
  if (!Array.isArray(argument) || argument.length < 3)
    throw malformed('Fn::FindInMap', 'the names of a map and two keys');
  const [map, first, second] = argument.slice(0, 3).map((part) => text(part, 'Fn::FindInMap', scope));
  const found = scope.template.Mappings[map ?? '']?.[first ?? '']?.[second ?? ''];
  if (found !== undefined) return found;
  const fallback: unknown = argument[3];
  if (isRecord(fallback) && 'DefaultValue' in fallback) return resolveAny(fallback['DefaultValue'], scope);
  throw new DeployError(`Fn::FindInMap finds nothing at Mappings.${map}.${first}.${second}`);
}

function importValue(argument: unknown, scope: Scope): string {
  const name = text(argument, 'Fn::ImportValue', scope);
  const value = scope.exported(name);
  if (value === undefined)
    throw new DeployError(`No export named ${name} found: deploy the stack that exports it first`);
  return value;
}

function cidr(argument: unknown, scope: Scope): string[] {
  if (!Array.isArray(argument) || argument.length < 2)
    throw malformed('Fn::Cidr', 'a block, a count and the number of bits');
  return cidrBlocks(
    text(argument[0], 'Fn::Cidr', scope),
    Number(resolve(argument[1], scope)),
    Number(resolve(argument[2] ?? 8, scope)),
  );
}

function text(argument: unknown, name: string, scope: Scope): string {
  const value = resolve(argument, scope);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw malformed(name, 'a text');
}

function list(argument: unknown, name: string, scope: Scope): readonly unknown[] {
  const value = resolve(argument, scope);
  if (Array.isArray(value)) return value;
  if (typeof value === 'string' && value.includes(',')) return value.split(',');
  throw malformed(name, 'a list');
}

const malformed = (name: string, wanted: string): DeployError => new DeployError(`${name} must have ${wanted}`);

/** The value of a condition function. */
export function evaluate(condition: unknown, scope: Scope): boolean {
  if (typeof condition === 'boolean') return condition;
  if (!isRecord(condition))
    throw new DeployError(`a condition must be a condition function, not ${JSON.stringify(condition)}`);
  const [name, argument] = Object.entries(condition)[0] ?? [];
  const parts = Array.isArray(argument) ? argument : [argument];
  switch (name) {
    case 'Condition':
      return conditionNamed(String(argument), scope);
    case 'Fn::Equals':
      return JSON.stringify(comparable(parts[0], scope)) === JSON.stringify(comparable(parts[1], scope));
    case 'Fn::And':
      return parts.every((part) => evaluate(part, scope));
    case 'Fn::Or':
      return parts.some((part) => evaluate(part, scope));
    case 'Fn::Not':
      return !evaluate(parts[0], scope);
    default:
      throw new DeployError(`${name ?? 'an empty mapping'} is no condition function`);
  }
}

const comparable = (part: unknown, scope: Scope): unknown => {
  const value = resolve(part, scope);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
};

function conditionNamed(name: string, scope: Scope): boolean {
  const value = scope.conditions[name];
  if (value === undefined) throw new DeployError(`there is no condition '${name}' in the template`);
  return value;
}

/** All conditions of a template, each evaluated once, in the order in which they need each other. */
export function evaluateConditions(scope: Omit<Scope, 'conditions'>): Record<string, boolean> {
  const values: Record<string, boolean> = {};
  const pending = new Set<string>();
  const conditions = new Proxy(values, {
    get: (_, name) => (typeof name === 'string' ? conditionValue(name) : undefined),
  });
  const full: Scope = Object.assign(Object.create(scope) as Omit<Scope, 'conditions'>, { conditions });
  function conditionValue(name: string): boolean | undefined {
    const known = values[name];
    const condition = scope.template.Conditions[name];
    if (known !== undefined || condition === undefined) return known;
    if (pending.has(name)) throw new DeployError(`the condition '${name}' depends on itself`);
    pending.add(name);
    return (values[name] = evaluate(condition, full));
  }
  for (const name of Object.keys(scope.template.Conditions)) conditionValue(name);
  return values;
}

/** The logical ids that a value refers to. */
export function references(value: unknown, resources: Readonly<Record<string, unknown>>): Set<string> {
  const found = new Set<string>();
  const add = (name: unknown): void => {
    if (typeof name === 'string' && Object.hasOwn(resources, name)) found.add(name);
  };
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const item of part) visit(item);
    if (!isRecord(part)) return;
    for (const [key, item] of Object.entries(part)) {
      if (key === 'Ref') add(item);
      else if (key === 'Fn::GetAtt')
        add(typeof item === 'string' ? item.split('.')[0] : Array.isArray(item) ? item[0] : undefined);
      else if (key === 'Fn::Sub') {
        const template: unknown = Array.isArray(item) ? item[0] : item;
        for (const [, inner] of String(template).matchAll(/\$\{([^!][^}]*)\}/g)) add(inner?.trim().split('.')[0]);
      }
      visit(item);
    }
  };
  visit(value);
  return found;
}
