import type { CreateDeploymentRequest } from '@aws-sdk/client-apigatewayv2';
import type { ResourceType } from '../../../kernel/resourceType.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-deployment.html */
export interface DeploymentProperties extends CreateDeploymentRequest {}

/** `AWS::ApiGatewayV2::Deployment` */
export const deploymentResource: ResourceType<DeploymentProperties> = {
  honours: ['ApiId', 'StageName'],
  accepts: ['Description'],

  async create(properties, { aws }) {
    const { DeploymentId = '' } = await aws.apigatewayv2.CreateDeployment(properties);
    return { physicalId: DeploymentId, attributes: { DeploymentId } };
  },

  async update(resource, { ApiId, StageName, Description = '' }, previous, { aws }) {
    if (ApiId !== previous.ApiId || StageName !== previous.StageName) return 'replace';
    await aws.apigatewayv2.UpdateDeployment({ ApiId, DeploymentId: resource.physicalId, Description });
    return resource;
  },

  async delete({ physicalId: DeploymentId }, { ApiId }, { aws }) {
    await orGone(aws.apigatewayv2.DeleteDeployment({ ApiId, DeploymentId }));
  },
};
