import type { App } from '@skein/cloud';

/** An HTTP API of a deployed app. */
export interface Api {
  readonly name: string;
  /** Its local address. */
  readonly url: string;
  /** `POST /orders`, as the template has them. */
  readonly routes: readonly string[];
}

/** The HTTP APIs of an app that answer on this machine, with their routes. */
export function apisOf({ stacks }: Pick<App, 'stacks'>, localUrl: (awsUrl: string) => string): Api[] {
  const resources = stacks.flatMap((stack) => stack.resources);
  const routes = resources.filter(({ type }) => type === 'AWS::ApiGatewayV2::Route');
  return resources.flatMap(({ type, logicalId, physicalId, attributes, properties }) => {
    const awsUrl = attributes['ApiEndpoint'];
    if (type !== 'AWS::ApiGatewayV2::Api' || typeof awsUrl !== 'string') return [];
    const url = localUrl(awsUrl);
    if (url === awsUrl) return [];
    const keys = routes
      .filter((route) => route.properties['ApiId'] === physicalId)
      .map((route) => String(route.properties['RouteKey']));
    return [{ name: String(properties['Name'] ?? logicalId), url, routes: keys.toSorted() }];
  });
}

/** A request that shows the first thing that somebody would try. Undefined when the API has nothing to try without knowing more. */
export function exampleRequest({ url, routes }: Api): string | undefined {
  const tried = routes.filter((route) => !route.includes('{'));
  const route = tried.find((key) => key.startsWith('POST ')) ?? tried.find((key) => /^(GET|ANY) /.test(key));
  const [method = '', path = ''] = route?.split(' ') ?? [];
  if (route === undefined) return routes.includes('$default') ? `curl ${url}/` : undefined;
  if (method !== 'POST') return `curl ${url}${path}`;
  return `curl -X POST ${url}${path} -H 'content-type: application/json' -d '{}'`;
}
