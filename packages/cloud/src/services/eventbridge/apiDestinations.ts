import { wall } from '../../kernel/clock.ts';
import { type Delivery, RetryableError } from '../../kernel/deliveryQueue.ts';
import type { Arn } from '../../kernel/names.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Job } from './buses.ts';
import { type ApiDestination, type Connection, isAuthorized } from './connection.ts';
import type { EventBridgeStores } from './operation.ts';

/** Of the machine's time: AWS waits no longer either. */
const TIMEOUT_MS = 5000;
const RETRIED = new Set([401, 407, 409, 429]);

/** An answer that trying again would not change. */
export class DestinationError extends Error {
  override readonly name = 'DestinationError';
}

/** Takes events to HTTP endpoints. */
export class ApiDestinations {
  readonly #environment: ServiceEnvironment;
  readonly #stores: EventBridgeStores;

  constructor(environment: ServiceEnvironment, stores: EventBridgeStores) {
    this.#environment = environment;
    this.#stores = stores;
  }

  /** @throws RetryableError, DestinationError */
  async send(delivery: Delivery, to: Arn, job: Job): Promise<void> {
    const destination = this.#stores.destinations.find(to, to.resource.split('/')[1] ?? '');
    if (destination === undefined) throw new DestinationError(`the API destination ${job.target.Arn} does not exist`);
    const connection = this.#stores.connections.find(to, destination.connectionArn.split('/')[1] ?? '');
    if (connection === undefined) throw new DestinationError(`the connection of ${destination.name} does not exist`);
    if (!isAuthorized(connection)) {
      throw new DestinationError(`Skein cannot authorize connections by OAuth yet: ${connection.name}`);
    }
    const { trace } = this.#environment;
    const hop = trace.begin({
      cause: delivery.cause,
      service: 'eventbridge',
      operation: 'InvokeApiDestination',
      principal: 'events.amazonaws.com',
      resource: job.target.Arn ?? '',
      target: destination.endpoint,
      bytes: Buffer.byteLength(job.input),
    });
    try {
      const status = await request(destination, connection, job);
      trace.end(hop, 'ok');
      hop.note = `answered ${status}`;
    } catch (error) {
      hop.note = error instanceof Error ? error.message : String(error);
      trace.end(hop, error instanceof RetryableError ? 'ERROR_FROM_TARGET' : 'dropped');
      throw error;
    }
  }
}

async function request(destination: ApiDestination, connection: Connection, job: Job): Promise<number> {
  const { method } = destination;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const abort = new AbortController();
  using _timeout = wall.after(TIMEOUT_MS, () => abort.abort());
  let response: Response;
  try {
    response = await fetch(addressOf(destination, connection, job), {
      method,
      headers: headersOf(connection, job),
      body: hasBody ? bodyOf(connection, job) : null,
      signal: abort.signal,
    });
    await response.arrayBuffer();
  } catch (error) {
    throw new RetryableError(`no answer from ${destination.endpoint}: ${causeOf(error)}`);
  }
  const { status } = response;
  if (status < 400) return status;
  const message = `${destination.endpoint} answered ${status}`;
  if (!RETRIED.has(status) && status < 500) throw new DestinationError(message);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  throw new RetryableError(message, Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined);
}

/** The endpoint with its `*` filled in and its query. */
function addressOf({ endpoint }: ApiDestination, { parameters }: Connection, { target }: Job): string {
  const { PathParameterValues = [], QueryStringParameters = {} } = target.HttpParameters ?? {};
  const values = [...PathParameterValues];
  const address = new URL(endpoint.replaceAll('*', () => encodeURIComponent(values.shift() ?? '*')));
  for (const [key, value] of Object.entries(QueryStringParameters)) address.searchParams.set(key, value);
  for (const { Key = '', Value = '' } of parameters.InvocationHttpParameters?.QueryStringParameters ?? []) {
    address.searchParams.set(Key, Value);
  }
  return address.href;
}

function headersOf({ parameters }: Connection, { target }: Job): Headers {
  const headers = new Headers({
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Amazon/EventBridge/ApiDestinations',
    ...target.HttpParameters?.HeaderParameters,
  });
  // What the connection says wins.
  for (const { Key = '', Value = '' } of parameters.InvocationHttpParameters?.HeaderParameters ?? []) {
    headers.set(Key, Value);
  }
  const { BasicAuthParameters: basic, ApiKeyAuthParameters: key } = parameters;
  if (basic !== undefined) {
    headers.set('authorization', `Basic ${Buffer.from(`${basic.Username}:${basic.Password}`).toString('base64')}`);
  }
  if (key?.ApiKeyName !== undefined) headers.set(key.ApiKeyName, key.ApiKeyValue ?? '');
  return headers;
}

/** The input, with the connection's members when it is an object. */
function bodyOf({ parameters }: Connection, { input }: Job): string {
  const more = parameters.InvocationHttpParameters?.BodyParameters ?? [];
  if (more.length === 0 || !input.startsWith('{')) return input;
  const members = more.map(({ Key = '', Value = '' }) => [Key, Value] as const);
  return JSON.stringify({ ...(JSON.parse(input) as object), ...Object.fromEntries(members) }); // begins with a brace
}

/** Why a request failed: what is behind the words of `fetch`. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.message : error.message;
}
