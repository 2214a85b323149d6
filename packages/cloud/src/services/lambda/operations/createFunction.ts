import { Constraints } from '../constraints.ts';
import { accessDenied, invalidParameter, requestEntityTooLarge } from '../errors.ts';
import { NEW_FUNCTION_NAME, splitReference } from '../functionReference.ts';
import { describeVersion } from '../functionVersion.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { checkRuntime } from '../runtimes.ts';
import { checkVpc, firstConfiguration } from '../settings.ts';
import { checkTags } from '../tags.ts';
import { codeOf } from './updateFunctionCode.ts';

const MAX_NAME = 64;
const MAX_REQUEST_BYTES = 70_167_211;

export const createFunction =
  ({ functions, code, layers, random }: LambdaDependencies): LambdaOperations['CreateFunction'] =>
  (input, context) => {
    const { FunctionName = '', Code, Tags = {}, Publish = false, PackageType = 'Zip' } = input;
    if ((Code?.ZipFile?.length ?? 0) * (4 / 3) > MAX_REQUEST_BYTES) {
      throw requestEntityTooLarge(
        `Request must be smaller than ${MAX_REQUEST_BYTES} bytes for the CreateFunction operation`,
      );
    }
    new Constraints()
      .present(input.FunctionName, 'functionName')
      .length(FunctionName, 'functionName', 140)
      .pattern(FunctionName, 'functionName', NEW_FUNCTION_NAME)
      .present(input.Role, 'role')
      .present(Code, 'code')
      .oneOf(PackageType, 'packageType', ['Image', 'Zip'])
      .hold();
    const { name, account, region } = splitReference(FunctionName, undefined, context);
    if (account !== context.account) throw accessDenied('');
    if (name.length > MAX_NAME) {
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to ${MAX_NAME}`,
      );
    }
    refuseUnsupported(input);
    const configuration = firstConfiguration(name, input, []);
    checkRuntime(input.Runtime);
    checkVpc(input.VpcConfig);
    if (input.Runtime === undefined)
      throw invalidParameter(
        'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
      );
    if (input.Handler === undefined)
      throw invalidParameter(
        'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
      );
    checkTags(Tags);
    layers.check(configuration.Layers, { account, region });
    const created = functions.create({
      account,
      region,
      name,
      configuration,
      code: codeOf(Code ?? {}, code),
      tags: Tags,
    });
    const version = Publish ? functions.publish(context, name) : created;
    // Its revision while it is pending: when it is active, a moment later, it has another.
    const revisionId = random.of('revision/pending').uuid();
    return describeVersion({ ...version, revisionId }, { progress: 'creating', layerSize: layers.size });
  };

/** What functions here cannot have. */
function refuseUnsupported({
  PackageType,
  CapacityProviderConfig,
  DurableConfig,
  TenancyConfig,
  CodeSigningConfigArn,
}: Parameters<LambdaOperations['CreateFunction']>[0]): void {
  const refused = { DurableConfig, CapacityProviderConfig, TenancyConfig, CodeSigningConfigArn };
  if (PackageType === 'Image') {
    throw invalidParameter('Skein runs functions from zip packages only: give Code.ZipFile instead of Code.ImageUri');
  }
  for (const [name, value] of Object.entries(refused)) {
    if (value !== undefined) throw invalidParameter(`Skein does not support ${name} of CreateFunction: leave it out`);
  }
}
