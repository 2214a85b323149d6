import type { Cors, CreateApiRequest } from '@aws-sdk/client-apigatewayv2';
import type { Deployment, Resource, ResourceType } from '../../../kernel/resourceType.ts';
import { apiEndpointOf, managementArn } from '../api.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-api.html */
export interface ApiProperties extends Partial<CreateApiRequest> {
  readonly BasePath?: string;
  readonly Body?: object | string;
  readonly FailOnWarnings?: boolean;
}

/** `AWS::ApiGatewayV2::Api` */
export const apiResource: ResourceType<ApiProperties> = {
  honours: [
    'BasePath',
    'Body',
    'CorsConfiguration',
    'CredentialsArn',
    'Description',
    'FailOnWarnings',
    'Name',
    'ProtocolType',
    'RouteKey',
    'Tags',
    'Target',
    'Version',
  ],
  accepts: [
    // HTTP APIs have one selection expression; API keys and schemas are of WebSocket APIs.
    'ApiKeySelectionExpression',
    'DisableSchemaValidation',
    'RouteSelectionExpression',
    // Custom domains are not served, so that an API without its own address would have none.
    'DisableExecuteApiEndpoint',
    // The loopback is what it is.
    'IpAddressType',
  ],
  scalars: {
    'CorsConfiguration.AllowCredentials': 'boolean',
    'CorsConfiguration.MaxAge': 'number',
    DisableExecuteApiEndpoint: 'boolean',
    DisableSchemaValidation: 'boolean',
    FailOnWarnings: 'boolean',
  },

  async create(properties, deployment) {
    const client = deployment.aws.apigatewayv2;
    const { Body, BasePath, FailOnWarnings, ...input } = properties;
    const tags = { ...ownTags(deployment.tags), ...input.Tags };
    if (Body === undefined) {
      const { ApiId } = await client.CreateApi({
        ...input,
        Name: input.Name,
        ProtocolType: input.ProtocolType,
        Tags: tags,
      });
      return apiResourceOf(ApiId, deployment);
    }
    const { ApiId } = await client.ImportApi({ Body: textOf(Body), Basepath: BasePath, FailOnWarnings });
    await overlay(ApiId, properties, tags, deployment);
    return apiResourceOf(ApiId, deployment);
  },

  async update({ physicalId: ApiId }, properties, previous, deployment) {
    if (properties.ProtocolType !== previous.ProtocolType) return 'replace';
    if ((properties.Target === undefined) !== (previous.Target === undefined)) return 'replace';
    if ((properties.Body === undefined) !== (previous.Body === undefined)) return 'replace';
    const client = deployment.aws.apigatewayv2;
    const { Body, BasePath, FailOnWarnings, Tags = {} } = properties;
    if (Body !== undefined) {
      await client.ReimportApi({ ApiId, Body: textOf(Body), Basepath: BasePath, FailOnWarnings });
    } else if (properties.CorsConfiguration === undefined && previous.CorsConfiguration !== undefined) {
      await client.DeleteCorsConfiguration({ ApiId });
    }
    await overlay(ApiId, properties, Tags, deployment);
    const ResourceArn = managementArn(`apis/${ApiId}`, deployment);
    const TagKeys = Object.keys(previous.Tags ?? {}).filter((key) => !(key in Tags));
    if (TagKeys.length > 0) await client.UntagResource({ ResourceArn, TagKeys });
    return apiResourceOf(ApiId, deployment);
  },

  async delete({ physicalId: ApiId }, _, deployment) {
    await orGone(deployment.aws.apigatewayv2.DeleteApi({ ApiId }));
  },
};

/** Sets what a template says beside the body, and what quick create does not set anew. */
async function overlay(
  ApiId: string | undefined,
  properties: ApiProperties,
  tags: Record<string, string>,
  { aws, region }: Deployment,
): Promise<void> {
  const { Name, Description, Version, CorsConfiguration, DisableExecuteApiEndpoint, Target, RouteKey } = properties;
  const client = aws.apigatewayv2;
  await client.UpdateApi({
    ApiId,
    Name,
    Description: Description ?? (properties.Body === undefined ? '' : undefined),
    Version,
    CorsConfiguration: CorsConfiguration as Cors | undefined, // as the template says it
    CredentialsArn: properties.CredentialsArn,
    DisableExecuteApiEndpoint,
    RouteKey,
    Target,
  });
  if (Object.keys(tags).length > 0) {
    await client.TagResource({ ResourceArn: managementArn(`apis/${ApiId}`, { region }), Tags: tags });
  }
}

const textOf = (body: object | string): string => (typeof body === 'string' ? body : JSON.stringify(body));

/** Without the tags that AWS keeps for itself. */
const ownTags = (tags: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => !key.toLowerCase().startsWith('aws:')));

/** The address is the AWS one: where it is used it becomes the local one. */
const apiResourceOf = (apiId = '', { region }: Deployment): Resource => ({
  physicalId: apiId,
  attributes: { ApiEndpoint: apiEndpointOf(apiId, region), ApiId: apiId },
});
