import { answer } from '../answer.ts';
import { check, maxResults, text } from '../constraints.ts';
import { invalidFilterKey } from '../errors.ts';
import { isUnder, parameterFilter } from '../filter.ts';
import { checkPath } from '../name.ts';
import type { SsmDependencies, SsmOperations } from '../operation.ts';
import { keyOf, pageOf } from '../page.ts';
import type { Parameter } from '../parameter.ts';

const MOST = 10;
const FILTER_KEYS = ['Type', 'KeyId', 'Label', 'DataType', 'Tier'];

export const getParametersByPath =
  ({ parameters, labels, tags }: SsmDependencies): SsmOperations['GetParametersByPath'] =>
  (input, context) => {
    const { Path: path = '', Recursive = false, ParameterFilters = [], MaxResults = MOST, NextToken } = input;
    check(text('path', path, 2048), maxResults(MaxResults, MOST));
    checkPath(path);
    const unknown = ParameterFilters.find(({ Key = '' }) => !FILTER_KEYS.includes(Key));
    if (unknown !== undefined) throw invalidFilterKey(unknown.Key ?? '');
    const filters = ParameterFilters.map(parameterFilter);
    const wanted = (parameter: Parameter): boolean =>
      isUnder(parameter.name, path, Recursive) &&
      filters.every((passes) =>
        passes({
          parameter,
          labels: () => [...labels.of(context, parameter.name).values()].flat(),
          tags: () => tags.of(context, parameter.name),
        }),
      );
    const start = path === '/' ? '' : path.endsWith('/') ? path : `${path}/`;
    const under = filtered(parameters.list(context, start, keyOf(NextToken)), wanted);
    const { items, nextToken } = pageOf(under, MaxResults, ({ name }) => name);
    return {
      Parameters: items.map((parameter) => answer(parameter, context, input.WithDecryption)),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  };

function* filtered(parameters: Iterable<Parameter>, wanted: (parameter: Parameter) => boolean): Generator<Parameter> {
  for (const parameter of parameters) if (wanted(parameter)) yield parameter;
}
