import { describe, expect, it } from 'vitest';
import { ChunkedBody } from './chunkedBody.ts';

const TEXT = '5\r\nhello\r\n6;x=1\r\n world\r\n0\r\nError-Type: Broken\r\nOther:a:b\r\n\r\nGET /next';

function read(pieces: readonly Buffer[]): { body: string; rest: string; trailers: object; isDone: boolean } {
  let body = '';
  let rest = '';
  const chunked = new ChunkedBody((piece) => (body += piece.toString()));
  for (const piece of pieces) {
    const left = chunked.isDone ? piece : chunked.read(piece);
    if (left === 'wrong') throw new Error('wrong');
    rest += left.toString();
  }
  return { body, rest, trailers: Object.fromEntries(chunked.trailers), isDone: chunked.isDone };
}

const whole = {
  body: 'hello world',
  rest: 'GET /next',
  trailers: { 'error-type': 'Broken', other: 'a:b' },
  isDone: true,
};

describe('a body in chunks', () => {
  it('is read wherever it is cut', () => {
    const bytes = Buffer.from(TEXT);
    expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
    for (let at = 0; at <= bytes.length; at++)
      expect(read([bytes.subarray(0, at), bytes.subarray(at)]), `cut at ${at}`).toEqual(whole);
  });

  it('is given piece by piece, before its end', () => {
    expect(read([Buffer.from('5\r\nhel')])).toEqual({ body: 'hel', rest: '', trailers: {}, isDone: false });
  });

  it.each(['x\r\n', '-1\r\n', '\r\n', '123456789\r\n', '1\r\nab\r\n', 'a'.repeat(3_000_000)])(
    'is refused when it is none',
    (text) => {
      expect(new ChunkedBody(() => undefined).read(Buffer.from(text))).toBe('wrong');
    },
  );
});
