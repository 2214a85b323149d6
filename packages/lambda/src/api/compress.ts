import type { Encoding } from './options.ts';
import type { Reply } from './reply.ts';
import type { Tools } from './tools.ts';

const DEFAULT: readonly Encoding[] = ['gzip', 'deflate', 'br'];

/** Types whose bodies are compressed already. */
const COMPRESSED = /^(?:image\/(?!svg|bmp)|audio\/|video\/|font\/woff|application\/(?:zip|gzip|x-7z|vnd\.rar|pdf))/;

/** Compresses the body of a reply in the way that its client likes best. */
export async function compress(reply: Reply, allowed: true | readonly Encoding[], { isSource }: Tools): Promise<void> {
  const { content } = reply;
  if (
    isSource(content) ||
    content.length === 0 ||
    reply.hasHeader('content-encoding') ||
    COMPRESSED.test(reply.contentType)
  )
    return;
  reply.header('vary', 'accept-encoding', true);
  const encoding = chooseEncoding(reply.request.header('accept-encoding') ?? '', allowed === true ? DEFAULT : allowed);
  if (encoding === undefined) return;
  reply.content = await encode(content, encoding);
  reply.header('content-encoding', encoding);
}

/** The allowed encoding with the highest q-value, of several the first allowed. */
export function chooseEncoding(header: string, allowed: readonly Encoding[]): Encoding | undefined {
  const weights = new Map<string, number>();
  for (const part of header.split(',')) {
    const [name = '', ...parameters] = part.split(';');
    const q = parameters.find((parameter) => /^\s*q\s*=/i.test(parameter));
    const weight = q === undefined ? 1 : Number(q.slice(q.indexOf('=') + 1));
    weights.set(name.trim().toLowerCase(), Number.isNaN(weight) ? 0 : weight);
  }
  const weightOf = (encoding: Encoding): number => weights.get(encoding) ?? weights.get('*') ?? 0;
  const usable = allowed.filter((encoding) => weightOf(encoding) > 0);
  return usable.reduce<Encoding | undefined>(
    (best, encoding) => (best !== undefined && weightOf(best) >= weightOf(encoding) ? best : encoding),
    undefined,
  );
}

function encode(content: string | Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  const { gzip, deflate, brotliCompress, constants } = process.getBuiltinModule('node:zlib');
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, bytes: Uint8Array): void => (error === null ? resolve(bytes) : reject(error));
    if (encoding === 'gzip') gzip(content, done);
    else if (encoding === 'deflate') deflate(content, done);
    // Quality 4 takes about as long as gzip and is smaller; the default of 11 takes twenty times as long.
    else brotliCompress(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }, done);
  });
}
