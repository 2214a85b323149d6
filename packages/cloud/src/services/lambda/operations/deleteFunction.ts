import { functionNotFound, invalidParameter } from '../errors.ts';
import { functionArn, readReference } from '../functionReference.ts';
import { isVersion } from '../functions.ts';
import { LATEST } from '../functionVersion.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';

export const deleteFunction =
  ({ functions, stores }: LambdaDependencies): LambdaOperations['DeleteFunction'] =>
  ({ FunctionName, Qualifier }, context) => {
    const reference = readReference(FunctionName, Qualifier, context);
    const { name, qualifier } = reference;
    if (qualifier === LATEST)
      throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
    if (qualifier?.startsWith('$') === true) throw functionNotFound(functionArn(reference, name));
    if (qualifier !== undefined && !isVersion(qualifier))
      throw invalidParameter('Deletion of aliases is not currently supported.');
    functions.get(reference, name);
    if (qualifier === undefined) {
      functions.delete(reference, name);
      return { StatusCode: 204 };
    }
    const version = functions.findVersion(reference, name, qualifier);
    // AWS answers the deletion of a version that is not there as if it had been.
    if (version === undefined) return { StatusCode: 204 };
    const using = stores.aliases
      .list(reference, name)
      .filter((alias) => alias.version === qualifier || qualifier in alias.weights);
    if (using.length > 0) {
      throw invalidParameter(
        `Function version cannot be deleted because it is used by alias(es): ${using.map((alias) => alias.name).join(', ')}`,
      );
    }
    functions.deleteVersion(version);
    return { StatusCode: 204 };
  };
