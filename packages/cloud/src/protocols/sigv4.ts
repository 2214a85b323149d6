import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../kernel/awsError.ts';
import type { WireRequest } from './wire.ts';

/** What a signature's credential says: who, where, which service. */
export interface CredentialScope {
  readonly accessKeyId: string;
  /** `20261124` */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const scopes = new Map<string, CredentialScope>();
const MAX_SCOPES = 10_000;

/** The credential scope of a request, from its `Authorization` header or its presigned query; undefined when it is not signed. */
export function credentialScope(request: WireRequest): CredentialScope | undefined {
  const { authorization } = request.headers;
  if (authorization === undefined) {
    const presigned = request.query.includes('X-Amz-Credential=')
      ? new URLSearchParams(request.query).get('X-Amz-Credential')
      : null;
    return presigned === null ? undefined : readScope(presigned);
  }
  const start = authorization.indexOf('Credential=');
  if (start < 0) return undefined;
  let end = authorization.indexOf(',', start);
  if (end < 0) end = authorization.length;
  return readScope(authorization.slice(start + 11, end));
}

function readScope(credential: string): CredentialScope | undefined {
  const known = scopes.get(credential);
  if (known !== undefined) return known;
  const parts = credential.trim().split('/');
  const [date, region, service, terminator] = parts.slice(-4);
  const accessKeyId = parts.slice(0, -4).join('/');
  if (!accessKeyId || !date || region === undefined || service === undefined || terminator !== 'aws4_request')
    return undefined;
  const scope: CredentialScope = { accessKeyId, date, region, service };
  if (scopes.size >= MAX_SCOPES) scopes.clear();
  scopes.set(credential, scope);
  return scope;
}

/** How far a signature's time may lie from either clock. */
const SKEW_MS = 15 * 60_000;

export interface Verification {
  readonly scope: CredentialScope;
  readonly secretAccessKey: string;
  /** The clocks that a signature may agree with: the machine's and the cloud's, ms. */
  readonly clocks: readonly number[];
}

/**
 * Checks a request's signature. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 *
 * @throws {AwsError} in AWS's words: a signature that does not match, is too old, or is incomplete
 */
export function verifySignature(request: WireRequest, { scope, secretAccessKey, clocks }: Verification): void {
  const presigned = request.headers['authorization'] === undefined;
  const query = new URLSearchParams(request.query);
  const time = presigned ? query.get('X-Amz-Date') : request.headers['x-amz-date'];
  const signedHeaders = presigned
    ? query.get('X-Amz-SignedHeaders')
    : part(request.headers['authorization'], 'SignedHeaders');
  const signature = presigned ? query.get('X-Amz-Signature') : part(request.headers['authorization'], 'Signature');
  if (!time || !signedHeaders || !signature) {
    throw new AwsError(
      'IncompleteSignature',
      400,
      "Authorization header requires 'Credential', 'SignedHeaders', 'Signature' and a date.",
    );
  }
  checkTime(time, presigned ? Number(query.get('X-Amz-Expires') ?? 0) * 1000 : SKEW_MS, clocks);
  const canonical = canonicalRequest(request, signedHeaders.split(';'), presigned);
  const wanted = sign(secretAccessKey, scope, time, canonical);
  if (wanted.length !== signature.length || !timingSafeEqual(Buffer.from(wanted), Buffer.from(signature))) {
    throw new AwsError(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
}

const part = (authorization: string | undefined, name: string): string | undefined =>
  new RegExp(`${name}=([^,\\s]+)`).exec(authorization ?? '')?.[1];

function checkTime(time: string, validMs: number, clocks: readonly number[]): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time);
  const at =
    match === null ? Number.NaN : Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)/, '$1-$2-$3T$4:$5:'));
  const fresh = clocks.some((now) => now - at <= Math.max(validMs, SKEW_MS) && at - now <= SKEW_MS);
  if (Number.isNaN(at) || !fresh)
    throw new AwsError('SignatureDoesNotMatch', 403, `Signature expired or not yet current: ${time}`);
}

function canonicalRequest(request: WireRequest, signedHeaders: readonly string[], presigned: boolean): string {
  const query = request.query
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort((a, b) => (a < b ? -1 : 1))
    .join('&');
  const headers = signedHeaders
    .map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}\n`)
    .join('');
  const payload =
    request.headers['x-amz-content-sha256'] ?? (presigned ? 'UNSIGNED-PAYLOAD' : hash('sha256', request.body, 'hex'));
  const path = request.path === '' ? '/' : request.path;
  // S3 signs the path as it is sent; every other service signs it encoded once more.
  const encoded = isS3(request)
    ? path
    : path
        .split('/')
        .map((segment) => encodeURIComponent(segment).replace(/[!'()*]/g, hexOf))
        .join('/');
  return `${request.method}\n${encoded}\n${query}\n${headers}\n${signedHeaders.join(';')}\n${payload}`;
}

const hexOf = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
const isS3 = (request: WireRequest): boolean => credentialScope(request)?.service === 's3';

function sign(secret: string, { date, region, service }: CredentialScope, time: string, canonical: string): string {
  const text = `${ALGORITHM}\n${time}\n${date}/${region}/${service}/aws4_request\n${hash('sha256', canonical, 'hex')}`;
  let key: string | Buffer = `AWS4${secret}`;
  for (const step of [date, region, service, 'aws4_request']) key = createHmac('sha256', key).update(step).digest();
  return createHmac('sha256', key).update(text).digest('hex');
}
