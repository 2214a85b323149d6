import { functionArn, readReference } from '../functionReference.ts';
import { describeVersion, listedVersion } from '../functionVersion.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { numberOf } from '../stores/functionStore.ts';

export const publishVersion =
  ({ functions, layers }: LambdaDependencies): LambdaOperations['PublishVersion'] =>
  ({ FunctionName, Description, RevisionId, CodeSha256 }, context) => {
    const reference = readReference(FunctionName, undefined, context);
    const version = functions.publish(reference, reference.name, {
      description: Description,
      revisionId: RevisionId,
      codeSha256: CodeSha256,
    });
    return describeVersion(version, { layerSize: layers.size });
  };

export const listVersionsByFunction =
  ({ functions, stores, layers }: LambdaDependencies): LambdaOperations['ListVersionsByFunction'] =>
  ({ FunctionName, ...paging }, context) => {
    const reference = readReference(FunctionName, undefined, context);
    const { name } = reference;
    functions.get(reference, name);
    const { items, marker } = pageOf(
      paging,
      (after = '-1', limit) => stores.functions.versions(reference, name, Number(after) + 1, limit),
      ({ version }) => String(numberOf(version)),
    );
    const Versions = items.map((version) =>
      listedVersion(version, { arn: functionArn(reference, name, version.version), layerSize: layers.size }),
    );
    return { Versions, NextMarker: marker };
  };
