import type { Api as ApiOutput, Cors } from '@aws-sdk/client-apigatewayv2';
import { partitionOf, type Scope, urlSuffixOf } from '../../kernel/names.ts';

/** An HTTP API. */
export interface Api extends Omit<ApiOutput, 'ApiId'> {
  readonly ApiId: string;
  readonly ApiEndpoint: string;
  readonly Tags: Record<string, string>;
  readonly CorsConfiguration?: Cors | undefined;
}

/** The name that an API has on AWS: `abc123.execute-api.eu-west-1.amazonaws.com`. */
export const domainNameOf = (apiId: string, region: string): string =>
  `${apiId}.execute-api.${region}.${urlSuffixOf(region)}`;

/** The AWS address of an API's `$default` stage. */
export const apiEndpointOf = (apiId: string, region: string): string => `https://${domainNameOf(apiId, region)}`;

/** The ARN by which IAM knows a resource of API Gateway: `apis/abc123/routes`. It has no account. */
export const managementArn = (path: string, { region }: Pick<Scope, 'region'>): string =>
  `arn:${partitionOf(region)}:apigateway:${region}::/${path}`;

/** The ARN of what a client calls: an API, its stage, a method and a path. */
export const executeArn = (apiId: string, stage: string, rest: string, { account, region }: Scope): string =>
  `arn:${partitionOf(region)}:execute-api:${region}:${account}:${apiId}/${stage}/${rest}`;
