import type { Scope } from '../../../kernel/names.ts';
import { MAX_UNZIPPED_BYTES, MAX_ZIPPED_BYTES } from '../code/codeStore.ts';
import { ACCOUNT_LIMIT, checkReserved } from '../concurrency.ts';
import { Constraints } from '../constraints.ts';
import { functionNotFound, invalidParameter } from '../errors.ts';
import { functionArn, readReference } from '../functionReference.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';

export const putFunctionConcurrency =
  (dependencies: LambdaDependencies): LambdaOperations['PutFunctionConcurrency'] =>
  ({ FunctionName, ReservedConcurrentExecutions: reserved }, context) => {
    const { functions, stores, concurrency } = dependencies;
    const reference = readReference(FunctionName, undefined, context);
    if (reference.qualifier !== undefined) throw onlyFunctions();
    const row = stores.functions.find(reference, reference.name);
    if (row === undefined) throw functionNotFound(functionArn(reference, reference.name, '$LATEST'));
    new Constraints()
      .present(reserved, 'reservedConcurrentExecutions')
      .range(reserved, 'reservedConcurrentExecutions', 0, 2 ** 31 - 1)
      .hold();
    checkReserved(stores.functions, reference, (reserved ?? 0) - (row.reserved ?? 0));
    functions.put(reference, { ...row, reserved });
    concurrency.forget();
    return { ReservedConcurrentExecutions: reserved };
  };

export const getFunctionConcurrency =
  ({ functions }: LambdaDependencies): LambdaOperations['GetFunctionConcurrency'] =>
  ({ FunctionName }, context) => {
    const reference = readReference(FunctionName, undefined, context);
    return { ReservedConcurrentExecutions: functions.get(reference, reference.name).reserved };
  };

export const deleteFunctionConcurrency =
  ({ functions, concurrency }: LambdaDependencies): LambdaOperations['DeleteFunctionConcurrency'] =>
  ({ FunctionName }, context) => {
    const reference = readReference(FunctionName, undefined, context);
    if (reference.qualifier !== undefined) throw onlyFunctions();
    functions.put(reference, { ...functions.get(reference, reference.name), reserved: undefined });
    concurrency.forget();
    return {};
  };

/** AWS's default of code storage: 75 GB. */
const TOTAL_CODE_BYTES = 80_530_636_800;

export const getAccountSettings =
  ({ stores, concurrency }: LambdaDependencies): LambdaOperations['GetAccountSettings'] =>
  (_input, context) => {
    const scope: Scope = context;
    const { functions, bytes } = stores.functions.usage(scope);
    return {
      AccountLimit: {
        TotalCodeSize: TOTAL_CODE_BYTES,
        CodeSizeUnzipped: MAX_UNZIPPED_BYTES,
        CodeSizeZipped: MAX_ZIPPED_BYTES,
        ConcurrentExecutions: ACCOUNT_LIMIT,
        UnreservedConcurrentExecutions: concurrency.unreserved(scope),
      },
      AccountUsage: { TotalCodeSize: bytes + stores.layers.bytes(scope), FunctionCount: functions },
    };
  };

const onlyFunctions = (): Error =>
  invalidParameter(
    'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
  );
