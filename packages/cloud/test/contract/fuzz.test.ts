import * as cloudwatch from '@aws-sdk/client-cloudwatch';
import * as iam from '@aws-sdk/client-iam';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as ssm from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { Stream } from '../../src/kernel/random.ts';
import { parseCbor } from '../../src/protocols/cborReader.ts';
import { parseXml } from '../../src/protocols/xmlParser.ts';
import { type FakeService, serveFake } from './fakeService.ts';
import { RawClient, type RawResponse } from './rawClient.ts';

const FRAMED = 8_500;
const RAW = 1_500;
const CONNECTIONS = 16;

interface Sample {
  readonly line: string;
  readonly headers: string;
  readonly body: Buffer;
}

const sample = (line: string, headers: string, body: Buffer | string = ''): Sample => ({
  line,
  headers,
  body: Buffer.from(body),
});
const json = (target: string, value: unknown): Sample =>
  sample(
    'POST /',
    `x-amz-target: AmazonSSM.${target}\r\ncontent-type: application/x-amz-json-1.1\r\n`,
    JSON.stringify(value),
  );
const form = (body: string): Sample => sample('POST /', 'content-type: application/x-www-form-urlencoded\r\n', body);
const cbor = (operation: string, hex: string): Sample =>
  sample(
    `POST /service/GraniteServiceVersion20100801/operation/${operation}`,
    'smithy-protocol: rpc-v2-cbor\r\ncontent-type: application/cbor\r\n',
    Buffer.from(hex, 'hex'),
  );

const wires = [
  {
    name: 'ssm',
    sdk: ssm,
    protocol: { kind: 'json', jsonVersion: '1.1', targetPrefix: 'AmazonSSM' },
    samples: [
      json('PutParameter', {
        Name: '/a',
        Value: 'b',
        Type: 'String',
        Overwrite: true,
        Tags: [{ Key: 'k', Value: 'v' }],
      }),
      json('GetInventory', { Aggregators: [{ Expression: 'x', Aggregators: [{ Expression: 'y' }] }], MaxResults: 5 }),
      json('SendCommand', { DocumentName: 'd', Parameters: { a: ['b'] }, TimeoutSeconds: 30, Comment: 'ü' }),
      json('CreateActivation', { IamRole: 'r', ExpirationDate: 1700000000.5 }),
    ],
  },
  {
    name: 'iam',
    sdk: iam,
    protocol: { kind: 'query', version: '2010-05-08', xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
    samples: [
      form(
        'Action=CreateRole&Version=2010-05-08&RoleName=r&Tags.member.1.Key=k&Tags.member.1.Value=v&MaxSessionDuration=3600',
      ),
      form('Action=ListRoles&Version=2010-05-08&MaxItems=10&PathPrefix=%2Fa%2F'),
      form(
        'Action=SimulateCustomPolicy&PolicyInputList.member.1=x&ContextEntries.member.1.ContextKeyValues.member.1=y',
      ),
      sample('GET /?Action=GetUser&Version=2010-05-08&UserName=u', ''),
    ],
  },
  {
    name: 'lambda',
    sdk: lambda,
    protocol: { kind: 'restJson' },
    samples: [
      sample(
        'POST /2015-03-31/functions',
        'content-type: application/json\r\n',
        '{"FunctionName":"f","Code":{"ZipFile":"AAAA"},"Role":"r","Timeout":3,"Layers":["a"],"Environment":{"Variables":{"A":"b"}}}',
      ),
      sample('GET /2015-03-31/functions/f/configuration?Qualifier=1', ''),
      sample('POST /2015-03-31/functions/f/invocations', 'x-amz-invocation-type: Event\r\n', '{"a":1}'),
      sample('DELETE /2017-03-31/tags/arn%3Aaws?tagKeys=a&tagKeys=b', ''),
      sample('GET /2015-03-31/functions?MaxItems=10&Marker=x', ''),
    ],
  },
  {
    name: 's3',
    sdk: s3,
    protocol: { kind: 'restXml', s3: true, xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/' },
    samples: [
      sample(
        'PUT /bucket?tagging',
        'content-type: application/xml\r\n',
        '<Tagging><TagSet><Tag><Key>k</Key><Value>v&amp;</Value></Tag></TagSet></Tagging>',
      ),
      sample(
        'POST /bucket?delete',
        '',
        '<?xml version="1.0"?><Delete xmlns="u"><Object><Key>k</Key></Object><Object><Key>l</Key></Object><Quiet>true</Quiet></Delete>',
      ),
      sample(
        'PUT /bucket/a%20b',
        'x-amz-meta-a: b\r\nexpires: Tue, 24 Nov 2026 06:18:32 GMT\r\ncontent-encoding: aws-chunked\r\nx-amz-decoded-content-length: 3\r\n',
        '3\r\nabc\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
      ),
      sample('GET /bucket?list-type=2&max-keys=10&prefix=%C3%BC', ''),
      sample('PUT /bucket/key?partNumber=1&uploadId=x', '', 'part'),
    ],
  },
  {
    name: 'monitoring',
    sdk: cloudwatch,
    protocol: { kind: 'json', jsonVersion: '1.0', targetPrefix: 'GraniteServiceVersion20100801' },
    samples: [
      // { Namespace: "n", MetricData: [{ MetricName: "m", Timestamp: 1(1.5), Value: 2 }] }
      cbor(
        'PutMetricData',
        'a2694e616d657370616365616e6a4d657472696344617461 81a3 6a4d65747269634e616d65616d 6954696d657374616d70c1f93e00 6556616c756502'.replaceAll(
          ' ',
          '',
        ),
      ),
      cbor('ListMetrics', 'bf694e616d657370616365616eff'),
    ],
  },
] as const;

const SPLICES = [
  '[', '{', ']', '}', '"', ':', ',', 'null', 'true', '-1', '1e400', '9'.repeat(400), '0.1', '"\\ud800"', '\\u0000', '\0', '\xff', '\xc3',
  '{"__proto__":{"a":1}}', '"__proto__":', '"constructor":', '"Name":1,"Name":', '%', '%00', '%ff', '&', '=', '.member.1', '.', '+',
  '<', '>', '</', '<a>', '&lt;', '&x;', '<![CDATA[', '<!DOCTYPE a>', '<!--', '?', '\r\n', '\xbf', '\x9f', '\xff\xff', '\x5b\x7f\xff\xff\xff\xff\xff\xff\xff',
  '['.repeat(3000), '{"a":'.repeat(2000), '<a>'.repeat(500), '\x81'.repeat(3000), 'a.'.repeat(300),
].map((text) => Buffer.from(text, 'latin1')); // biome-ignore format: one list

/** Bytes with a few of them changed, left out, doubled or put in. */
function mutated(bytes: Buffer, chance: Stream): Buffer {
  let result = bytes;
  for (let times = 1 + (chance.next() % 4); times > 0; times--) {
    const at = chance.next() % (result.length + 1);
    const until = Math.min(result.length, at + (chance.next() % 12));
    const [before, between, after] = [result.subarray(0, at), result.subarray(at, until), result.subarray(until)];
    switch (chance.next() % 6) {
      case 0:
        result = Buffer.concat([before, Buffer.from([chance.next() & 255]), result.subarray(at + 1)]);
        break;
      case 1:
        result = before;
        break;
      case 2:
        result = Buffer.concat([before, after]);
        break;
      case 3:
        result = Buffer.concat([before, between, between, after]);
        break;
      default:
        result = Buffer.concat([before, SPLICES[chance.next() % SPLICES.length] ?? before, after]);
    }
  }
  return result;
}

const authorization = (service: string): string =>
  `authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x\r\n`;

const headOf = ({ line, headers }: Sample, service: string, path: string): string =>
  `${line} HTTP/1.1\r\nhost: localhost\r\n${authorization(service)}${headers}${path}`;

/** What is wrong with an answer; undefined when it is as AWS would. */
function faultOf({ status, headers, body }: RawResponse): string | undefined {
  if (status >= 200 && status < 300) return undefined;
  const text = body.toString('utf8');
  // A service that is not there is ours to say, and no client tries a 501 again.
  if (status === 501 && text.includes('Skein does not support')) return undefined;
  if (status < 400 || status > 499) return `${status} ${text}`;
  if (body.length === 0) return undefined; // HEAD
  const type = headers.get('content-type') ?? '';
  try {
    if (type.includes('cbor'))
      return (parseCbor(body) as { __type?: string }).__type === undefined ? 'no __type' : undefined;
    if (type.includes('xml')) return JSON.stringify(parseXml(text)).includes('"Code"') ? undefined : text;
    const error = JSON.parse(text) as Record<string, unknown>;
    const code = error['__type'] ?? headers.get('x-amzn-errortype');
    return typeof code === 'string' && typeof (error['message'] ?? error['Message']) === 'string' ? undefined : text;
  } catch (error) {
    return `${type}: ${text}: ${String(error)}`;
  }
}

describe.each(wires)('10,000 malformed requests to $name', ({ name, sdk, protocol, samples }) => {
  const open = async (): Promise<FakeService> => {
    const fake = await serveFake({ sdk, entry: { name, signingName: name, protocol } });
    fake.answer = () => ({});
    return fake;
  };

  it('whose bodies are not as they should be', { timeout: 120_000 }, async () => {
    await using fake = await open();
    const chance = new Stream(`fuzz/${name}`);
    const withBody = samples.filter(({ body }) => body.length > 0);
    const statuses = new Map<number, number>();
    let left = FRAMED;
    const work = async (): Promise<void> => {
      let client = await RawClient.open(fake.port);
      while (left-- > 0) {
        const one = withBody[chance.next() % withBody.length] ?? samples[0];
        const body = mutated(one.body, chance);
        const path = chance.next() % 2 === 0 ? '' : 'te: trailers\r\n';
        const head = Buffer.from(`${headOf(one, name, path)}content-length: ${body.length}\r\n\r\n`, 'latin1');
        client.send(Buffer.concat([head, body]));
        const response = await client.receive();
        expect(response, body.toString('latin1').slice(0, 300)).toBeDefined();
        if (response === undefined) continue;
        expect(faultOf(response), body.toString('latin1').slice(0, 300)).toBeUndefined();
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        if (client.isClosed) client = await RawClient.open(fake.port);
      }
      client.close();
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    expect(statuses.get(400)).toBeGreaterThan(100);
    expect(fake.internalErrors).toEqual([]);
  });

  it('any byte of which may be wrong', { timeout: 120_000 }, async () => {
    await using fake = await open();
    const chance = new Stream(`fuzz/raw/${name}`);
    let left = RAW;
    const work = async (): Promise<void> => {
      while (left-- > 0) {
        const one = samples[chance.next() % samples.length] ?? samples[0];
        const length = one.body.length === 0 ? '' : `content-length: ${one.body.length}\r\n`;
        const whole = Buffer.concat([Buffer.from(`${headOf(one, name, '')}${length}\r\n`, 'latin1'), one.body]);
        const bytes = mutated(whole, chance);
        const client = await RawClient.open(fake.port);
        client.send(bytes, true);
        for (let response = await client.receive(); response !== undefined; response = await client.receive()) {
          expect(faultOf(response), bytes.toString('latin1').slice(0, 600)).toBeUndefined();
        }
        client.close();
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
    expect(fake.internalErrors).toEqual([]);
    // It is still there.
    const client = await RawClient.open(fake.port);
    const [one] = samples;
    client.send(
      Buffer.concat([Buffer.from(`${headOf(one, name, '')}content-length: ${one.body.length}\r\n\r\n`), one.body]),
    );
    expect((await client.receive())?.status).toBeLessThan(300);
    client.close();
  });
});
