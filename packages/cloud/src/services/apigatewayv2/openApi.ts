import type { Cors } from '@aws-sdk/client-apigatewayv2';
import { badRequest, unsupported } from './errors.ts';
import type { IntegrationInput } from './integration.ts';
import { DEFAULT_ROUTE } from './route.ts';

/** A route of an OpenAPI document, and where it leads. */
export interface ImportedRoute {
  readonly routeKey: string;
  readonly operationName: string | undefined;
  readonly integration: IntegrationInput | undefined;
}

/** What an OpenAPI document says of an HTTP API. */
export interface ImportedApi {
  readonly name: string;
  readonly version: string | undefined;
  readonly description: string | undefined;
  readonly cors: Cors | undefined;
  readonly tags: Record<string, string>;
  readonly routes: readonly ImportedRoute[];
}

type Node = Readonly<Record<string, unknown>>;

const ANY = 'x-amazon-apigateway-any-method';
const METHODS: Readonly<Record<string, string>> = {
  [ANY]: 'ANY',
  delete: 'DELETE',
  get: 'GET',
  head: 'HEAD',
  options: 'OPTIONS',
  patch: 'PATCH',
  post: 'POST',
  put: 'PUT',
};

/**
 * Reads an OpenAPI 3 document with AWS's extensions.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html
 *
 * @param basePath - what becomes of a path in `servers`: `ignore`, `prepend` or `split`
 * @throws BadRequestException, or NotImplemented for what an HTTP API has but this cloud lacks
 */
export function readOpenApi(document: unknown, basePath = 'ignore'): ImportedApi {
  const root = nodeOf(document);
  if (root === undefined || !String(root['openapi']).startsWith('3.')) {
    throw badRequest('Unable to parse API definition: an OpenAPI 3.0 document is needed');
  }
  const info = nodeOf(root['info']) ?? {};
  const prefix = prefixOf(root, basePath);
  return {
    name: textOf(info['title']) ?? 'API',
    version: textOf(info['version']),
    description: textOf(info['description']),
    cors: corsOf(nodeOf(root['x-amazon-apigateway-cors'])),
    tags: tagsOf(root['tags']),
    routes: Object.entries(nodeOf(root['paths']) ?? {}).flatMap(([path, item]) =>
      routesOf(root, prefix, path, nodeOf(item) ?? {}),
    ),
  };
}

function routesOf(root: Node, prefix: string, path: string, item: Node): ImportedRoute[] {
  return Object.entries(item).flatMap(([name, value]): ImportedRoute[] => {
    const method = METHODS[name];
    const operation = nodeOf(value);
    if (method === undefined || operation === undefined) return [];
    const isDefault = path === `/${DEFAULT_ROUTE}` || path === DEFAULT_ROUTE || operation['isDefaultRoute'] === true;
    const routeKey = isDefault ? DEFAULT_ROUTE : `${method} ${prefix}${path}`;
    const security = operation['security'] ?? root['security'];
    if (Array.isArray(security) && security.length > 0) {
      throw unsupported(`the authorizer of the route '${routeKey}'`, 'authorizers of HTTP APIs are not built yet');
    }
    const integration = resolved(root, operation['x-amazon-apigateway-integration']);
    return [
      {
        routeKey,
        operationName: textOf(operation['operationId']),
        integration: integration === undefined ? undefined : integrationOf(integration),
      },
    ];
  });
}

function integrationOf(node: Node): IntegrationInput {
  const type = textOf(node['type'])?.toUpperCase();
  return {
    ConnectionId: textOf(node['connectionId']),
    ConnectionType: textOf(node['connectionType']) as IntegrationInput['ConnectionType'], // checked with the rest of it
    CredentialsArn: textOf(node['credentials']),
    Description: textOf(node['description']),
    IntegrationMethod: textOf(node['httpMethod']),
    IntegrationSubtype: textOf(node['integrationSubtype']),
    IntegrationType: type as IntegrationInput['IntegrationType'], // checked with the rest of it
    IntegrationUri: textOf(node['uri']),
    PayloadFormatVersion: textOf(node['payloadFormatVersion']),
    RequestParameters: nodeOf(node['requestParameters']) as Record<string, string> | undefined, // a map of texts by its format
    ResponseParameters: nodeOf(node['responseParameters']) as IntegrationInput['ResponseParameters'], // a map of maps by its format
    TimeoutInMillis: node['timeoutInMillis'] === undefined ? undefined : Number(node['timeoutInMillis']),
    TlsConfig: tlsOf(nodeOf(node['tlsConfig'])),
  };
}

const tlsOf = (tls: Node | undefined): IntegrationInput['TlsConfig'] =>
  tls === undefined ? undefined : { ServerNameToVerify: textOf(tls['serverNameToVerify']) };

function corsOf(cors: Node | undefined): Cors | undefined {
  if (cors === undefined) return undefined;
  const list = (name: string): string[] | undefined => {
    const value = cors[name];
    return value === undefined ? undefined : [value].flat().map(String);
  };
  return {
    AllowCredentials: cors['allowCredentials'] === undefined ? undefined : String(cors['allowCredentials']) === 'true',
    AllowHeaders: list('allowHeaders'),
    AllowMethods: list('allowMethods'),
    AllowOrigins: list('allowOrigins'),
    ExposeHeaders: list('exposeHeaders'),
    MaxAge: cors['maxAge'] === undefined ? undefined : Number(cors['maxAge']),
  };
}

/** Tags with a value of API Gateway's; others are for readers. */
function tagsOf(tags: unknown): Record<string, string> {
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries(
    tags.flatMap((tag: unknown) => {
      const { name, 'x-amazon-apigateway-tag-value': value } = nodeOf(tag) ?? {};
      return value === undefined ? [] : [[String(name), String(value)]];
    }),
  );
}

/** What stands before all paths: the servers' base path, or its part after the first name. */
function prefixOf(root: Node, basePath: string): string {
  if (basePath === 'ignore') return '';
  const [server] = Array.isArray(root['servers']) ? (root['servers'] as unknown[]) : [];
  const { url, variables } = nodeOf(server) ?? {};
  const full = String(url ?? '').replace(/\{(\w+)\}/g, (_, name: string) =>
    String(nodeOf(nodeOf(variables)?.[name])?.['default'] ?? ''),
  );
  const path = full.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/\/+$/, '');
  const prefix = basePath === 'split' ? path.split('/').slice(2).join('/') : path.replace(/^\//, '');
  return prefix === '' ? '' : `/${prefix}`;
}

/** A node, or what it refers to within the document. */
function resolved(root: Node, value: unknown): Node | undefined {
  const node = nodeOf(value);
  const reference = node?.['$ref'];
  if (typeof reference !== 'string') return node;
  let found: unknown = root;
  for (const part of reference.replace(/^#\//, '').split('/')) {
    found = nodeOf(found)?.[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  if (found === undefined) throw badRequest(`Unable to resolve the reference ${reference}`);
  return nodeOf(found);
}

const nodeOf = (value: unknown): Node | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : undefined; // an object by the check

const textOf = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);
