import type { Integration as IntegrationOutput } from '@aws-sdk/client-apigatewayv2';
import { badRequest, unsupported } from './errors.ts';
import { ParameterMapping } from './http/parameterMapping.ts';

/** Where requests go: a Lambda function or an HTTP server. */
export interface Integration extends Omit<IntegrationOutput, 'IntegrationId'> {
  readonly IntegrationId: string;
}

/** The members of an integration that a user gives. */
export type IntegrationInput = Omit<
  IntegrationOutput,
  'IntegrationId' | 'ApiGatewayManaged' | 'IntegrationResponseSelectionExpression'
>;

export const MIN_TIMEOUT_MS = 50;
export const MAX_TIMEOUT_MS = 30_000;

/**
 * The integration with AWS's defaults.
 *
 * @throws BadRequestException, or NotImplemented for what an HTTP API has but this cloud lacks
 */
export function withDefaults(id: string, input: IntegrationInput): Integration {
  const { IntegrationType: type, IntegrationSubtype: subtype, IntegrationUri: uri } = input;
  const { TimeoutInMillis = MAX_TIMEOUT_MS, ConnectionType = 'INTERNET' } = input;
  if (type === undefined) throw badRequest('IntegrationType is required');
  if (type !== 'AWS_PROXY' && type !== 'HTTP_PROXY') {
    throw badRequest(`HTTP APIs support AWS_PROXY and HTTP_PROXY integrations, not ${type}`);
  }
  if (subtype !== undefined) {
    throw unsupported(`the integration subtype ${subtype}`, 'integrate a Lambda function that makes the call');
  }
  if (TimeoutInMillis < MIN_TIMEOUT_MS || TimeoutInMillis > MAX_TIMEOUT_MS) {
    throw badRequest(`TimeoutInMillis should be between ${MIN_TIMEOUT_MS} and ${MAX_TIMEOUT_MS} ms`);
  }
  if (uri === undefined) throw badRequest('IntegrationUri is required');
  if (type === 'AWS_PROXY' && functionArnOf(uri) === undefined) {
    throw badRequest(`Invalid function ARN or invalid uri: ${uri}`);
  }
  if (type === 'HTTP_PROXY' && !isHttpUri(uri) && ConnectionType !== 'VPC_LINK') {
    throw badRequest(`Invalid HTTP endpoint specified for URI: ${uri}`);
  }
  const { PayloadFormatVersion = '1.0' } = input;
  if (!(type === 'AWS_PROXY' ? ['1.0', '2.0'] : ['1.0']).includes(PayloadFormatVersion)) {
    throw badRequest(`PayloadFormatVersion ${PayloadFormatVersion} is not supported for ${type} integrations`);
  }
  const method = input.IntegrationMethod ?? (type === 'AWS_PROXY' ? 'POST' : undefined);
  if (method === undefined) throw badRequest('HttpMethod must be specified for HTTP_PROXY integrations');
  checkMappings(input);
  return {
    ...input,
    IntegrationId: id,
    ConnectionType,
    IntegrationMethod: method,
    PayloadFormatVersion,
    TimeoutInMillis,
  };
}

function checkMappings({ RequestParameters, ResponseParameters = {} }: IntegrationInput): void {
  new ParameterMapping(RequestParameters);
  for (const [status, parameters] of Object.entries(ResponseParameters)) {
    if (!/^[2-5]\d\d$/.test(status)) throw badRequest(`Invalid status code in response parameters: ${status}`);
    new ParameterMapping(parameters);
  }
}

const isHttpUri = (uri: string): boolean => /^https?:\/\/[^/]+/.test(uri);

/** The function that an integration's URI names: by its own ARN, or inside the ARN of API Gateway's invocation path. */
export function functionArnOf(uri: string): string | undefined {
  const path = /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/.exec(uri)?.[1];
  const named = path ?? uri;
  return /^arn:[\w-]+:lambda:[\w-]+:\d{12}:function:./.test(named) ? named : undefined;
}
