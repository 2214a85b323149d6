import type * as sdk from '@aws-sdk/client-lambda';
import type { Scope } from '../../kernel/names.ts';
import type { Access, AuthorizeOf } from '../../kernel/service.ts';
import { mappingArn } from './event-source-mappings/mapping.ts';
import { arnOf } from './functionReference.ts';
import { layerArn } from './layers.ts';

interface Named {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}

const theFunction = ({ FunctionName }: Named, scope: Scope): string => arnOf(FunctionName, undefined, scope);
const theVersion = ({ FunctionName, Qualifier }: Named, scope: Scope): string => arnOf(FunctionName, Qualifier, scope);

const theMapping = ({ UUID = '*' }: { readonly UUID?: string | undefined }, scope: Scope): string =>
  mappingArn(scope, UUID);

const everything = (): string => '*';
const theTagged = ({ Resource }: { readonly Resource?: string | undefined }): string => Resource ?? '*';

interface NamedLayer {
  readonly LayerName?: string | undefined;
  readonly VersionNumber?: number | undefined;
}

const theLayer = ({ LayerName = '' }: NamedLayer, scope: Scope): string =>
  LayerName.startsWith('arn:') ? LayerName : layerArn(scope, LayerName);
const theLayerVersion = (input: NamedLayer, scope: Scope): string =>
  `${theLayer(input, scope)}:${input.VersionNumber ?? ''}`;

/** What a function is given with it: its role, and its layers. */
const passed = ({
  Role,
  Layers = [],
}: {
  readonly Role?: string | undefined;
  readonly Layers?: readonly string[] | undefined;
}): Access[] => [
  ...(Role === undefined ? [] : [{ action: 'iam:PassRole', resource: Role }]),
  ...Layers.map((resource) => ({ action: 'lambda:GetLayerVersion', resource })),
];

/** For each operation: what it acts on. */
export const authorize: Partial<AuthorizeOf<typeof sdk>> = {
  AddPermission: theVersion,
  CreateAlias: theFunction,
  CreateEventSourceMapping: everything,
  CreateFunction: (input, context) => [
    { action: 'lambda:CreateFunction', resource: arnOf(input.FunctionName, undefined, context) },
    ...passed(input),
  ],
  CreateFunctionUrlConfig: theVersion,
  DeleteAlias: theFunction,
  DeleteEventSourceMapping: theMapping,
  DeleteFunction: theVersion,
  DeleteFunctionConcurrency: theFunction,
  DeleteFunctionEventInvokeConfig: theVersion,
  DeleteFunctionUrlConfig: theVersion,
  DeleteLayerVersion: theLayerVersion,
  GetAccountSettings: everything,
  GetAlias: theFunction,
  GetEventSourceMapping: theMapping,
  GetFunction: theVersion,
  GetFunctionConcurrency: theFunction,
  GetFunctionConfiguration: theVersion,
  GetFunctionEventInvokeConfig: theVersion,
  GetFunctionUrlConfig: theVersion,
  GetFunctionRecursionConfig: theFunction,
  GetLayerVersion: theLayerVersion,
  GetLayerVersionByArn: ({ Arn = '*' }) => [{ action: 'lambda:GetLayerVersion', resource: Arn }],
  GetPolicy: theVersion,
  Invoke: ({ FunctionName, Qualifier }, context) => [
    { action: 'lambda:InvokeFunction', resource: arnOf(FunctionName, Qualifier, context) },
  ],
  InvokeAsync: ({ FunctionName }, context) => [
    { action: 'lambda:InvokeFunction', resource: arnOf(FunctionName, undefined, context) },
  ],
  InvokeWithResponseStream: ({ FunctionName, Qualifier }, context) => [
    { action: 'lambda:InvokeFunction', resource: arnOf(FunctionName, Qualifier, context) },
  ],
  ListAliases: theFunction,
  ListEventSourceMappings: everything,
  ListFunctionEventInvokeConfigs: theFunction,
  ListFunctionUrlConfigs: theFunction,
  ListFunctions: everything,
  ListLayerVersions: everything,
  ListLayers: everything,
  ListTags: theTagged,
  ListVersionsByFunction: theFunction,
  PublishLayerVersion: theLayer,
  PublishVersion: theFunction,
  PutFunctionConcurrency: theFunction,
  PutFunctionEventInvokeConfig: theVersion,
  PutFunctionRecursionConfig: theFunction,
  RemovePermission: theVersion,
  TagResource: theTagged,
  UntagResource: theTagged,
  UpdateAlias: theFunction,
  UpdateEventSourceMapping: theMapping,
  UpdateFunctionCode: theFunction,
  UpdateFunctionConfiguration: (input, context) => [
    { action: 'lambda:UpdateFunctionConfiguration', resource: arnOf(input.FunctionName, undefined, context) },
    ...passed(input),
  ],
  UpdateFunctionEventInvokeConfig: theVersion,
  UpdateFunctionUrlConfig: theVersion,
};
