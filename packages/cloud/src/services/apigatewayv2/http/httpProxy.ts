import type { ClientRequest, IncomingMessage } from 'node:http';
import type { HttpResponse } from '../../../kernel/endpoints.ts';
import type { ServiceEnvironment } from '../../../kernel/service.ts';
import type { Integration } from '../integration.ts';
import { DEFAULT_ROUTE } from '../route.ts';
import { SERVICE_UNAVAILABLE } from './answers.ts';
import type { Exchange, Integrate } from './exchange.ts';
import { HOP_BY_HOP } from './requestFields.ts';
import { withStageVariables } from './stageVariables.ts';

/** Passes requests on to an HTTP server, and its answers back. */
export function httpProxy(integration: Integration, { endpoints }: Pick<ServiceEnvironment, 'endpoints'>): Integrate {
  const { IntegrationUri = '', IntegrationMethod = 'ANY', TlsConfig } = integration;
  return (exchange) => {
    const { request, stage, activity } = exchange;
    const url = endpoints.localize(urlOf(withStageVariables(IntegrationUri, stage.variables), exchange));
    const { hostname, port, protocol, pathname, search, host } = new URL(url);
    const secure = protocol === 'https:';
    const { request: send } = process.getBuiltinModule(secure ? 'node:https' : 'node:http');
    const { promise, resolve } = Promise.withResolvers<HttpResponse>();
    void activity;
    const outgoing: ClientRequest = send(
      {
        hostname: hostname.replace(/^\[|\]$/g, ''),
        port,
        path: pathname + search,
        method: IntegrationMethod === 'ANY' ? request.method : IntegrationMethod,
        headers: headersOf(exchange, host),
        ...(TlsConfig?.ServerNameToVerify === undefined ? {} : { servername: TlsConfig.ServerNameToVerify }),
      },
      (incoming) => readAnswer(incoming).then(resolve, fail),
    );
    const fail = (error: Error): void => {
      exchange.note(`${url}: ${error.message}`);
      resolve(SERVICE_UNAVAILABLE);
    };
    outgoing.on('error', fail);
    outgoing.end(request.body);
    return { answer: promise, cancel: () => outgoing.destroy() };
  };
}

/** The integration's address for a request: parameters in it are replaced, `$default` adds the whole path, and the query goes along. */
function urlOf(uri: string, { routeKey, request, path, parameters = {} }: Exchange): string {
  let url = uri.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
    const value = parameters[name];
    return value === undefined ? whole : encodePath(value);
  });
  if (routeKey === DEFAULT_ROUTE) url = url.replace(/\/$/, '') + encodePath(path);
  if (request.query === '') return url;
  return `${url}${url.includes('?') ? '&' : '?'}${request.query}`;
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

function headersOf(exchange: Exchange, host: string): string[] {
  const { request, stage, traceId } = exchange;
  const headers = request.headers.flatMap(([name, value]) => (NOT_PASSED.has(name.toLowerCase()) ? [] : [name, value]));
  headers.push('host', host, 'x-amzn-trace-id', traceId, 'via', 'HTTP/1.1 AmazonAPIGateway');
  headers.push('forwarded', `by=127.0.0.1;for=${request.sourceIp};host=${stage.domainName};proto=https`);
  if (request.body.length > 0 || hasLength(exchange)) headers.push('content-length', String(request.body.length));
  return headers;
}

const NOT_PASSED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'content-length',
  'forwarded',
  'host',
  'via',
  'x-amzn-trace-id',
]);

const hasLength = ({ request }: Exchange): boolean =>
  request.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));

async function readAnswer(incoming: IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers: [string, string][] = [];
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = incoming.rawHeaders.slice(index, index + 2);
    if (!HOP_BY_HOP.has(name.toLowerCase())) headers.push([name, value]);
  }
  return { status: incoming.statusCode ?? 502, headers, body: Buffer.concat(chunks) };
}
