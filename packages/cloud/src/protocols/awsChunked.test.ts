import { describe, expect, it } from 'vitest';
import { unchunk } from './awsChunked.ts';
import type { CredentialScope } from './sigv4.ts';
import type { WireRequest } from './wire.ts';

const requestOf = (body: string, headers: Record<string, string>): WireRequest => ({
  method: 'PUT',
  path: '/bucket/key',
  query: '',
  headers,
  body: Buffer.from(body),
  endpoint: 'http://127.0.0.1:4566',
});

const UNSIGNED = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'content-encoding': 'aws-chunked' };

describe('unchunk', () => {
  it('joins the chunks, and gives trailers as headers', () => {
    const request = requestOf('3\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32:hYfGTA==\r\n\r\n', {
      ...UNSIGNED,
      'x-amz-decoded-content-length': '5',
    });
    const { body, headers } = unchunk(request);
    expect(body.toString()).toBe('abcde');
    expect(headers).toMatchObject({ 'x-amz-checksum-crc32': 'hYfGTA==', 'content-length': '5' });
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it('keeps the encoding that is the own of the content', () => {
    const { headers } = unchunk(requestOf('0\r\n\r\n', { ...UNSIGNED, 'content-encoding': 'aws-chunked, gzip' }));
    expect(headers['content-encoding']).toBe('gzip');
  });

  it.each([
    ['no chunk', ''],
    ['a chunk that is cut off', '5\r\nabc'],
    ['a size that is none', 'x\r\nabc\r\n0\r\n\r\n'],
    ['a chunk that is longer than its size', '2\r\nabc\r\n0\r\n\r\n'],
    ['a missing end', '3\r\nabc\r\n'],
    ['a trailer without a colon', '0\r\ntrailer\r\n\r\n'],
  ])('refuses %s', (_, body) => {
    expect(() => unchunk(requestOf(body, UNSIGNED))).toThrow(expect.objectContaining({ name: 'IncompleteBody' }));
  });

  it('refuses a payload of another length than was announced', () => {
    const request = requestOf('3\r\nabc\r\n0\r\n\r\n', { ...UNSIGNED, 'x-amz-decoded-content-length': '4' });
    expect(() => unchunk(request)).toThrow(expect.objectContaining({ name: 'IncompleteBody' }));
  });

  // The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
  const scope: CredentialScope = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    date: '20130524',
    region: 'us-east-1',
    service: 's3',
  };
  const verification = {
    scope,
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    clocks: [],
    seed: {
      signature: '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
      time: '20130524T000000Z',
    },
  };
  const signed = (first: string): WireRequest =>
    requestOf(
      `10000;chunk-signature=${first}\r\n${'a'.repeat(65_536)}\r\n` +
        `400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n${'a'.repeat(1024)}\r\n` +
        '0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
      { 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' },
    );

  it('accepts chunks that are signed', () => {
    const { body } = unchunk(signed('ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'), verification);
    expect(body.length).toBe(66_560);
  });

  it('refuses a chunk that is not signed by the same key', () => {
    expect(() =>
      unchunk(signed('bd80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'), verification),
    ).toThrow(expect.objectContaining({ name: 'SignatureDoesNotMatch' }));
  });
});
