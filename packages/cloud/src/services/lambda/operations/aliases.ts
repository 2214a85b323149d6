import type { AliasConfiguration } from '@aws-sdk/client-lambda';
import type { Scope } from '../../../kernel/names.ts';
import { Constraints, pattern } from '../constraints.ts';
import { conflict, functionNotFound, invalidParameter, resourceNotFound, revisionMismatch } from '../errors.ts';
import { functionArn, readReference } from '../functionReference.ts';
import { LATEST } from '../functionVersion.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { pageOf } from '../paging.ts';
import type { Alias } from '../stores/aliasStore.ts';

const ALIAS = pattern('(?!^[0-9]+$)([a-zA-Z0-9-_]+)');
const VERSION = pattern('(\\$LATEST|[0-9]+)');

export const createAlias =
  (dependencies: LambdaDependencies): LambdaOperations['CreateAlias'] =>
  ({ FunctionName, Name, FunctionVersion, Description = '', RoutingConfig }, context) => {
    const { functions, stores } = dependencies;
    checkForm(Name, FunctionVersion, Description, RoutingConfig?.AdditionalVersionWeights);
    const reference = readReference(FunctionName, undefined, context);
    const { name: functionName } = reference;
    const [name = '', version = ''] = [Name, FunctionVersion];
    const weights = RoutingConfig?.AdditionalVersionWeights ?? {};
    checkVersions(dependencies, reference, functionName, version, weights);
    if (stores.aliases.find(reference, functionName, name) !== undefined) {
      throw conflict(`Alias already exists: ${functionArn(reference, functionName, name)}`);
    }
    const alias: Alias = {
      functionName,
      name,
      version,
      description: Description,
      weights,
      revisionId: functions.newRevision(reference, functionName),
    };
    stores.aliases.put(reference, alias);
    dependencies.targets.forget();
    return describeAlias(reference, alias);
  };

export const updateAlias =
  (dependencies: LambdaDependencies): LambdaOperations['UpdateAlias'] =>
  ({ FunctionName, Name, FunctionVersion, Description, RoutingConfig, RevisionId }, context) => {
    const { functions, stores } = dependencies;
    checkForm(Name, FunctionVersion ?? '1', Description ?? '', RoutingConfig?.AdditionalVersionWeights);
    const reference = readReference(FunctionName, undefined, context);
    const { name: functionName } = reference;
    functions.get(reference, functionName);
    const before = stores.aliases.find(reference, functionName, Name ?? '');
    if (before === undefined) throw resourceNotFound(`Alias not found: ${functionArn(reference, functionName, Name)}`);
    if (RevisionId !== undefined && RevisionId !== before.revisionId) throw revisionMismatch('GetFunction/GetAlias');
    const alias: Alias = {
      ...before,
      version: FunctionVersion ?? before.version,
      description: Description ?? before.description,
      weights: RoutingConfig === undefined ? before.weights : (RoutingConfig.AdditionalVersionWeights ?? {}),
      revisionId: functions.newRevision(reference, functionName),
    };
    checkVersions(dependencies, reference, functionName, alias.version, alias.weights);
    stores.aliases.put(reference, alias);
    dependencies.targets.forget();
    return describeAlias(reference, alias);
  };

export const getAlias =
  ({ stores }: LambdaDependencies): LambdaOperations['GetAlias'] =>
  ({ FunctionName, Name = '' }, context) => {
    const reference = readReference(FunctionName, undefined, context);
    const alias = stores.aliases.find(reference, reference.name, Name);
    if (alias === undefined)
      throw resourceNotFound(`Cannot find alias arn: ${functionArn(reference, reference.name, Name)}`);
    return describeAlias(reference, alias);
  };

export const deleteAlias =
  ({ functions, stores, targets }: LambdaDependencies): LambdaOperations['DeleteAlias'] =>
  ({ FunctionName, Name = '' }, context) => {
    const reference = readReference(FunctionName, undefined, context);
    functions.get(reference, reference.name);
    // AWS answers the deletion of an alias that is not there as if it had been.
    stores.aliases.delete(reference, reference.name, Name);
    stores.policies.put(reference, reference.name, Name, []);
    stores.eventConfigs.delete(reference, reference.name, Name);
    targets.forget();
    return {};
  };

export const listAliases =
  ({ functions, stores }: LambdaDependencies): LambdaOperations['ListAliases'] =>
  ({ FunctionName, FunctionVersion, ...paging }, context) => {
    const reference = readReference(FunctionName, undefined, context);
    functions.get(reference, reference.name);
    const { items, marker } = pageOf(
      paging,
      (after = '', limit) => stores.aliases.list(reference, reference.name, after, limit, FunctionVersion),
      ({ name }) => name,
    );
    return { Aliases: items.map((alias) => describeAlias(reference, alias)), NextMarker: marker };
  };

function checkForm(
  name: string | undefined,
  version: string | undefined,
  description: string,
  weights: Readonly<Record<string, number>> = {},
): void {
  new Constraints()
    .present(name, 'name')
    .length(name, 'name', 128, 1)
    .pattern(name, 'name', ALIAS)
    .present(version, 'functionVersion')
    .pattern(version, 'functionVersion', VERSION)
    .length(description, 'description', 256)
    .check(
      Object.values(weights).every((weight) => weight >= 0 && weight <= 1),
      Object.fromEntries(
        Object.entries(weights).map(([key, weight]) => [key, Number.isInteger(weight) ? `${weight}.0` : weight]),
      ),
      'routingConfig.additionalVersionWeights',
      'Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]',
    )
    .check(
      Object.keys(weights).every((key) => /^[0-9]+$/.test(key)),
      weights,
      'routingConfig.additionalVersionWeights',
      'Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+]',
    )
    .hold();
}

function checkVersions(
  { functions }: LambdaDependencies,
  scope: Scope,
  functionName: string,
  version: string,
  weights: Readonly<Record<string, number>>,
): void {
  const others = Object.keys(weights);
  if (others.length > 1) throw invalidParameter('Number of items in AdditionalVersionWeights cannot be greater than 1');
  if (others.includes(version)) {
    throw invalidParameter(
      `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
    );
  }
  if (version === LATEST && others.length > 0) {
    throw invalidParameter('$LATEST is not supported for an alias pointing to more than 1 version');
  }
  for (const wanted of [version, ...others]) {
    if (functions.findVersion(scope, functionName, wanted) === undefined) {
      throw functionNotFound(functionArn(scope, functionName, wanted));
    }
  }
}

const describeAlias = (
  scope: Scope,
  { functionName, name, version, description, weights, revisionId }: Alias,
): AliasConfiguration => ({
  AliasArn: functionArn(scope, functionName, name),
  Name: name,
  FunctionVersion: version,
  Description: description,
  RoutingConfig: Object.keys(weights).length === 0 ? undefined : { AdditionalVersionWeights: { ...weights } },
  RevisionId: revisionId,
});
