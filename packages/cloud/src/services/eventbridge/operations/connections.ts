import type {
  ConnectionAuthResponseParameters,
  ConnectionState,
  CreateConnectionAuthRequestParameters,
} from '@aws-sdk/client-eventbridge';
import { arn } from '../../../kernel/names.ts';
import { type Connection, isAuthorized } from '../connection.ts';
import { alreadyExists, check, nameViolations, notFound, oneOf, validation } from '../errors.ts';
import type { EventBridgeDependencies, EventBridgeOperations } from '../operation.ts';
import { pageOf } from '../page.ts';

const TYPES = ['BASIC', 'OAUTH_CLIENT_CREDENTIALS', 'API_KEY'];

export const createConnection =
  ({ stores, scheduler, random }: EventBridgeDependencies): EventBridgeOperations['CreateConnection'] =>
  ({ Name, Description, AuthorizationType, AuthParameters }, context) => {
    check(...nameViolations(Name, 'name', 64), oneOf(AuthorizationType, 'authorizationType', TYPES));
    const name = Name ?? '';
    if (stores.connections.find(context, name) !== undefined) throw alreadyExists(`Connection ${name} already exists.`);
    if (AuthorizationType === undefined || AuthParameters === undefined) {
      throw validation('Parameters AuthorizationType and AuthParameters are required.');
    }
    checkParameters(AuthorizationType, AuthParameters);
    const ids = random.of(`connection/${context.account}/${context.region}/${name}`);
    const { now } = scheduler;
    const connection: Connection = {
      name,
      arn: arn('events', context, `connection/${name}/${ids.uuid()}`),
      secretArn: arn('secretsmanager', context, `secret:events!connection/${name}/${ids.uuid()}`),
      description: Description,
      authorizationType: AuthorizationType,
      parameters: AuthParameters,
      createdAt: now,
      modifiedAt: now,
    };
    stores.connections.put(context, connection);
    return {
      ConnectionArn: connection.arn,
      ConnectionState: stateOf(connection),
      CreationTime: new Date(now),
      LastModifiedTime: new Date(now),
    };
  };

const stateOf = (connection: Connection): ConnectionState => (isAuthorized(connection) ? 'AUTHORIZED' : 'AUTHORIZING');

const MEMBERS: Readonly<Record<string, keyof CreateConnectionAuthRequestParameters>> = {
  BASIC: 'BasicAuthParameters',
  API_KEY: 'ApiKeyAuthParameters',
  OAUTH_CLIENT_CREDENTIALS: 'OAuthParameters',
};

function checkParameters(type: string, parameters: CreateConnectionAuthRequestParameters): void {
  const member = MEMBERS[type];
  if (member !== undefined && parameters[member] === undefined) {
    throw validation(`Authorization type ${type} requires ${member}.`);
  }
}

export const updateConnection =
  ({ stores, scheduler }: EventBridgeDependencies): EventBridgeOperations['UpdateConnection'] =>
  ({ Name = '', Description, AuthorizationType, AuthParameters }, context) => {
    const connection = found(stores.connections.find(context, Name), Name);
    check(oneOf(AuthorizationType, 'authorizationType', TYPES));
    // Members of an update are those of a creation, of which some may be left out.
    const given = AuthParameters as CreateConnectionAuthRequestParameters | undefined;
    const changed: Connection = {
      ...connection,
      description: Description ?? connection.description,
      authorizationType: AuthorizationType ?? connection.authorizationType,
      parameters: given === undefined ? connection.parameters : { ...connection.parameters, ...given },
      modifiedAt: scheduler.now,
    };
    checkParameters(changed.authorizationType, changed.parameters);
    stores.connections.put(context, changed);
    return { ConnectionArn: changed.arn, ConnectionState: stateOf(changed), ...timesOf(changed) };
  };

export const describeConnection =
  ({ stores }: EventBridgeDependencies): EventBridgeOperations['DescribeConnection'] =>
  ({ Name = '' }, context) => {
    const connection = found(stores.connections.find(context, Name), Name);
    return {
      ...answerOf(connection),
      Description: connection.description,
      SecretArn: connection.secretArn,
      AuthParameters: withoutSecrets(connection.parameters),
    };
  };

export const listConnections =
  ({ stores }: EventBridgeDependencies): EventBridgeOperations['ListConnections'] =>
  ({ NamePrefix = '', ConnectionState, Limit, NextToken }, context) => {
    const connections = stores.connections
      .list(context)
      .filter(({ name }) => name.startsWith(NamePrefix))
      .filter((connection) => stateOf(connection) === (ConnectionState ?? stateOf(connection)));
    const page = pageOf({ Limit, NextToken }, connections, ({ name }) => name);
    return { Connections: page.items.map(answerOf), NextToken: page.NextToken };
  };

export const deleteConnection =
  ({ stores }: EventBridgeDependencies): EventBridgeOperations['DeleteConnection'] =>
  ({ Name = '' }, context) => {
    const connection = found(stores.connections.find(context, Name), Name);
    stores.connections.delete(context, Name);
    return { ConnectionArn: connection.arn, ConnectionState: 'DELETING', ...timesOf(connection) };
  };

const timesOf = ({ createdAt, modifiedAt }: Connection) => ({
  CreationTime: new Date(createdAt),
  LastModifiedTime: new Date(modifiedAt),
  LastAuthorizedTime: new Date(modifiedAt),
});

const answerOf = (connection: Connection) => ({
  ConnectionArn: connection.arn,
  Name: connection.name,
  ConnectionState: stateOf(connection),
  AuthorizationType: connection.authorizationType,
  ...timesOf(connection),
});

function withoutSecrets({
  BasicAuthParameters: basic,
  ApiKeyAuthParameters: key,
  OAuthParameters: oauth,
  InvocationHttpParameters,
}: CreateConnectionAuthRequestParameters): ConnectionAuthResponseParameters {
  return {
    BasicAuthParameters: basic && { Username: basic.Username },
    ApiKeyAuthParameters: key && { ApiKeyName: key.ApiKeyName },
    OAuthParameters: oauth && {
      AuthorizationEndpoint: oauth.AuthorizationEndpoint,
      HttpMethod: oauth.HttpMethod,
      ClientParameters: { ClientID: oauth.ClientParameters?.ClientID },
    },
    InvocationHttpParameters,
  };
}

function found(connection: Connection | undefined, name: string): Connection {
  if (connection === undefined) {
    throw notFound(`Failed to describe the connection(s). Connection '${name}' does not exist.`);
  }
  return connection;
}
