import { Readable } from 'node:stream';
import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as sqs from '@aws-sdk/client-sqs';
import { AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { HttpRequest } from '@smithy/core/transport';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeService, serveFake } from './fakeService.ts';
import type { AnyClient } from './roundTrips.ts';

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const ISSUED: Keys = { accessKeyId: 'AKIAISSUED', secretAccessKey: 'of this cloud' };
const SESSION: Keys = { accessKeyId: 'ASIASESSION', secretAccessKey: 'of a session', sessionToken: 'token+/=' };
const STALE: Keys = { accessKeyId: 'ASIASTALE', secretAccessKey: 'of a session that ended' };

const configurationOf = (endpoint: string, credentials: Keys) => ({
  endpoint,
  credentials,
  region: 'eu-central-1',
  maxAttempts: 1,
  forcePathStyle: true,
});

const wires = [
  {
    name: 'sqs',
    sdk: sqs,
    protocol: { kind: 'json', jsonVersion: '1.0', targetPrefix: 'AmazonSQS' },
    client: (url: string, keys: Keys): AnyClient => new sqs.SQSClient(configurationOf(url, keys)),
    commands: [new sqs.CreateQueueCommand({ QueueName: 'ä b' }), new sqs.ListQueuesCommand({})],
    codes: {
      mismatch: 'InvalidSignatureException',
      unknown: 'UnrecognizedClientException',
      token: 'UnrecognizedClientException',
      ended: 'ExpiredTokenException',
    },
  },
  {
    name: 'iam',
    sdk: iam,
    protocol: { kind: 'query', version: '2010-05-08' },
    client: (url: string, keys: Keys): AnyClient =>
      new iam.IAMClient({ ...configurationOf(url, keys), region: 'us-east-1' }),
    commands: [new iam.GetUserCommand({ UserName: 'ä b+c' }), new iam.ListUsersCommand({})],
    codes: {
      mismatch: 'SignatureDoesNotMatch',
      unknown: 'InvalidClientTokenId',
      token: 'InvalidClientTokenId',
      ended: 'ExpiredToken',
    },
  },
  {
    name: 'lambda',
    sdk: lambda,
    protocol: { kind: 'restJson' },
    client: (url: string, keys: Keys): AnyClient => new lambda.LambdaClient(configurationOf(url, keys)),
    commands: [
      new lambda.GetFunctionCommand({
        FunctionName: "arn:aws:lambda:eu-central-1:0:function:a b/ü~*'()!",
        Qualifier: '$LATEST',
      }),
      new lambda.GetFunctionCommand({ FunctionName: '..' }),
      new lambda.ListTagsCommand({ Resource: 'a//b/./c' }),
      new lambda.UntagResourceCommand({ Resource: 'x', TagKeys: ['b b', 'a&=', 'ü+', "~*'()!", ''] }),
      new lambda.InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('"ü"'), ClientContext: 'abc  def' }),
    ],
    codes: {
      mismatch: 'InvalidSignatureException',
      unknown: 'UnrecognizedClientException',
      token: 'UnrecognizedClientException',
      ended: 'ExpiredTokenException',
    },
  },
  {
    name: 's3',
    sdk: s3,
    protocol: { kind: 'restXml', s3: true },
    client: (url: string, keys: Keys): AnyClient => new s3.S3Client(configurationOf(url, keys)),
    commands: [
      new s3.DeleteObjectCommand({ Bucket: 'bucket', Key: "a b//./..//ü+&=~*'()!%20/" }),
      new s3.ListObjectsV2Command({ Bucket: 'bucket', Prefix: 'ü +&=', Delimiter: '/' }),
      new s3.GetBucketTaggingCommand({ Bucket: 'bucket' }),
      new s3.PutObjectCommand({ Bucket: 'bucket', Key: 'text', Body: 'ü', Metadata: { a: ' b  c ' } }),
    ],
    codes: {
      mismatch: 'SignatureDoesNotMatch',
      unknown: 'InvalidAccessKeyId',
      token: 'InvalidToken',
      ended: 'ExpiredToken',
    },
  },
  {
    name: 'monitoring',
    sdk: cloudwatch,
    protocol: { kind: 'json', jsonVersion: '1.0', targetPrefix: 'GraniteServiceVersion20100801' },
    client: (url: string, keys: Keys): AnyClient =>
      new cloudwatch.CloudWatchClient({ ...configurationOf(url, keys), protocol: AwsSmithyRpcV2CborProtocol }),
    commands: [new cloudwatch.ListMetricsCommand({ Namespace: 'ü' })],
    codes: {
      mismatch: 'InvalidSignatureException',
      unknown: 'UnrecognizedClientException',
      token: 'UnrecognizedClientException',
      ended: 'ExpiredTokenException',
    },
  },
] as const;

describe.each(wires)('signatures of $name', ({ name, sdk, protocol, client, commands, codes }) => {
  let fake: FakeService;

  beforeAll(async () => {
    fake = await serveFake({ sdk, entry: { name, signingName: name, protocol }, verifySignatures: true });
    issue(fake);
    // Each of these reads an output that has what the client insists on.
    fake.answer = () => ({ QueueUrl: 'x', Functions: [], StatusCode: 200 });
  });

  afterAll(async () => {
    expect(fake.internalErrors).toEqual([]);
    await fake[Symbol.asyncDispose]();
  });

  const send = async (keys: Keys, command: unknown): Promise<string> => {
    const sender = client(fake.url, keys);
    try {
      await sender.send(command as never); // a command of this client
      return 'accepted';
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    } finally {
      sender.destroy();
    }
  };

  it('accepts what the SDK signs, with an issued key, a session, test/test and an account number', async () => {
    for (const command of commands) {
      expect(await send(ISSUED, command)).toBe('accepted');
      expect(await send(SESSION, command)).toBe('accepted');
      expect(await send({ accessKeyId: 'test', secretAccessKey: 'test' }, command)).toBe('accepted');
      expect(await send({ accessKeyId: '123456789012', secretAccessKey: 'test' }, command)).toBe('accepted');
    }
  });

  it('refuses a wrong secret', async () => {
    for (const command of commands) {
      expect(await send({ ...ISSUED, secretAccessKey: 'another' }, command)).toBe(codes.mismatch);
      expect(await send({ accessKeyId: 'test', secretAccessKey: 'wrong' }, command)).toBe(codes.mismatch);
    }
  });

  it('refuses a key that nobody issued', async () => {
    expect(await send({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'test' }, commands[0])).toBe(codes.unknown);
  });

  it('refuses a session without its token, and one that has ended', async () => {
    const { accessKeyId, secretAccessKey } = SESSION;
    expect(await send({ accessKeyId, secretAccessKey }, commands[0])).toBe(codes.token);
    expect(await send({ ...SESSION, sessionToken: 'another' }, commands[0])).toBe(codes.token);
    expect(await send(STALE, commands[0])).toBe(codes.ended);
  });
});

describe('what S3 signs in other ways', () => {
  let fake: FakeService;
  let client: s3.S3Client;
  let read: Record<string, unknown> | undefined;

  beforeAll(async () => {
    fake = await serveFake({
      sdk: s3,
      entry: { name: 's3', signingName: 's3', protocol: { kind: 'restXml', s3: true } },
      verifySignatures: true,
    });
    issue(fake);
    fake.answer = (_, input) => {
      read = input;
      return { Body: Buffer.from('content') };
    };
    client = new s3.S3Client(configurationOf(fake.url, ISSUED));
  });

  afterAll(async () => {
    client.destroy();
    await fake[Symbol.asyncDispose]();
  });

  const presign = async (
    method: string,
    path: string,
    { expiresIn = 60, at = new Date(), keys = ISSUED }: { expiresIn?: number; at?: Date; keys?: Keys } = {},
  ): Promise<string> => {
    const signer = new SignatureV4({
      credentials: keys,
      region: 'eu-central-1',
      service: 's3',
      sha256: client.config.sha256,
      uriEscapePath: false,
    });
    const host = new URL(fake.url).host;
    const request = new HttpRequest({
      method,
      protocol: 'http:',
      hostname: '127.0.0.1',
      port: fake.port,
      path,
      headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
    });
    const { query } = await signer.presign(request, { expiresIn, signingDate: at });
    const pairs = Object.entries(query ?? {}).map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`);
    return `${fake.url}${path}?${pairs.join('&')}`;
  };

  it('takes a presigned URL, before it ends', async () => {
    const url = await presign('GET', '/bucket/a%20b/%C3%BC');
    const response = await fetch(url);
    expect(await response.text()).toBe('content');
    expect(read).toMatchObject({ Bucket: 'bucket', Key: 'a b/ü' });
    expect((await fetch(await presign('GET', '/bucket/key', { keys: SESSION }))).status).toBe(200);
  });

  it('refuses a presigned URL that has ended, was altered, or is for another method', async () => {
    const past = new Date(Date.now() - 120_000);
    const ended = await fetch(await presign('GET', '/bucket/key', { at: past }));
    expect([ended.status, await ended.text()]).toEqual([
      403,
      expect.stringContaining('<Message>Request has expired</Message>'),
    ]);
    const url = await presign('GET', '/bucket/key');
    const altered = await fetch(url.replace('/key', '/other'));
    expect([altered.status, await altered.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
  });

  it('takes a stream in chunks with a checksum behind it', async () => {
    const body = Buffer.alloc(200_000, 'chunk');
    await client.send(
      new s3.PutObjectCommand({
        Bucket: 'bucket',
        Key: 'stream',
        Body: Readable.from([body.subarray(0, 70_000), body.subarray(70_000)]),
        ContentLength: body.length,
        ContentEncoding: 'gzip',
        ChecksumAlgorithm: 'CRC32',
      }),
    );
    expect(body.compare(read?.['Body'] as Uint8Array)).toBe(0);
    expect(read).toMatchObject({ ContentEncoding: 'gzip', ContentLength: 200_000 });
    expect(read?.['ChecksumCRC32']).toMatch(/^[A-Za-z0-9+/]{6}==$/);
  });

  it('refuses a body that is not the one that was signed', async () => {
    const signer = new SignatureV4({
      credentials: ISSUED,
      region: 'eu-central-1',
      service: 's3',
      sha256: client.config.sha256,
      uriEscapePath: false,
    });
    const headers = { host: new URL(fake.url).host, 'content-length': '3' };
    const request = new HttpRequest({
      method: 'PUT',
      hostname: '127.0.0.1',
      path: '/bucket/key',
      headers,
      body: 'abc',
    });
    const signed = await signer.sign(request);
    const { host: _, 'content-length': __, ...sent } = signed.headers;
    expect((await fetch(`${fake.url}/bucket/key`, { method: 'PUT', headers: sent, body: 'abc' })).status).toBe(200);
    const other = await fetch(`${fake.url}/bucket/key`, { method: 'PUT', headers: sent, body: 'abd' });
    expect([other.status, await other.text()]).toEqual([403, expect.stringContaining('SignatureDoesNotMatch')]);
  });
});

function issue({ credentials }: FakeService): void {
  const principal = { kind: 'root', account: '111122223333', arn: 'arn:aws:iam::111122223333:root' } as const;
  credentials.issue(ISSUED.accessKeyId, { principal, secretAccessKey: ISSUED.secretAccessKey });
  const { sessionToken = '' } = SESSION;
  credentials.issue(SESSION.accessKeyId, { principal, secretAccessKey: SESSION.secretAccessKey, sessionToken });
  credentials.issue(STALE.accessKeyId, { principal, secretAccessKey: STALE.secretAccessKey, expires: 1 });
}
