import { AwsError, type AwsErrorLike, isAwsError, notImplemented } from '../kernel/awsError.ts';
import { wall } from '../kernel/clock.ts';
import type { Credentials, Identity, Principal } from '../kernel/credentials.ts';
import type { Dispatcher, Running } from '../kernel/dispatcher.ts';
import type { Settings } from '../kernel/service.ts';
import { authenticationError } from './authenticationErrors.ts';
import { type ChunkVerification, isAwsChunked, unchunk } from './awsChunked.ts';
import { awsJson } from './awsJson.ts';
import { type CatalogEntry, MAX_BODY_BYTES } from './catalogEntry.ts';
import { query } from './query.ts';
import { restJson } from './restJson.ts';
import { restXml } from './restXml.ts';
import { isRpcV2Cbor, rpcV2Cbor, serviceOfPath } from './rpcV2Cbor.ts';
import { readSchema } from './schema.ts';
import {
  type CredentialScope,
  credentialScope,
  instantOf,
  sessionTokenOf,
  type Verification,
  verifySignature,
} from './sigv4.ts';
import { httpDate } from './timestamps.ts';
import type { Protocol, ProtocolSettings, ServiceWire, WireRequest, WireResponse } from './wire.ts';

export interface FrontDoorOptions {
  readonly catalog: readonly CatalogEntry[];
  readonly dispatcher: Dispatcher;
  readonly credentials: Credentials;
  readonly settings: Settings;
  /** The cloud's time, ms. */
  readonly now: () => number;
  readonly verifySignatures: boolean;
  /** Hears of errors that are ours, not the caller's. */
  readonly onInternalError: (error: unknown, what: string) => void;
}

/** Who asks, where. */
interface Caller {
  readonly identity: Identity;
  readonly region: string;
  /** What the chunks of the body must be signed by. */
  readonly verification?: ChunkVerification | undefined;
}

/** Tells which service and operation a request is for, who sends it, and has it answered in the request's own protocol. */
export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #byTarget: ReadonlyMap<string, CatalogEntry>;
  readonly #bySigningName: ReadonlyMap<string, readonly CatalogEntry[]>;
  readonly #wires = new Map<string, ServiceWire>();

  constructor(options: FrontDoorOptions) {
    this.#options = options;
    const { catalog } = options;
    this.#byTarget = new Map(
      catalog.flatMap((entry) => (entry.protocol.targetPrefix ? [[entry.protocol.targetPrefix, entry]] : [])),
    );
    this.#bySigningName = Map.groupBy(catalog, ({ signingName }) => signingName);
  }

  /** Answers a request; never throws. In one turn, unless the operation waits or its service has to be loaded. */
  handle(request: WireRequest): WireResponse | Promise<WireResponse> {
    const scope = credentialScope(request);
    const entry = this.#entryOf(request, scope);
    if (entry === undefined) return this.#refuse(request, unknownService(request, scope));
    const running = this.#options.dispatcher.running(entry.name);
    if (running !== undefined) return this.#answer(entry, running, request, scope);
    return this.#options.dispatcher.start(entry.name).then(
      (started) => this.#answer(entry, started, request, scope),
      (error) => this.#refuse(request, this.#internal(error, entry.name)),
    );
  }

  /** The most bytes that the body of a request may have. */
  limitOf(request: WireRequest): number {
    return this.#entryOf(request, credentialScope(request))?.maxBodyBytes ?? MAX_BODY_BYTES;
  }

  #entryOf(request: WireRequest, scope: CredentialScope | undefined): CatalogEntry | undefined {
    const target = request.headers['x-amz-target'];
    if (target !== undefined) {
      const entry = this.#byTarget.get(target.slice(0, target.lastIndexOf('.')));
      if (entry !== undefined) return entry;
    }
    const named = this.#byTarget.get(serviceOfPath(request.path) ?? '');
    if (named !== undefined) return named;
    const entries = scope === undefined ? undefined : this.#bySigningName.get(scope.service);
    if (entries?.length === 1) return entries[0];
    const byPath = (entries ?? this.#options.catalog).find(({ paths }) => paths?.test(request.path) === true);
    return byPath ?? this.#byForm(request) ?? entries?.[0];
  }

  /** Some clients sign with an empty or wrong service: a Query request names its API's version. */
  #byForm({ headers, body, query }: WireRequest): CatalogEntry | undefined {
    const text = isForm(headers) ? body.toString('utf8') : query;
    const version = /(?:^|&)Version=([^&]+)/.exec(text)?.[1];
    return version === undefined
      ? undefined
      : this.#options.catalog.find(({ protocol }) => protocol.version === version);
  }

  #answer(
    entry: CatalogEntry,
    running: Running,
    request: WireRequest,
    scope: CredentialScope | undefined,
  ): WireResponse | Promise<WireResponse> {
    const { dispatcher } = this.#options;
    const service = this.#wireOf(entry, running);
    const protocol = protocolOf(service, request);
    const requestId = dispatcher.newRequestId(entry.name);
    let killAfter: (() => void) | undefined;
    const fail = (error: unknown): WireResponse => {
      killAfter?.();
      return this.#dated(request, protocol.writeError(service, this.#known(error, entry.name), requestId));
    };
    try {
      if (request.isTooLarge === true) throw tooLarge(this.limitOf(request));
      const operation = protocol.operationOf(service, request);
      const caller = this.#callerOf(entry, operation?.name, request, scope);
      if (operation === undefined) throw protocol.unknownOperation(request);
      if (running.operations[operation.name] === undefined) throw notImplemented(entry.name, operation.name);
      const input = protocol.read(service, operation, decoded(request, entry, caller.verification));
      const { principal, invocation } = caller.identity;
      const cause = invocation?.();
      killAfter = cause?.operation?.(`${running.service.actions}:${operation.name}`);
      const output = dispatcher.call(
        running,
        operation.name,
        input,
        {
          account: principal.account,
          region: caller.region,
          principal,
          cause: cause?.cause ?? 0,
          invocation: cause?.activity,
          endpoint: request.endpoint,
          bytes: request.body.length,
          client: request.client,
        },
        requestId,
      );
      const write = (value: Record<string, unknown>): WireResponse => {
        killAfter?.();
        return this.#dated(request, protocol.write(service, operation, value, requestId));
      };
      if (!(output instanceof Promise)) return write(output);
      const held = cause?.hold?.(request.headers['x-skein-seq']);
      return output
        .then(write)
        .catch(fail)
        .finally(() => held?.[Symbol.dispose]());
    } catch (error) {
      return fail(error);
    }
  }

  /** Who sends it: always taken from the access key. */
  #callerOf(
    entry: CatalogEntry,
    operation: string | undefined,
    request: WireRequest,
    scope: CredentialScope | undefined,
  ): Caller {
    const { credentials, settings, verifySignatures, now } = this.#options;
    const { protocol, anonymous = [] } = entry;
    if (scope === undefined) {
      if (anonymous !== 'all' && !anonymous.includes(operation ?? '')) {
        throw authenticationError(request.headers['authorization'] === undefined ? 'missing' : 'incomplete', protocol);
      }
      const principal: Principal = { kind: 'anonymous', account: settings.account, arn: '*' };
      return { identity: { principal }, region: settings.region };
    }
    const identity = credentials.identify(scope.accessKeyId);
    if (identity.refused === true) throw authenticationError('unknownKey', protocol);
    if (identity.expires !== undefined && identity.expires <= now())
      throw authenticationError('expiredToken', protocol);
    return {
      identity,
      region: scope.region === '' ? settings.region : scope.region,
      verification: verifySignatures ? this.#verify(request, scope, identity, protocol) : undefined,
    };
  }

  #verify(
    request: WireRequest,
    scope: CredentialScope,
    { secretAccessKey, sessionToken }: Identity,
    protocol: ProtocolSettings,
  ): ChunkVerification {
    if (secretAccessKey === undefined && !isWellKnown(scope.accessKeyId))
      throw authenticationError('unknownKey', protocol);
    if (sessionToken !== undefined && sessionToken !== sessionTokenOf(request))
      throw authenticationError('wrongToken', protocol);
    const clocks = [wall.now(), this.#options.now()];
    const verification: Verification = { scope, secretAccessKey: secretAccessKey ?? WELL_KNOWN_SECRET, clocks };
    const result = verifySignature(request, verification);
    if ('failure' in result) throw authenticationError(result.failure, protocol, result.detail);
    return { ...verification, seed: result };
  }

  #wireOf(entry: CatalogEntry, { service }: Running): ServiceWire {
    let wire = this.#wires.get(entry.name);
    if (wire === undefined) {
      wire = {
        name: entry.name,
        protocol: entry.protocol,
        schema: readSchema(service.sdk),
        wireForm: new Set(service.wireForm),
      };
      this.#wires.set(entry.name, wire);
    }
    return wire;
  }

  /** An answer for a request of which no service is known. */
  #refuse(request: WireRequest, error: AwsErrorLike): WireResponse {
    const requestId = this.#options.dispatcher.newRequestId('frontDoor');
    return this.#dated(request, awsJson.writeError(NO_SERVICE, error, requestId));
  }

  /**
   * Dates an answer in the clock that is nearest to the request's own: the SDK would shift its clock by the difference from the second
   * request on.
   */
  #dated(request: WireRequest, response: WireResponse): WireResponse {
    const now = this.#options.now();
    const real = wall.now();
    const stamp = request.headers['x-amz-date'];
    const at = stamp === undefined || Math.abs(real - now) < 1000 ? real : nearest(stamp, real, now);
    (response.headers as Record<string, string>)['date'] = httpDate(at); // made for this answer alone
    return response;
  }

  #known(error: unknown, what: string): AwsErrorLike {
    return isAwsError(error) ? error : this.#internal(error, what);
  }

  #internal(error: unknown, what: string): AwsErrorLike {
    this.#options.onInternalError(error, what);
    return new AwsError(
      'InternalFailure',
      500,
      `Skein failed in ${what}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The secret of access keys that this cloud did not issue: what people give an emulator. */
export const WELL_KNOWN_SECRET = 'test';

/** Keys that need not be issued: what people give an emulator, and the number of an account. */
const isWellKnown = (accessKeyId: string): boolean => accessKeyId === 'test' || /^\d{12}$/.test(accessKeyId);

const tooLarge = (limit: number): AwsError =>
  new AwsError('RequestEntityTooLargeException', 413, `Request must be smaller than ${limit} bytes`);

/** The request as the protocol reads it: without chunks and compression, which in S3 is the object's own. */
function decoded(request: WireRequest, { protocol }: CatalogEntry, verification?: ChunkVerification): WireRequest {
  if (isAwsChunked(request)) return unchunk(request, verification);
  if (protocol.s3 === true || request.headers['content-encoding'] !== 'gzip') return request;
  try {
    const { gunzipSync } = process.getBuiltinModule('node:zlib');
    return { ...request, body: gunzipSync(request.body, { maxOutputLength: MAX_BODY_BYTES }) };
  } catch {
    throw new AwsError('SerializationException', 400, 'The body of the request is not gzip, or too large');
  }
}

const NO_SERVICE: ServiceWire = {
  name: 'skein',
  protocol: { kind: 'json', jsonVersion: '1.0' },
  schema: { operations: new Map(), errors: new Map() },
  wireForm: new Set(),
};

/** The protocol that a request speaks: a service may speak several. */
function protocolOf({ protocol }: ServiceWire, request: WireRequest): Protocol {
  const { headers } = request;
  if (headers['x-amz-target'] !== undefined) return awsJson;
  if (isRpcV2Cbor(request)) return rpcV2Cbor;
  switch (protocol.kind) {
    case 'restJson':
      return restJson;
    case 'restXml':
      return restXml;
    case 'query':
      return query;
    case 'json':
      return isForm(headers) ? query : awsJson;
  }
}

const isForm = (headers: WireRequest['headers']): boolean =>
  headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;

function nearest(stamp: string, real: number, now: number): number {
  const at = instantOf(stamp);
  return Math.abs(at - real) <= Math.abs(at - now) ? real : now;
}

function unknownService({ method, path, headers }: WireRequest, scope: CredentialScope | undefined): AwsError {
  if (scope === undefined) {
    return new AwsError(
      'MissingAuthenticationToken',
      403,
      `Missing Authentication Token: ${method} ${path} is not signed, so no AWS service can be told from it. Use an AWS SDK or 'aws --endpoint-url', or the address of the API's own that the deploy printed`,
    );
  }
  const what = headers['x-amz-target'] ?? `${method} ${path}`;
  return new AwsError('NotImplemented', 501, `Skein does not support the service '${scope.service}' (${what})`);
}
