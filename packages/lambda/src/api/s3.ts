import type { S3Config } from './options.ts';
import type { Tools } from './tools.ts';

/** Most seconds that a signed link may work: a week. */
const LONGEST = 604_800;

/** A link to an object (`s3://bucket/key`), signed with the function's credentials: no SDK is needed for it. */
export async function getLink(
  path: string,
  expires: number,
  config: S3Config = {},
  { ConfigurationError, FileError, quiet }: Tools,
): Promise<string> {
  const match = /^s3:\/\/([^/]+)\/(.+)$/.exec(path);
  const [, bucket, key] = match ?? [];
  if (bucket === undefined || key === undefined)
    throw quiet(() => new FileError(`Invalid S3 path ${JSON.stringify(path)}`, undefined));
  if (!(expires > 0 && expires <= LONGEST))
    throw new ConfigurationError(`a link can work for 1 to ${LONGEST} seconds, not ${expires}`);
  const { accessKeyId, secretAccessKey, sessionToken } = config.credentials ?? ownCredentials(ConfigurationError);
  const region = config.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const { origin, pathname } = addressOf(config, region, bucket, key);

  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${now.slice(0, 8)}/${region}/s3/aws4_request`;
  const query: [string, string][] = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${accessKeyId}/${scope}`],
    ['X-Amz-Date', now],
    ['X-Amz-Expires', String(Math.trunc(expires))],
    ...(sessionToken === undefined ? [] : [['X-Amz-Security-Token', sessionToken] satisfies [string, string]]),
    ['X-Amz-SignedHeaders', 'host'],
  ];
  const search = query.map(([name, value]) => `${name}=${encode(value)}`).join('&');
  const canonical = ['GET', pathname, search, `host:${new URL(origin).host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join(
    '\n',
  );
  const { createHash, createHmac } = process.getBuiltinModule('node:crypto');
  const hmac = (secret: string | Buffer, text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  const toSign = ['AWS4-HMAC-SHA256', now, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key4 = scope.split('/').reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  return `${origin}${pathname}?${search}&X-Amz-Signature=${hmac(key4, toSign).toString('hex')}`;
}

/** An object of S3 with its type, date and ETag. */
export async function getObject(
  path: string,
  config: S3Config = {},
  tools: Tools,
): Promise<{ bytes: Uint8Array; type: string | undefined; modified: Date | undefined; etag: string | undefined }> {
  const answer = await fetch(await getLink(path, 60, config, tools));
  if (!answer.ok) {
    const missing = answer.status === 404;
    const said = await answer.text();
    throw tools.quiet(
      () => new tools.FileError(missing ? 'No such file' : `S3 answered ${answer.status}`, said, missing ? 404 : 500),
    );
  }
  const modified = answer.headers.get('last-modified');
  return {
    bytes: new Uint8Array(await answer.arrayBuffer()),
    type: answer.headers.get('content-type') ?? undefined,
    modified: modified === null ? undefined : new Date(modified),
    etag: answer.headers.get('etag') ?? undefined,
  };
}

function ownCredentials(ConfigurationError: Tools['ConfigurationError']): NonNullable<S3Config['credentials']> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) {
    throw new ConfigurationError('files in S3 need credentials: those of the function, or option s3Config.credentials');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: AWS_SESSION_TOKEN }),
  };
}

function addressOf(
  config: S3Config,
  region: string,
  bucket: string,
  key: string,
): { origin: string; pathname: string } {
  const path = key.split('/').map(encode).join('/');
  const endpoint = config.endpoint ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL'];
  const inPath = config.forcePathStyle ?? endpoint !== undefined;
  const origin = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`);
  if (inPath) return { origin: origin.origin, pathname: `/${encode(bucket)}/${path}` };
  return { origin: `${origin.protocol}//${bucket}.${origin.host}`, pathname: `/${path}` };
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
