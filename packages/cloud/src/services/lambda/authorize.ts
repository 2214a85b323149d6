import type * as sdk from '@aws-sdk/client-lambda';
import type { Scope } from '../../kernel/names.ts';
import type { AuthorizeOf } from '../../kernel/service.ts';
import { arnOf } from './functionReference.ts';

interface Named {
  readonly FunctionName?: string | undefined;
  readonly Qualifier?: string | undefined;
}

const theFunction = ({ FunctionName }: Named, scope: Scope): string => arnOf(FunctionName, undefined, scope);
const theVersion = ({ FunctionName, Qualifier }: Named, scope: Scope): string => arnOf(FunctionName, Qualifier, scope);

/** For each operation: what it acts on. */
export const authorize: Partial<AuthorizeOf<typeof sdk>> = {
  AddPermission: theVersion,
  CreateFunction: ({ FunctionName, Role = '*' }, context) => [
    { action: 'lambda:CreateFunction', resource: arnOf(FunctionName, undefined, context) },
    { action: 'iam:PassRole', resource: Role },
  ],
  DeleteFunction: theVersion,
  GetFunction: theVersion,
  GetFunctionConfiguration: theVersion,
  GetPolicy: theVersion,
  Invoke: ({ FunctionName, Qualifier }, context) => [
    { action: 'lambda:InvokeFunction', resource: arnOf(FunctionName, Qualifier, context) },
  ],
  RemovePermission: theVersion,
  UpdateFunctionCode: theFunction,
  UpdateFunctionConfiguration: ({ FunctionName, Role }, context) => [
    { action: 'lambda:UpdateFunctionConfiguration', resource: arnOf(FunctionName, undefined, context) },
    ...(Role === undefined ? [] : [{ action: 'iam:PassRole', resource: Role }]),
  ],
};
