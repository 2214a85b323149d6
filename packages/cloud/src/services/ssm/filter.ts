import type { ParameterStringFilter, ParametersFilter } from '@aws-sdk/client-ssm';
import { invalidFilterKey, invalidFilterOption } from './errors.ts';
import type { Parameter } from './parameter.ts';

/** What a filter may look at. */
export interface Filtered {
  readonly parameter: Parameter;
  readonly labels: () => readonly string[];
  readonly tags: () => ReadonlyMap<string, string>;
}

/** Whether a parameter passes. */
export type Filter = (filtered: Filtered) => boolean;

/** The older form of filters: equality, and for names the beginning. @throws InvalidFilterKey */
export const olderFilter = ({ Key, Values = [] }: Partial<ParametersFilter>): Filter =>
  parameterFilter({ Key: Key ?? '', Values, Option: Key === 'Name' ? 'BeginsWith' : 'Equals' });

/** @throws InvalidFilterKey, InvalidFilterOption */
export function parameterFilter({ Key = '', Values = [], Option = 'Equals' }: Partial<ParameterStringFilter>): Filter {
  if (Key === 'Path') return pathFilter(Option, Values);
  if (Key.startsWith('tag:')) {
    const key = Key.slice('tag:'.length);
    const has = test(Option, Values);
    return ({ tags }) => {
      const value = tags().get(key);
      return value !== undefined && (Values.length === 0 || has(value));
    };
  }
  if (Key === 'Label') return ({ labels }) => labels().some((label) => Values.includes(label));
  const read = FIELDS[Key];
  if (read === undefined) throw invalidFilterKey(Key);
  const has = test(Option, Values);
  return ({ parameter }) => has(read(parameter) ?? '');
}

const FIELDS: Readonly<Record<string, (parameter: Parameter) => string | undefined>> = {
  Name: ({ name }) => name,
  Type: ({ type }) => type,
  KeyId: ({ keyId }) => keyId,
  Tier: ({ tier }) => tier,
  DataType: ({ dataType }) => dataType,
};

function test(option: string, values: readonly string[]): (value: string) => boolean {
  if (option === 'Equals') return (value) => values.includes(value);
  if (option === 'BeginsWith') return (value) => values.some((start) => value.startsWith(start));
  if (option === 'Contains') return (value) => values.some((part) => value.includes(part));
  throw invalidFilterOption(option);
}

function pathFilter(option: string, paths: readonly string[]): Filter {
  if (option !== 'OneLevel' && option !== 'Recursive' && option !== 'Equals') throw invalidFilterOption(option);
  return ({ parameter: { name } }) => paths.some((path) => isUnder(name, path, option === 'Recursive'));
}

/** Whether a name lies under a path: at any depth, or directly. */
export function isUnder(name: string, path: string, recursive: boolean): boolean {
  const start = path.endsWith('/') ? path : `${path}/`;
  if (start === '/' && !name.includes('/')) return true;
  return name.startsWith(start) && (recursive || !name.includes('/', start.length));
}
