import { createHash, createHmac } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseEncoding } from '../../src/api/compress.ts';
import { createApi, type Options, type Response } from '../../src/api/index.ts';
import { context, type EventChanges, httpEvent } from './events.ts';

const folder = mkdtempSync(join(tmpdir(), 'skein-files-'));
const root = join(folder, 'root');

beforeAll(() => {
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(root, 'hello.txt'), 'hello');
  writeFileSync(join(root, 'sub', 'page.html'), '<p>');
  writeFileSync(join(root, 'noextension'), 'x');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  symlinkSync(join(folder, 'secret.txt'), join(root, 'link.txt'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function answerOf(handle: (res: Response) => unknown, options: Options = {}, changes: EventChanges = {}) {
  const api = createApi(options);
  api.get('/a', (_, res) => handle(res));
  const { statusCode, body, headers, isBase64Encoded } = await api.run(httpEvent('GET', '/a', changes), context);
  return {
    statusCode,
    headers: headers ?? {},
    isBase64Encoded,
    body,
    text: isBase64Encoded ? Buffer.from(body, 'base64').toString() : body,
  };
}

describe('sendFile', () => {
  it('sends a file with its type, age and date', async () => {
    const answer = await answerOf((res) =>
      res.sendFile('hello.txt', { root, maxAge: 5000, private: true, headers: { 'x-a': '1' } }),
    );
    expect(answer).toMatchObject({ statusCode: 200, text: 'hello', isBase64Encoded: true });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain',
      'cache-control': 'private, max-age=5',
      'x-a': '1',
      'last-modified': expect.stringMatching(/GMT$/),
    });
    expect(answer.headers['expires']).toMatch(/GMT$/);
  });

  it('need not be awaited or returned', async () => {
    expect(await answerOf((res) => void res.sendFile('hello.txt', { root }))).toMatchObject({ text: 'hello' });
    expect(await answerOf(async (res) => void (await res.sendFile('sub/page.html', { root })))).toMatchObject({
      text: '<p>',
    });
  });

  it('leaves headers out when told so', async () => {
    const { headers } = await answerOf((res) =>
      res.sendFile('noextension', { root, cacheControl: false, lastModified: false }),
    );
    expect(headers).toEqual({ 'content-type': 'application/octet-stream' });
    const own = await answerOf((res) =>
      res.type('csv').sendFile('noextension', { root, cacheControl: 'no-cache', lastModified: '2020-01-01' }),
    );
    expect(own.headers).toEqual({
      'content-type': 'text/csv',
      'cache-control': 'no-cache',
      'last-modified': 'Wed, 01 Jan 2020 00:00:00 GMT',
    });
  });

  it('sends bytes', async () => {
    expect(await answerOf((res) => res.sendFile(Buffer.from('x')))).toMatchObject({
      text: 'x',
      headers: { 'content-type': 'application/octet-stream' },
    });
  });

  it.each([
    ['../secret.txt', 403],
    ['sub/../../secret.txt', 403],
    [join(folder, 'secret.txt'), 403],
    ['/etc/passwd', 403],
    ['link.txt', 403],
    ['missing.txt', 404],
    ['sub', 404],
    ['', 404],
    ['hello.txt\0.png', 404],
  ])('refuses %s', async (file, status) => {
    const answer = await answerOf((res) => res.sendFile(file, { root }));
    expect([file, answer.statusCode]).toEqual([file, status]);
    expect(answer.text).not.toContain('secret');
    expect(answer.headers).toEqual({ 'content-type': 'application/json' });
  });

  it('without a root serves the function and the temporary folder only', async () => {
    expect(await answerOf((res) => res.sendFile('/etc/passwd'))).toMatchObject({ statusCode: 403 });
    expect(await answerOf((res) => res.sendFile(`${tmpdir()}/../etc/passwd`))).toMatchObject({
      statusCode: 403,
    });
    expect(await answerOf((res) => res.sendFile('package.json'))).toMatchObject({ statusCode: 200 });
    expect(await answerOf((res) => res.sendFile(join(root, 'hello.txt')))).toMatchObject({ text: 'hello' });
  });

  it('calls back when the file is read, or cannot be', async () => {
    const errors: unknown[] = [];
    const good = await answerOf((res) => res.sendFile('hello.txt', { root }, async (error) => void errors.push(error)));
    expect(good).toMatchObject({ text: 'hello' });
    const own = await answerOf((res) =>
      res.sendFile('no.txt', { root }, (error) => (error ? res.error(418, 'mine') : undefined)),
    );
    expect(own).toMatchObject({ statusCode: 418, text: '{"error":"mine"}' });
    const ignored = await answerOf((res) => res.sendFile('no.txt', { root }, (error) => void errors.push(error)));
    expect(ignored).toMatchObject({ statusCode: 404, text: '{"error":"No such file"}' });
    expect(errors).toEqual([undefined, expect.objectContaining({ name: 'FileError' })]);
  });
});

describe('download', () => {
  it('names the file', async () => {
    const of = async (handle: (res: Response) => unknown) => {
      const { headers, text } = await answerOf(handle);
      return [headers['content-disposition'], headers['content-type'], text];
    };
    expect(await of((res) => res.download(join(root, 'hello.txt')))).toEqual([
      'attachment; filename="hello.txt"',
      'text/plain',
      'hello',
    ]);
    expect(await of((res) => res.download('hello.txt', 'greeting.csv', { root }))).toEqual([
      'attachment; filename="greeting.csv"',
      'text/csv',
      'hello',
    ]);
    expect(await of((res) => res.download('hello.txt', { root }))).toEqual([
      'attachment; filename="hello.txt"',
      'text/plain',
      'hello',
    ]);
    expect(await of((res) => res.download(Buffer.from('x'), 'x.pdf'))).toEqual([
      'attachment; filename="x.pdf"',
      'application/pdf',
      'x',
    ]);
  });
});

describe('files in S3', () => {
  const secretAccessKey = 'secret';
  let endpoint = '';
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', endpoint);
    const query = [...url.searchParams].filter(([name]) => name !== 'X-Amz-Signature');
    const canonical = [
      'GET',
      url.pathname,
      query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&'),
      `host:${request.headers.host}`,
      '',
      'host',
      'UNSIGNED-PAYLOAD',
    ].join('\n');
    const [, day = '', region = '', service = '', end = ''] = (url.searchParams.get('X-Amz-Credential') ?? '').split(
      '/',
    );
    const toSign = [
      'AWS4-HMAC-SHA256',
      url.searchParams.get('X-Amz-Date'),
      [day, region, service, end].join('/'),
      createHash('sha256').update(canonical).digest('hex'),
    ].join('\n');
    const key = [day, region, service, end].reduce<string | Buffer>(
      (secret, part) => createHmac('sha256', secret).update(part).digest(),
      `AWS4${secretAccessKey}`,
    );
    const right = createHmac('sha256', key).update(toSign).digest('hex') === url.searchParams.get('X-Amz-Signature');
    if (!right) response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
    else if (url.pathname === '/bucket/my%20file%2B.pdf') {
      response
        .writeHead(200, {
          'content-type': 'application/pdf',
          'last-modified': 'Wed, 01 Jan 2020 00:00:00 GMT',
          etag: '"abc"',
        })
        .end('pdf');
    } else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterAll(() => server.close());
  const options = (): Options => ({
    s3Config: {
      endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKID', secretAccessKey, sessionToken: 'to/ken=' },
    },
  });

  it('are sent with what S3 knows of them', async () => {
    const answer = await answerOf((res) => res.sendFile('s3://bucket/my file+.pdf'), options());
    expect(answer).toMatchObject({
      statusCode: 200,
      text: 'pdf',
      headers: { 'content-type': 'application/pdf', etag: '"abc"', 'last-modified': 'Wed, 01 Jan 2020 00:00:00 GMT' },
    });
    expect(await answerOf((res) => res.sendFile('s3://bucket/missing'), options())).toMatchObject({
      statusCode: 404,
      text: '{"error":"No such file"}',
    });
    expect(await answerOf((res) => res.sendFile('s3://bucket'), options())).toMatchObject({ statusCode: 500 });
  });

  it('get links that work, for as long as they are asked to', async () => {
    const answer = await answerOf(async (res) => res.getLink('s3://bucket/my file+.pdf', 60), options());
    expect(new URL(answer.text).searchParams.get('X-Amz-Expires')).toBe('60');
    expect((await fetch(answer.text)).status).toBe(200);
    expect(await answerOf((res) => res.getLink('s3://b/k', 9_999_999), options())).toMatchObject({ statusCode: 500 });
  });

  it('can be redirected to', async () => {
    const answer = await answerOf((res) => res.redirect('s3://bucket/my file+.pdf'), options());
    expect(answer.statusCode).toBe(302);
    expect((await fetch(answer.headers['location'] ?? '')).status).toBe(200);
  });

  it('have the address of AWS when there is no other', async () => {
    const config = { region: 'eu-west-1', credentials: { accessKeyId: 'AKID', secretAccessKey } };
    const link = (await answerOf(async (res) => res.getLink('s3://bucket/a/b c'), { s3Config: config })).text;
    expect(link).toMatch(
      /^https:\/\/bucket\.s3\.eu-west-1\.amazonaws\.com\/a\/b%20c\?X-Amz-Algorithm=AWS4-HMAC-SHA256&/,
    );
    expect(new URL(link).searchParams.get('X-Amz-Expires')).toBe('900');
  });

  it('hand an error of a link to the callback', async () => {
    const answer = await answerOf(async (res) => {
      await res.getLink('s3://nothing', 60, (error) => res.error(418, String(error)));
    }, options());
    expect(answer).toMatchObject({ statusCode: 418 });
  });
});

describe('compression', () => {
  const text = 'hello '.repeat(100);
  const ask = (
    accept: string,
    compression: NonNullable<Options['compression']> = true,
    handle: (res: Response) => unknown = (res) => res.send(text),
  ) => answerOf(handle, { compression }, { headers: { 'accept-encoding': accept } });

  it('compresses in the way that the client likes best', async () => {
    const gzip = await ask('gzip, deflate, br');
    expect(gzip).toMatchObject({
      isBase64Encoded: true,
      headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' },
    });
    expect(gunzipSync(Buffer.from(gzip.body, 'base64')).toString()).toBe(text);
    const brotli = await ask('gzip;q=0.5, br;q=1');
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(Buffer.from(brotli.body, 'base64')).toString()).toBe(text);
    const deflate = await ask('deflate');
    expect(inflateSync(Buffer.from(deflate.body, 'base64')).toString()).toBe(text);
  });

  it('leaves alone what is refused, empty, compressed or encoded already', async () => {
    expect((await ask('identity')).text).toBe(text);
    expect((await ask('gzip;q=0')).text).toBe(text);
    expect((await ask('br', ['gzip'])).text).toBe(text);
    expect((await ask('gzip', true, (res) => res.status(204).send('x'))).headers['content-encoding']).toBeUndefined();
    expect((await ask('gzip', true, (res) => res.send(''))).headers['content-encoding']).toBeUndefined();
    expect((await ask('gzip', true, (res) => res.type('png').send(text))).headers['content-encoding']).toBeUndefined();
    expect(
      (await ask('gzip', true, (res) => res.header('content-encoding', 'x').send(text))).headers['content-encoding'],
    ).toBe('x');
  });

  it('makes the ETag of what is sent uncompressed', async () => {
    const plain = await ask('identity', true, (res) => res.etag(true).send(text));
    const zipped = await ask('gzip', true, (res) => res.etag(true).send(text));
    expect(zipped.headers['etag']).toBe(plain.headers['etag']);
  });

  it.each([
    ['', undefined],
    ['*', 'br'],
    ['*;q=0, gzip', 'gzip'],
    ['gzip;q=0.8, br;q=0.9', 'br'],
    ['GZIP', 'gzip'],
    ['gzip;q=nonsense', undefined],
    ['deflate, gzip;q=1.0, *;q=0.5', 'gzip'],
    ['x'.repeat(10_000), undefined],
  ])('reads %s', (header, expected) => {
    expect(chooseEncoding(header, ['br', 'gzip'])).toBe(expected);
  });
});
