import type { ResourceType } from '../../../kernel/resourceType.ts';
import { invalidParameter } from '../errors.ts';
import { layerArn, parseLayerArn } from '../layers.ts';
import type { LambdaDependencies } from '../operation.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-layerversion.html */
export interface LayerVersionProperties {
  readonly Content: { readonly S3Bucket: string; readonly S3Key: string; readonly S3ObjectVersion?: string };
  readonly LayerName?: string;
  readonly Description?: string;
  readonly LicenseInfo?: string;
  readonly CompatibleRuntimes?: readonly string[];
  readonly CompatibleArchitectures?: readonly string[];
}

/** `AWS::Lambda::LayerVersion` */
export const layerVersionResource = ({
  stores,
  code,
  scheduler,
}: LambdaDependencies): ResourceType<LayerVersionProperties> => ({
  honours: ['Content', 'LayerName', 'Description', 'LicenseInfo', 'CompatibleRuntimes', 'CompatibleArchitectures'],
  accepts: [],

  create(properties, deployment) {
    const { S3Bucket, S3Key } = properties.Content;
    const path = deployment.assetPath(S3Bucket, S3Key);
    if (path === undefined) {
      throw invalidParameter(
        `the layer's code s3://${S3Bucket}/${S3Key} is no asset of this app, and Skein has no S3 yet to read it from`,
      );
    }
    const { name, version } = stores.layers.publish(deployment, {
      name: properties.LayerName ?? deployment.physicalName(140),
      description: properties.Description ?? '',
      license: properties.LicenseInfo,
      runtimes: properties.CompatibleRuntimes ?? [],
      architectures: properties.CompatibleArchitectures ?? [],
      code: code.fromAsset(path, S3Key),
      createdAt: scheduler.now,
    });
    const LayerVersionArn = `${layerArn(deployment, name)}:${version}`;
    return { physicalId: LayerVersionArn, attributes: { LayerVersionArn } };
  },

  // CloudFormation makes a new version whatever changes.
  update: () => 'replace',

  async delete({ physicalId }, _properties, deployment) {
    const { name: LayerName, version: VersionNumber } = parseLayerArn(physicalId) ?? {};
    await orGone(deployment.aws.lambda.DeleteLayerVersion({ LayerName, VersionNumber }));
  },
});
