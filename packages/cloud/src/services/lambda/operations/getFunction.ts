import { pathToFileURL } from 'node:url';
import { readReference, referenceArn } from '../functionReference.ts';
import { describeVersion } from '../functionVersion.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';

export const getFunction =
  ({ functions, layers }: LambdaDependencies): LambdaOperations['GetFunction'] =>
  ({ FunctionName, Qualifier }, context) => {
    const reference = readReference(FunctionName, Qualifier, context);
    const version = functions.version(reference, reference.name, reference.qualifier);
    const { tags, reserved } = functions.get(reference, reference.name);
    return {
      Configuration: describeVersion(version, { arn: referenceArn(reference), layerSize: layers.size }),
      // AWS gives the address of a zip file; here the code lies unpacked on this disk.
      Code: { RepositoryType: 'S3', Location: pathToFileURL(version.code.folder).href },
      Tags: Object.keys(tags).length === 0 ? undefined : { ...tags },
      Concurrency: reserved === undefined ? undefined : { ReservedConcurrentExecutions: reserved },
    };
  };

export const getFunctionConfiguration =
  ({ functions, layers }: LambdaDependencies): LambdaOperations['GetFunctionConfiguration'] =>
  ({ FunctionName, Qualifier }, context) => {
    const reference = readReference(FunctionName, Qualifier, context);
    const version = functions.version(reference, reference.name, reference.qualifier);
    return describeVersion(version, { arn: referenceArn(reference), layerSize: layers.size });
  };
