import { shownValue } from '../answer.ts';
import { check, maxResults, text } from '../constraints.ts';
import { parameterNotFound } from '../errors.ts';
import type { SsmDependencies, SsmOperations } from '../operation.ts';
import { keyOf, pageOf } from '../page.ts';
import { referenceOf } from '../parameter.ts';

const MOST = 50;

export const getParameterHistory =
  ({ parameters, labels }: SsmDependencies): SsmOperations['GetParameterHistory'] =>
  ({ Name, WithDecryption, MaxResults = MOST, NextToken }, context) => {
    check(text('name', Name, 2048), maxResults(MaxResults, MOST));
    const { name } = referenceOf(Name ?? '');
    if (parameters.find(context, name) === undefined) throw parameterNotFound();
    const byVersion = labels.of(context, name);
    const versions = parameters.versions(context, name, Number(keyOf(NextToken)), MaxResults + 1);
    const { items, nextToken } = pageOf(versions, MaxResults, ({ version }) => String(version));
    return {
      Parameters: items.map((parameter) => ({
        Name: parameter.name,
        Type: parameter.type,
        ...(parameter.keyId === undefined ? {} : { KeyId: parameter.keyId }),
        LastModifiedDate: new Date(parameter.modifiedAt),
        LastModifiedUser: parameter.modifiedBy,
        ...(parameter.description === undefined ? {} : { Description: parameter.description }),
        Value: shownValue(parameter, WithDecryption),
        ...(parameter.allowedPattern === undefined ? {} : { AllowedPattern: parameter.allowedPattern }),
        Version: parameter.version,
        Labels: byVersion.get(parameter.version) ?? [],
        Tier: parameter.tier,
        Policies: [],
        DataType: parameter.dataType,
      })),
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  };
