import { parseArn } from '../../../kernel/names.ts';
import type { ResourceType } from '../../../kernel/resourceType.ts';
import { invalidParameter } from '../errors.ts';
import { functionArn, splitReference } from '../functionReference.ts';
import type { LambdaDependencies } from '../operation.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html */
export interface VersionProperties {
  readonly FunctionName: string;
  readonly Description?: string;
  readonly CodeSha256?: string;
  readonly ProvisionedConcurrencyConfig?: unknown;
  readonly RuntimePolicy?: unknown;
}

/** `AWS::Lambda::Version` */
export const versionResource = ({ functions }: LambdaDependencies): ResourceType<VersionProperties> => ({
  honours: ['FunctionName', 'Description', 'CodeSha256'],
  // Environments are started in milliseconds here and none are kept ready by number; there is one version of each runtime.
  accepts: ['ProvisionedConcurrencyConfig', 'RuntimePolicy'],

  async create({ FunctionName, Description, CodeSha256 }, deployment) {
    const { name } = splitReference(FunctionName, undefined, deployment);
    const { published } = functions.get(deployment, name);
    const { Version = '' } = await deployment.aws.lambda.PublishVersion({ FunctionName, Description, CodeSha256 });
    if (Version === String(published)) {
      throw invalidParameter(
        `A version for this Lambda function exists ( ${Version} ). Modify the function to create a new version.`,
      );
    }
    const FunctionArn = functionArn(deployment, name, Version);
    return { physicalId: FunctionArn, attributes: { FunctionArn, Version } };
  },

  update(resource, properties, previous) {
    const isSame = (['FunctionName', 'Description', 'CodeSha256'] as const).every(
      (key) => properties[key] === previous[key],
    );
    return isSame ? resource : 'replace';
  },

  async delete({ physicalId }, _properties, deployment) {
    const [, FunctionName, Qualifier] = parseArn(physicalId)?.resource.split(':') ?? [];
    await orGone(deployment.aws.lambda.DeleteFunction({ FunctionName, Qualifier }));
  },
});
