import type { Cors, FunctionUrlConfig } from '@aws-sdk/client-lambda';
import type { Context } from '../../../kernel/service.ts';
import { Constraints, pattern } from '../constraints.ts';
import { conflict, resourceNotFound } from '../errors.ts';
import { type FunctionReference, functionArn, readReference, referenceArn } from '../functionReference.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { pageOf } from '../paging.ts';
import type { FunctionUrl } from '../stores/urlStore.ts';

const ALIAS = pattern('((?!^\\d+$)^[0-9a-zA-Z-_]+$)');

export const createFunctionUrlConfig =
  (dependencies: LambdaDependencies): LambdaOperations['CreateFunctionUrlConfig'] =>
  async ({ FunctionName, Qualifier, AuthType, Cors, InvokeMode }, context) => {
    const { stores, scheduler, random, urls } = dependencies;
    new Constraints().present(AuthType, 'authType').hold();
    checkForm(AuthType, InvokeMode);
    const reference = existing(dependencies, referenceOf(FunctionName, Qualifier, context));
    const qualifier = reference.qualifier ?? '';
    const arn = referenceArn(reference);
    if (stores.urls.find(reference, reference.name, qualifier) !== undefined) {
      throw conflict(
        `Failed to create function url config for [functionArn = ${arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
      );
    }
    const now = scheduler.now;
    const url: FunctionUrl = {
      account: reference.account,
      region: reference.region,
      name: reference.name,
      qualifier,
      urlId: random.of(`url/${arn}`).letters(32).toLowerCase(),
      authType: AuthType ?? 'AWS_IAM',
      cors: Cors,
      invokeMode: InvokeMode,
      createdAt: now,
      modifiedAt: now,
    };
    stores.urls.put(url);
    await urls.open(url);
    const { LastModifiedTime: _, ...created } = describe(dependencies, url);
    return created;
  };

export const updateFunctionUrlConfig =
  (dependencies: LambdaDependencies): LambdaOperations['UpdateFunctionUrlConfig'] =>
  ({ FunctionName, Qualifier, AuthType, Cors, InvokeMode }, context) => {
    const { stores, scheduler } = dependencies;
    checkForm(AuthType, InvokeMode);
    const before = urlOf(dependencies, existing(dependencies, referenceOf(FunctionName, Qualifier, context)));
    const url: FunctionUrl = {
      ...before,
      authType: AuthType ?? before.authType,
      cors: mergeCors(before.cors, Cors),
      invokeMode: InvokeMode ?? before.invokeMode,
      modifiedAt: scheduler.now,
    };
    stores.urls.put(url);
    return describe(dependencies, url);
  };

export const getFunctionUrlConfig =
  (dependencies: LambdaDependencies): LambdaOperations['GetFunctionUrlConfig'] =>
  ({ FunctionName, Qualifier }, context) => {
    const url = urlOf(dependencies, referenceOf(FunctionName, Qualifier, context));
    return { ...describe(dependencies, url), InvokeMode: url.invokeMode ?? 'BUFFERED' };
  };

export const deleteFunctionUrlConfig =
  (dependencies: LambdaDependencies): LambdaOperations['DeleteFunctionUrlConfig'] =>
  ({ FunctionName, Qualifier }, context) => {
    const url = urlOf(dependencies, referenceOf(FunctionName, Qualifier, context));
    dependencies.stores.urls.delete(url, url.name, url.qualifier);
    dependencies.urls.close(url);
    return {};
  };

export const listFunctionUrlConfigs =
  (dependencies: LambdaDependencies): LambdaOperations['ListFunctionUrlConfigs'] =>
  ({ FunctionName, ...paging }, context) => {
    const reference = existing(dependencies, referenceOf(FunctionName, undefined, context));
    const { items, marker } = pageOf(
      paging,
      (after, limit) => dependencies.stores.urls.list(reference, reference.name, after, limit),
      ({ qualifier }) => qualifier,
    );
    const FunctionUrlConfigs = items.map(
      (url) => ({ ...describe(dependencies, url), InvokeMode: url.invokeMode ?? 'BUFFERED' }) as const,
    );
    return { FunctionUrlConfigs, NextMarker: marker };
  };

function referenceOf(
  functionName: string | undefined,
  qualifier: string | undefined,
  context: Context,
): FunctionReference {
  new Constraints().pattern(qualifier, 'qualifier', ALIAS).hold();
  return readReference(functionName, qualifier, context);
}

function checkForm(authType: string | undefined, invokeMode: string | undefined): void {
  new Constraints()
    .oneOf(authType, 'authType', ['NONE', 'AWS_IAM'])
    .oneOf(invokeMode, 'invokeMode', ['RESPONSE_STREAM', 'BUFFERED'])
    .hold();
}

function existing({ functions }: LambdaDependencies, reference: FunctionReference): FunctionReference {
  if (functions.findVersion(reference, reference.name, reference.qualifier) === undefined) {
    throw resourceNotFound('Function does not exist');
  }
  return reference;
}

function urlOf({ stores }: LambdaDependencies, reference: FunctionReference): FunctionUrl {
  const url = stores.urls.find(reference, reference.name, reference.qualifier ?? '');
  if (url === undefined) throw resourceNotFound('The resource you requested does not exist.');
  return url;
}

/** An empty configuration takes the old one away. */
function mergeCors(before: Cors | undefined, change: Cors | undefined): Cors | undefined {
  if (change === undefined) return before;
  return Object.keys(change).length === 0 ? undefined : { ...before, ...change };
}

function describe({ urls }: LambdaDependencies, url: FunctionUrl): FunctionUrlConfig {
  return {
    FunctionUrl: urls.addressOf(url),
    FunctionArn: functionArn(url, url.name, url.qualifier === '' ? undefined : url.qualifier),
    AuthType: url.authType,
    Cors: url.cors,
    CreationTime: new Date(url.createdAt).toISOString(),
    LastModifiedTime: new Date(url.modifiedAt).toISOString(),
    InvokeMode: url.invokeMode,
  };
}
