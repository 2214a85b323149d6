import type { DestinationConfig, FunctionEventInvokeConfig } from '@aws-sdk/client-lambda';
import { parseArn } from '../../../kernel/names.ts';
import { Constraints, pattern } from '../constraints.ts';
import { invalidParameter, resourceNotFound } from '../errors.ts';
import { type FunctionReference, functionArn, readReference } from '../functionReference.ts';
import { LATEST } from '../functionVersion.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { pageOf } from '../paging.ts';
import type { EventConfig } from '../stores/eventConfigStore.ts';

const DESTINATION = pattern(
  '$|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)',
);
const SERVICES = new Set(['sqs', 'sns', 'lambda', 'events', 's3']);

interface Input {
  readonly MaximumRetryAttempts?: number | undefined;
  readonly MaximumEventAgeInSeconds?: number | undefined;
  readonly DestinationConfig?: DestinationConfig | undefined;
}

export const putFunctionEventInvokeConfig =
  (dependencies: LambdaDependencies): LambdaOperations['PutFunctionEventInvokeConfig'] =>
  (input, context) => {
    checkForm(input);
    const reference = existing(dependencies, readReference(input.FunctionName, input.Qualifier, context));
    if (
      input.MaximumEventAgeInSeconds === undefined &&
      input.MaximumRetryAttempts === undefined &&
      input.DestinationConfig === undefined
    ) {
      throw invalidParameter('You must specify at least one of error handling or destination setting.');
    }
    return keep(dependencies, reference, {
      qualifier: qualifierOf(reference),
      maxAgeSeconds: input.MaximumEventAgeInSeconds,
      maxRetries: input.MaximumRetryAttempts,
      ...destinationsOf(dependencies, reference, input.DestinationConfig),
      modifiedAt: dependencies.scheduler.now,
    });
  };

export const updateFunctionEventInvokeConfig =
  (dependencies: LambdaDependencies): LambdaOperations['UpdateFunctionEventInvokeConfig'] =>
  (input, context) => {
    checkForm(input);
    const reference = existing(dependencies, readReference(input.FunctionName, input.Qualifier, context));
    const before = configOf(dependencies, reference);
    return keep(dependencies, reference, {
      ...before,
      maxAgeSeconds: input.MaximumEventAgeInSeconds ?? before.maxAgeSeconds,
      maxRetries: input.MaximumRetryAttempts ?? before.maxRetries,
      ...(input.DestinationConfig === undefined
        ? {}
        : destinationsOf(dependencies, reference, input.DestinationConfig)),
      modifiedAt: dependencies.scheduler.now,
    });
  };

export const getFunctionEventInvokeConfig =
  (dependencies: LambdaDependencies): LambdaOperations['GetFunctionEventInvokeConfig'] =>
  ({ FunctionName, Qualifier }, context) => {
    const reference = readReference(FunctionName, Qualifier, context);
    return describe(reference, configOf(dependencies, reference));
  };

export const deleteFunctionEventInvokeConfig =
  (dependencies: LambdaDependencies): LambdaOperations['DeleteFunctionEventInvokeConfig'] =>
  ({ FunctionName, Qualifier }, context) => {
    const reference = readReference(FunctionName, Qualifier, context);
    configOf(dependencies, reference);
    dependencies.stores.eventConfigs.delete(reference, reference.name, qualifierOf(reference));
    return {};
  };

export const listFunctionEventInvokeConfigs =
  ({ functions, stores }: LambdaDependencies): LambdaOperations['ListFunctionEventInvokeConfigs'] =>
  ({ FunctionName, ...paging }, context) => {
    const reference = readReference(FunctionName, undefined, context);
    functions.get(reference, reference.name);
    const { items, marker } = pageOf(
      paging,
      (after = '', limit) => stores.eventConfigs.list(reference, reference.name, after, limit),
      ({ qualifier }) => qualifier,
    );
    return { FunctionEventInvokeConfigs: items.map((config) => describe(reference, config)), NextMarker: marker };
  };

const qualifierOf = ({ qualifier = LATEST }: FunctionReference): string => qualifier;

function checkForm({ MaximumEventAgeInSeconds, MaximumRetryAttempts, DestinationConfig }: Input): void {
  new Constraints()
    .range(MaximumEventAgeInSeconds, 'maximumEventAgeInSeconds', 60, 21_600)
    .range(MaximumRetryAttempts, 'maximumRetryAttempts', 0, 2)
    .pattern(DestinationConfig?.OnSuccess?.Destination, 'destinationConfig.onSuccess.destination', DESTINATION)
    .pattern(DestinationConfig?.OnFailure?.Destination, 'destinationConfig.onFailure.destination', DESTINATION)
    .hold();
}

function existing({ functions }: LambdaDependencies, reference: FunctionReference): FunctionReference {
  if (functions.findVersion(reference, reference.name, reference.qualifier) === undefined) {
    throw resourceNotFound("The function doesn't exist.");
  }
  return reference;
}

function destinationsOf(
  dependencies: LambdaDependencies,
  reference: FunctionReference,
  config: DestinationConfig | undefined,
): Pick<EventConfig, 'onSuccess' | 'onFailure'> {
  const onSuccess = config?.OnSuccess?.Destination || undefined;
  const onFailure = config?.OnFailure?.Destination || undefined;
  for (const destination of [onSuccess, onFailure]) {
    const target = destination === undefined ? undefined : parseArn(destination);
    if (target === undefined) continue;
    if (!SERVICES.has(target.service)) {
      const shown = (kind: string, value: string | undefined): string =>
        value === undefined ? 'null' : `${kind}(destination=${value})`;
      throw invalidParameter(
        `The provided destination config DestinationConfig(onSuccess=${shown('OnSuccess', onSuccess)}, onFailure=${shown('OnFailure', onFailure)}) is invalid.`,
      );
    }
    if (target.service === 'lambda')
      checkFunction(dependencies, reference, destination ?? '', target.resource.split(':')[1] ?? '');
  }
  return { onSuccess, onFailure };
}

function checkFunction(
  { stores }: LambdaDependencies,
  reference: FunctionReference,
  destination: string,
  name: string,
): void {
  if (name === reference.name) throw invalidParameter("You can't specify the function as a destination for itself.");
  if (stores.functions.find(reference, name) === undefined) {
    throw invalidParameter(`The destination ARN ${destination} is invalid.`);
  }
}

function configOf({ stores }: LambdaDependencies, reference: FunctionReference): EventConfig {
  const qualifier = qualifierOf(reference);
  const config = stores.eventConfigs.find(reference, reference.name, qualifier);
  if (config !== undefined) return config;
  throw resourceNotFound(
    `The function ${functionArn(reference, reference.name, qualifier)} doesn't have an EventInvokeConfig`,
  );
}

function keep(
  { stores }: LambdaDependencies,
  reference: FunctionReference,
  config: EventConfig,
): FunctionEventInvokeConfig {
  stores.eventConfigs.put(reference, reference.name, config);
  return describe(reference, config);
}

const describe = (reference: FunctionReference, config: EventConfig): FunctionEventInvokeConfig => ({
  LastModified: new Date(config.modifiedAt),
  FunctionArn: functionArn(reference, reference.name, config.qualifier),
  MaximumRetryAttempts: config.maxRetries,
  MaximumEventAgeInSeconds: config.maxAgeSeconds,
  DestinationConfig: {
    OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
    OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
  },
});
