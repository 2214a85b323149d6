import type { CreateIntegrationRequest } from '@aws-sdk/client-apigatewayv2';
import type { Resource, ResourceType } from '../../../kernel/resourceType.ts';
import { MAX_TIMEOUT_MS } from '../integration.ts';
import { orGone } from './gone.ts';

/** CloudFormation writes a list where the API has a map. */
interface ResponseParameters {
  readonly ResponseParameters?: readonly { readonly Destination: string; readonly Source: string }[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-integration.html */
export interface IntegrationProperties extends Omit<CreateIntegrationRequest, 'ResponseParameters'> {
  readonly ResponseParameters?: Readonly<Record<string, ResponseParameters>>;
}

/** `AWS::ApiGatewayV2::Integration` */
export const integrationResource: ResourceType<IntegrationProperties> = {
  // A subtype (an integration with another service) is refused by name when the integration is made.
  honours: [
    'ApiId',
    'CredentialsArn',
    'IntegrationMethod',
    'IntegrationSubtype',
    'IntegrationType',
    'IntegrationUri',
    'PayloadFormatVersion',
    'RequestParameters',
    'ResponseParameters',
    'TimeoutInMillis',
    'TlsConfig',
  ],
  accepts: [
    'Description',
    // A link into a VPC is no other way than the direct one on one machine.
    'ConnectionId',
    'ConnectionType',
    // Of WebSocket APIs.
    'ContentHandlingStrategy',
    'PassthroughBehavior',
    'RequestTemplates',
    'TemplateSelectionExpression',
  ],
  scalars: { TimeoutInMillis: 'number' },

  async create(properties, { aws }) {
    const { IntegrationId } = await aws.apigatewayv2.CreateIntegration({
      ...properties,
      ResponseParameters: mapped(properties.ResponseParameters),
    });
    return integrationResourceOf(IntegrationId);
  },

  async update({ physicalId: IntegrationId }, properties, previous, { aws }) {
    if (properties.ApiId !== previous.ApiId) return 'replace';
    const { Description = '', CredentialsArn = '', TimeoutInMillis = MAX_TIMEOUT_MS } = properties;
    await aws.apigatewayv2.UpdateIntegration({
      ...properties,
      IntegrationId,
      Description,
      CredentialsArn,
      TimeoutInMillis,
      ConnectionType: properties.ConnectionType ?? 'INTERNET',
      PayloadFormatVersion: properties.PayloadFormatVersion ?? '1.0',
      RequestParameters: { ...emptied(previous.RequestParameters, ''), ...properties.RequestParameters },
      ResponseParameters: {
        ...emptied(mapped(previous.ResponseParameters), {}),
        ...mapped(properties.ResponseParameters),
      },
    });
    return integrationResourceOf(IntegrationId);
  },

  async delete({ physicalId: IntegrationId }, { ApiId }, { aws }) {
    await orGone(aws.apigatewayv2.DeleteIntegration({ ApiId, IntegrationId }));
  },
};

const integrationResourceOf = (IntegrationId = ''): Resource => ({
  physicalId: IntegrationId,
  attributes: { IntegrationId },
});

/** The keys of a map with an empty value each, which removes them. */
const emptied = <Value>(map: Readonly<Record<string, unknown>> | undefined, empty: Value): Record<string, Value> =>
  Object.fromEntries(Object.keys(map ?? {}).map((key) => [key, empty]));

const mapped = (
  parameters: IntegrationProperties['ResponseParameters'],
): Record<string, Record<string, string>> | undefined =>
  parameters === undefined
    ? undefined
    : Object.fromEntries(
        Object.entries(parameters).map(([status, { ResponseParameters = [] }]) => [
          status,
          Object.fromEntries(ResponseParameters.map(({ Destination, Source }) => [Destination, Source])),
        ]),
      );
