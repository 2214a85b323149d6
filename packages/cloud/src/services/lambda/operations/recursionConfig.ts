import type { RecursiveLoop } from '@aws-sdk/client-lambda';
import type { Scope } from '../../../kernel/names.ts';
import { Constraints } from '../constraints.ts';
import { functionNotFound } from '../errors.ts';
import { functionArn, readReference } from '../functionReference.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';

export const getFunctionRecursionConfig =
  (dependencies: LambdaDependencies): LambdaOperations['GetFunctionRecursionConfig'] =>
  ({ FunctionName }, context) => {
    const { name, ...scope } = existing(dependencies, FunctionName, context);
    return { RecursiveLoop: dependencies.stores.recursion.isAllowed(scope, name) ? 'Allow' : 'Terminate' };
  };

export const putFunctionRecursionConfig =
  (dependencies: LambdaDependencies): LambdaOperations['PutFunctionRecursionConfig'] =>
  ({ FunctionName, RecursiveLoop }, context) => {
    new Constraints()
      .present(RecursiveLoop, 'recursiveLoop')
      .oneOf(RecursiveLoop, 'recursiveLoop', ['Terminate', 'Allow'])
      .hold();
    const { name, ...scope } = existing(dependencies, FunctionName, context);
    setRecursion(dependencies, scope, name, RecursiveLoop);
    return { RecursiveLoop };
  };

/** Says what becomes of a function that runs in a loop. @param loop - @default Terminate */
export function setRecursion(
  { stores, targets }: LambdaDependencies,
  scope: Scope,
  name: string,
  loop: RecursiveLoop | undefined,
): void {
  if (loop === 'Allow') stores.recursion.allow(scope, name);
  else stores.recursion.forget(scope, name);
  targets.forget();
}

function existing(
  { stores }: LambdaDependencies,
  functionName: string | undefined,
  context: Scope,
): Scope & { readonly name: string } {
  const { account, region, name } = readReference(functionName, undefined, context);
  if (stores.functions.find({ account, region }, name) === undefined) {
    throw functionNotFound(functionArn({ account, region }, name));
  }
  return { account, region, name };
}
