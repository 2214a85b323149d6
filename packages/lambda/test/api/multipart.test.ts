import { describe, expect, it } from 'vitest';
import { createApi } from '../../src/api/index.ts';
import { multipart } from '../../src/api/multipart.ts';
import { context, httpEvent } from './events.ts';

const type = 'multipart/form-data; boundary=XX';

const part = (head: string, body: string): string =>
  `--XX\r\nContent-Disposition: form-data; ${head}\r\n\r\n${body}\r\n`;

function parse(body: string | Buffer, contentType = type, options = {}) {
  return multipart({ headers: { 'content-type': contentType }, bytes: Buffer.from(body as string) }, options);
}

it('reads what a browser sends', async () => {
  const form = new FormData();
  form.append('title', 'Grüße');
  form.append('tag', 'a');
  form.append('tag', 'b');
  form.append('file', new File([new Uint8Array([0, 13, 10, 255])], 'a "b".png', { type: 'image/png' }));
  const encoded = new Response(form);
  const api = createApi();
  api.post('/a', (req) => {
    const { fields, files } = multipart(req);
    return { fields, files: files.map(({ name, filename, type: kind, bytes }) => [name, filename, kind, [...bytes]]) };
  });
  const event = httpEvent('POST', '/a', {
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
    body: Buffer.from(await encoded.arrayBuffer()).toString('base64'),
    isBase64Encoded: true,
  });
  expect(JSON.parse((await api.run(event, context)).body)).toEqual({
    fields: { title: 'Grüße', tag: ['a', 'b'] },
    files: [['file', 'a "b".png', 'image/png', [0, 13, 10, 255]]],
  });
});

describe('a multipart body', () => {
  it('may have a preamble, an epilogue, quoted boundaries and empty parts', () => {
    const { fields } = parse(
      `preamble\r\n${part('name=a', '')}${part('name="b"', 'x')}--XX--\r\nepilogue`,
      'multipart/form-data; boundary="XX"',
    );
    expect({ ...fields }).toEqual({ a: '', b: 'x' });
    expect(parse('--XX--').files).toEqual([]);
  });

  it('gives file names without folders', () => {
    const { files } = parse(
      `${part('name="f"; filename="../../etc/passwd"', 'x')}${part('name="f"; filename="C:\\\\a\\\\b.txt"', 'y')}--XX--`,
    );
    expect(files.map(({ filename }) => filename)).toEqual(['passwd', 'b.txt']);
  });

  it('cannot pollute', () => {
    const { fields } = parse(`${part('name="__proto__"', 'x')}${part('name="constructor"', 'y')}--XX--`);
    expect(Object.keys(fields)).toEqual(['constructor']);
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it.each([
    ['another type', 'x', 'application/json', 415],
    ['no boundary', 'x', 'multipart/form-data', 415],
    ['a boundary that is too long', 'x', `multipart/form-data; boundary=${'x'.repeat(71)}`, 415],
    ['nothing in it', '', type, 400],
    ['no end', part('name=a', 'x'), type, 400],
    ['an end in the middle of a head', '--XX\r\nContent-Disp', type, 400],
    ['only a boundary', '--XX', type, 400],
    ['a part without a name', `${part('filename=x', 'y')}--XX--`, type, 400],
    ['a part without a head', '--XX\r\nbody\r\n--XX--', type, 400],
    ['a gigantic head', `--XX\r\nX: ${'y'.repeat(20_000)}\r\n\r\nz\r\n--XX--`, type, 400],
  ])('that has %s is refused', (_, body, contentType, code) => {
    expect(() => parse(body, contentType)).toThrow(expect.objectContaining({ name: 'ApiError', code }));
  });

  it('beyond the limits is refused', () => {
    expect(() => parse(`${part('name=a', '1').repeat(3)}--XX--`, type, { maxParts: 2 })).toThrow(
      expect.objectContaining({ code: 413 }),
    );
    expect(() => parse(`${part('name=a; filename=b', '12345')}--XX--`, type, { maxFileSize: 4 })).toThrow(
      expect.objectContaining({ code: 413 }),
    );
  });
});
