import type {
  ApiDestinationHttpMethod,
  ConnectionAuthorizationType,
  CreateConnectionAuthRequestParameters,
} from '@aws-sdk/client-eventbridge';

/** How an API destination says who it is, secrets included. */
export interface Connection {
  readonly name: string;
  readonly arn: string;
  readonly secretArn: string;
  readonly description: string | undefined;
  readonly authorizationType: ConnectionAuthorizationType;
  readonly parameters: CreateConnectionAuthRequestParameters;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** An HTTP endpoint that events go to. */
export interface ApiDestination {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly connectionArn: string;
  readonly endpoint: string;
  readonly method: ApiDestinationHttpMethod;
  readonly rateLimit: number;
  readonly createdAt: number;
  readonly modifiedAt: number;
}

/** Tokens of OAuth cannot be fetched here. */
export const isAuthorized = ({ authorizationType }: Connection): boolean =>
  authorizationType !== 'OAUTH_CLIENT_CREDENTIALS';
