import type { CreateRouteRequest } from '@aws-sdk/client-apigatewayv2';
import type { Resource, ResourceType } from '../../../kernel/resourceType.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-route.html */
export interface RouteProperties extends CreateRouteRequest {}

/** `AWS::ApiGatewayV2::Route` */
export const routeResource: ResourceType<RouteProperties> = {
  // An authorizer is refused by name when the route is made.
  honours: [
    'ApiId',
    'ApiKeyRequired',
    'AuthorizationType',
    'AuthorizerId',
    'AuthorizationScopes',
    'RouteKey',
    'Target',
  ],
  // A name for SDKs; models, request parameters and selection expressions are of WebSocket APIs.
  accepts: [
    'OperationName',
    'ModelSelectionExpression',
    'RequestModels',
    'RequestParameters',
    'RouteResponseSelectionExpression',
  ],
  scalars: { ApiKeyRequired: 'boolean' },

  async create(properties, { aws }) {
    const { RouteId } = await aws.apigatewayv2.CreateRoute(properties);
    return routeResourceOf(RouteId);
  },

  async update({ physicalId: RouteId }, properties, previous, { aws }) {
    if (properties.ApiId !== previous.ApiId) return 'replace';
    const { AuthorizationType = 'NONE', OperationName = '', Target = '' } = properties;
    await aws.apigatewayv2.UpdateRoute({ ...properties, RouteId, AuthorizationType, OperationName, Target });
    return routeResourceOf(RouteId);
  },

  async delete({ physicalId: RouteId }, { ApiId }, { aws }) {
    await orGone(aws.apigatewayv2.DeleteRoute({ ApiId, RouteId }));
  },
};

const routeResourceOf = (RouteId = ''): Resource => ({ physicalId: RouteId, attributes: { RouteId } });
