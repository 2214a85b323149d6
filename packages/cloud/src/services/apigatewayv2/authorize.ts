import type * as sdk from '@aws-sdk/client-apigatewayv2';
import type { Access, Authorize, AuthorizeOf } from '../../kernel/service.ts';
import { managementArn } from './api.ts';

/** The members of an input that name what it acts on. */
interface Named {
  readonly ApiId?: string | undefined;
  readonly RouteId?: string | undefined;
  readonly IntegrationId?: string | undefined;
  readonly StageName?: string | undefined;
  readonly DeploymentId?: string | undefined;
  readonly RouteKey?: string | undefined;
  readonly ResourceArn?: string | undefined;
}

/** API Gateway's IAM actions are HTTP methods on paths. */
const on =
  (method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: (input: Named) => string): Authorize<Named> =>
  (input, context): readonly Access[] => [
    { action: `apigateway:${method}`, resource: managementArn(path(input), context) },
  ];

/** The collection of all APIs. */
const onAll =
  (method: 'GET' | 'POST' | 'PUT'): Authorize<object> =>
  (_, context): readonly Access[] => [{ action: `apigateway:${method}`, resource: managementArn('apis', context) }];

const api = ({ ApiId }: Named): string => `apis/${ApiId}`;
const below =
  (part: 'routes' | 'integrations' | 'stages' | 'deployments') =>
  (input: Named): string =>
    `${api(input)}/${part}`;
const route = (input: Named): string => `${api(input)}/routes/${input.RouteId}`;
const integration = (input: Named): string => `${api(input)}/integrations/${input.IntegrationId}`;
const stage = (input: Named): string => `${api(input)}/stages/${input.StageName}`;
const deployment = (input: Named): string => `${api(input)}/deployments/${input.DeploymentId}`;
const tags = ({ ResourceArn = '' }: Named): string => `tags/${encodeURIComponent(ResourceArn)}`;

/** For each operation: what it acts on. */
export const authorize: Partial<AuthorizeOf<typeof sdk>> = {
  CreateApi: onAll('POST'),
  CreateDeployment: on('POST', below('deployments')),
  CreateIntegration: on('POST', below('integrations')),
  CreateRoute: on('POST', below('routes')),
  CreateStage: on('POST', below('stages')),
  DeleteAccessLogSettings: on('DELETE', (input) => `${stage(input)}/accesslogsettings`),
  DeleteApi: on('DELETE', api),
  DeleteCorsConfiguration: on('DELETE', (input) => `${api(input)}/cors`),
  DeleteDeployment: on('DELETE', deployment),
  DeleteIntegration: on('DELETE', integration),
  DeleteRoute: on('DELETE', route),
  DeleteRouteSettings: on(
    'DELETE',
    (input) => `${stage(input)}/routesettings/${encodeURIComponent(input.RouteKey ?? '')}`,
  ),
  DeleteStage: on('DELETE', stage),
  GetApi: on('GET', api),
  GetApis: onAll('GET'),
  GetDeployment: on('GET', deployment),
  GetDeployments: on('GET', below('deployments')),
  GetIntegration: on('GET', integration),
  GetIntegrations: on('GET', below('integrations')),
  GetRoute: on('GET', route),
  GetRoutes: on('GET', below('routes')),
  GetStage: on('GET', stage),
  GetStages: on('GET', below('stages')),
  GetTags: on('GET', tags),
  ImportApi: onAll('PUT'),
  ReimportApi: on('PUT', api),
  TagResource: on('POST', tags),
  UntagResource: on('DELETE', tags),
  UpdateApi: on('PATCH', api),
  UpdateDeployment: on('PATCH', deployment),
  UpdateIntegration: on('PATCH', integration),
  UpdateRoute: on('PATCH', route),
  UpdateStage: on('PATCH', stage),
};
