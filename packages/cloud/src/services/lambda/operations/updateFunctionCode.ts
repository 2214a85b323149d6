import type { FunctionCode } from '@aws-sdk/client-lambda';
import type { CodeStore } from '../code/codeStore.ts';
import { Constraints } from '../constraints.ts';
import { invalidParameter } from '../errors.ts';
import { readReference } from '../functionReference.ts';
import { checkRevision } from '../functions.ts';
import { type Code, describeVersion } from '../functionVersion.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';

export const updateFunctionCode =
  ({ functions, code, layers, random }: LambdaDependencies): LambdaOperations['UpdateFunctionCode'] =>
  (input, context) => {
    const { FunctionName, RevisionId, Architectures, Publish = false, DryRun = false } = input;
    const reference = readReference(FunctionName, undefined, context);
    const before = functions.version(reference, reference.name);
    checkRevision(before, RevisionId);
    if (input.ImageUri !== undefined) {
      throw invalidParameter("Please don't provide ImageUri when updating a function with packageType Zip.");
    }
    checkArchitectures(Architectures);
    const configuration =
      Architectures === undefined ? before.configuration : { ...before.configuration, Architectures };
    const change = { configuration, code: codeOf(input, code) };
    if (DryRun) return describeVersion({ ...before, ...change }, { layerSize: layers.size });
    const updated = functions.update(before, change);
    if (Publish) return describeVersion(functions.publish(reference, reference.name), { layerSize: layers.size });
    const revisionId = random.of('revision/pending').uuid();
    return describeVersion({ ...updated, revisionId }, { progress: 'updating', layerSize: layers.size });
  };

/** The code that an input brings. @throws InvalidParameterValueException */
export function codeOf({ ZipFile, S3Bucket, S3Key }: FunctionCode, store: CodeStore): Code {
  if (ZipFile !== undefined) return store.fromZip(ZipFile);
  if (S3Bucket !== undefined) {
    throw invalidParameter(
      `Skein cannot read the code s3://${S3Bucket}/${S3Key ?? ''}: it has no S3 yet. Give Code.ZipFile, or deploy a template whose code is an asset`,
    );
  }
  throw invalidParameter('Please provide a source for function code.');
}

function checkArchitectures(architectures: readonly string[] | undefined): void {
  new Constraints()
    .check(
      (architectures?.length ?? 1) <= 1,
      architectures,
      'architectures',
      'Member must have length less than or equal to 1',
    )
    .check(
      architectures?.every((item) => item === 'x86_64' || item === 'arm64') ?? true,
      architectures,
      'architectures',
      'Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]',
    )
    .hold();
}
