import { readReference } from '../functionReference.ts';
import { checkRevision } from '../functions.ts';
import { describeVersion } from '../functionVersion.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { checkRuntime } from '../runtimes.ts';
import { changedConfiguration, checkVpc } from '../settings.ts';

export const updateFunctionConfiguration =
  ({ functions, layers, random }: LambdaDependencies): LambdaOperations['UpdateFunctionConfiguration'] =>
  (input, context) => {
    const reference = readReference(input.FunctionName, undefined, context);
    const before = functions.version(reference, reference.name);
    checkRevision(before, input.RevisionId);
    const configuration = changedConfiguration(before.configuration, input);
    checkRuntime(input.Runtime);
    checkVpc(input.VpcConfig);
    if (input.Layers !== undefined) layers.check(configuration.Layers, reference);
    const updated = functions.update(before, { configuration });
    const revisionId = random.of('revision/pending').uuid();
    return describeVersion({ ...updated, revisionId }, { progress: 'updating', layerSize: layers.size });
  };
