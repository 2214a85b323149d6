import type { ParameterMetadata } from '@aws-sdk/client-ssm';
import type { Scope } from '../../../kernel/names.ts';
import { check, maxResults } from '../constraints.ts';
import { validation } from '../errors.ts';
import { olderFilter, parameterFilter } from '../filter.ts';
import type { SsmDependencies, SsmOperations } from '../operation.ts';
import { keyOf, pageOf } from '../page.ts';
import { type Parameter, parameterArn } from '../parameter.ts';

const MOST = 50;

export const describeParameters =
  ({ parameters, labels, tags }: SsmDependencies): SsmOperations['DescribeParameters'] =>
  ({ Filters = [], ParameterFilters = [], MaxResults = MOST, NextToken, Shared }, context) => {
    check(maxResults(MaxResults, MOST));
    if (Filters.length > 0 && ParameterFilters.length > 0) {
      throw validation(
        'You can use either Filters or ParameterFilters in a single request. Combining Filters and ParameterFilters is not supported.',
      );
    }
    const filters = [...Filters.map(olderFilter), ...ParameterFilters.map(parameterFilter)];
    const all = Shared === true ? [] : parameters.list(context, '', keyOf(NextToken));
    const matching = function* (): Generator<Parameter> {
      for (const parameter of all) {
        const filtered = {
          parameter,
          labels: () => [...labels.of(context, parameter.name).values()].flat(),
          tags: () => tags.of(context, parameter.name),
        };
        if (filters.every((passes) => passes(filtered))) yield parameter;
      }
    };
    const { items, nextToken } = pageOf(matching(), MaxResults, ({ name }) => name);
    return {
      Parameters: items.map((parameter) => metadata(parameter, context)),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  };

const metadata = (parameter: Parameter, scope: Scope): ParameterMetadata => ({
  Name: parameter.name,
  ARN: parameterArn(parameter.name, scope),
  Type: parameter.type,
  ...(parameter.keyId === undefined ? {} : { KeyId: parameter.keyId }),
  LastModifiedDate: new Date(parameter.modifiedAt),
  LastModifiedUser: parameter.modifiedBy,
  ...(parameter.description === undefined ? {} : { Description: parameter.description }),
  ...(parameter.allowedPattern === undefined ? {} : { AllowedPattern: parameter.allowedPattern }),
  Version: parameter.version,
  Tier: parameter.tier,
  Policies: [],
  DataType: parameter.dataType,
});
