import type { AnyResourceType } from '../../kernel/resourceType.ts';
import { apiResource } from './resources/api.ts';
import { deploymentResource } from './resources/deployment.ts';
import { integrationResource } from './resources/integration.ts';
import { routeResource } from './resources/route.ts';
import { stageResource } from './resources/stage.ts';

/** The CloudFormation resource types of API Gateway v2. */
export const resources: Readonly<Record<string, AnyResourceType>> = {
  'AWS::ApiGatewayV2::Api': apiResource,
  'AWS::ApiGatewayV2::Deployment': deploymentResource,
  'AWS::ApiGatewayV2::Integration': integrationResource,
  'AWS::ApiGatewayV2::Route': routeResource,
  'AWS::ApiGatewayV2::Stage': stageResource,
};
