import type { AliasRoutingConfiguration } from '@aws-sdk/client-lambda';
import type { ResourceType } from '../../../kernel/resourceType.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html */
export interface AliasProperties {
  readonly FunctionName: string;
  readonly FunctionVersion: string;
  readonly Name: string;
  readonly Description?: string;
  readonly RoutingConfig?: {
    readonly AdditionalVersionWeights?: readonly {
      readonly FunctionVersion: string;
      readonly FunctionWeight: number;
    }[];
  };
  readonly ProvisionedConcurrencyConfig?: unknown;
}

/** `AWS::Lambda::Alias` */
export const aliasResource: ResourceType<AliasProperties> = {
  honours: ['FunctionName', 'FunctionVersion', 'Name', 'Description', 'RoutingConfig'],
  // Environments are started in milliseconds here, and none are kept ready by number.
  accepts: ['ProvisionedConcurrencyConfig'],
  scalars: { 'RoutingConfig.AdditionalVersionWeights[].FunctionWeight': 'number' },

  async create(properties, deployment) {
    const { FunctionName, FunctionVersion, Name, Description, RoutingConfig } = properties;
    const { AliasArn = '' } = await deployment.aws.lambda.CreateAlias({
      FunctionName,
      FunctionVersion: String(FunctionVersion),
      Name,
      Description,
      RoutingConfig: routing(RoutingConfig),
    });
    return { physicalId: AliasArn, attributes: { AliasArn } };
  },

  async update(resource, properties, previous, deployment) {
    const { FunctionName, FunctionVersion, Name, Description = '', RoutingConfig } = properties;
    if (FunctionName !== previous.FunctionName || Name !== previous.Name) return 'replace';
    await deployment.aws.lambda.UpdateAlias({
      FunctionName,
      FunctionVersion: String(FunctionVersion),
      Name,
      Description,
      RoutingConfig: routing(RoutingConfig),
    });
    return resource;
  },

  async delete(_resource, { FunctionName, Name }, deployment) {
    await orGone(deployment.aws.lambda.DeleteAlias({ FunctionName, Name }));
  },
};

const routing = ({
  AdditionalVersionWeights = [],
}: AliasProperties['RoutingConfig'] = {}): AliasRoutingConfiguration => ({
  AdditionalVersionWeights: Object.fromEntries(
    AdditionalVersionWeights.map(({ FunctionVersion, FunctionWeight }) => [FunctionVersion, FunctionWeight]),
  ),
});
