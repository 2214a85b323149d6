import type { ClientRequest, IncomingMessage } from 'node:http';
import type { HttpResponse } from '../../../kernel/endpoints.ts';
import type { ServiceEnvironment } from '../../../kernel/service.ts';
import type { Integration } from '../integration.ts';
import { DEFAULT_ROUTE } from '../route.ts';
import { INTERNAL_ERROR, SERVICE_UNAVAILABLE } from './answers.ts';
import type { Exchange, Integrate, StageFacts } from './exchange.ts';
import { type Pairs, ParameterMapping } from './parameterMapping.ts';
import { HOP_BY_HOP } from './requestFields.ts';
import { withStageVariables } from './stageVariables.ts';

/** Passes requests on to an HTTP server, and its answers back. */
export function httpProxy(
  integration: Integration,
  stage: StageFacts,
  { endpoints }: Pick<ServiceEnvironment, 'endpoints'>,
): Integrate {
  const template = withStageVariables(integration.IntegrationUri ?? '', stage.variables);
  const { IntegrationMethod = 'ANY', TlsConfig } = integration;
  const mapping = new ParameterMapping(integration.RequestParameters);
  return (exchange) => {
    const { request } = exchange;
    const address = endpoints.localize(urlOf(template, exchange, mapping));
    if (!URL.canParse(address)) {
      exchange.note(`the integration's address is no URL: ${address}`);
      return { answer: Promise.resolve(INTERNAL_ERROR) };
    }
    const url = new URL(address);
    const { request: send } = process.getBuiltinModule(url.protocol === 'https:' ? 'node:https' : 'node:http');
    const { promise, resolve } = Promise.withResolvers<HttpResponse>();
    const fail = (error: Error): void => {
      exchange.note(`${address}: ${error.message}`);
      resolve(SERVICE_UNAVAILABLE);
    };
    const outgoing: ClientRequest = send(
      {
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        path: url.pathname + url.search,
        method: IntegrationMethod === 'ANY' ? request.method : IntegrationMethod,
        headers: mapping.headers(headersOf(exchange, url.host), { exchange }).flat(),
        ...(TlsConfig?.ServerNameToVerify === undefined ? {} : { servername: TlsConfig.ServerNameToVerify }),
      },
      (incoming) => readAnswer(incoming).then(resolve, fail),
    );
    outgoing.on('error', fail);
    outgoing.end(request.body);
    return { answer: promise, cancel: () => outgoing.destroy() };
  };
}

/** The integration's address for a request: parameters in it are replaced, `$default` adds the whole path, and the query goes along. */
function urlOf(uri: string, exchange: Exchange, mapping: ParameterMapping): string {
  const { routeKey, request, path, parameters = {} } = exchange;
  const sources = { exchange };
  let url = uri.replace(/\{([^{}+]+)\+?\}/g, (whole, name: string) => {
    const value = parameters[name];
    return value === undefined ? whole : encodePath(value);
  });
  const newPath = mapping.path(sources);
  if (newPath !== undefined)
    url = url.replace(/^(https?:\/\/[^/?]*)[^?]*/, (_, host: string) => host + encodePath(newPath));
  else if (routeKey === DEFAULT_ROUTE) url = url.replace(/\/$/, '') + encodePath(path);
  const query = mapping.query(request.query, sources);
  return query === '' ? url : `${url}${url.includes('?') ? '&' : '?'}${query}`;
}

const encodePath = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

function headersOf(exchange: Exchange, host: string): Pairs {
  const { request, stage, traceId } = exchange;
  const hasBody =
    request.body.length > 0 || request.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  return [
    ['host', host],
    ...request.headers.filter(([name]) => !REPLACED.has(name.toLowerCase())),
    ...(hasBody ? [['content-length', String(request.body.length)] as const] : []),
    ['forwarded', `by=127.0.0.1;for=${request.sourceIp};host=${stage.domainName};proto=https`],
    ['via', 'HTTP/1.1 AmazonAPIGateway'],
    ['x-amzn-trace-id', traceId],
  ];
}

/** Headers of the client's that the gateway writes itself. */
const REPLACED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'content-length',
  'forwarded',
  'host',
  'via',
  'x-amzn-trace-id',
]);

async function readAnswer(incoming: IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers: [string, string][] = [];
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = incoming.rawHeaders.slice(index, index + 2);
    if (!HOP_BY_HOP.has(name.toLowerCase())) headers.push([name, value]);
  }
  return { status: incoming.statusCode ?? 500, headers, body: Buffer.concat(chunks) };
}
