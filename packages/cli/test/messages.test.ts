import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appWith, type Running, startSkein } from './running.ts';

const TEMPLATE = JSON.stringify({
  Resources: {
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders-dead' } },
    Orders: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'orders',
        VisibilityTimeout: 0,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 1 },
      },
    },
    Line: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'line.fifo', FifoQueue: true } },
    Heard: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'heard' } },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: { source: ['shop'] },
        Targets: [{ Id: 'heard', Arn: { 'Fn::GetAtt': ['Heard', 'Arn'] } }],
      },
    },
    Allowed: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Heard' }],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: { 'Fn::GetAtt': ['Heard', 'Arn'] },
            },
          ],
        },
      },
    },
  },
});

let app: ReturnType<typeof appWith>;
let cloud: Running;
let url = '';
beforeAll(async () => {
  app = appWith({ 'template.json': TEMPLATE });
  cloud = startSkein('dev', app.folder, '--port', '0', '--in-memory');
  url = (await cloud.until(/AWS endpoint {2}(http:\S+)/))[1] ?? '';
  await cloud.until(/Ready/);
});
afterAll(() => {
  cloud[Symbol.dispose]();
  app[Symbol.dispose]();
});

interface Line {
  readonly code: string;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

async function skein(...parameters: string[]) {
  using running = startSkein(...parameters, '--endpoint', url, '--json');
  const code = await running.ended();
  const lines = running.written.out.trim().split('\n').filter(Boolean);
  return { code, events: lines.map((line) => JSON.parse(line) as Line), error: running.written.error };
}

const peek = async (queue: string) => {
  const { events } = await skein('queue', 'peek', queue);
  return events.filter(({ code }) => code === 'MESSAGE').map(({ data }) => data);
};

async function receive(queue: string): Promise<void> {
  await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AmazonSQS.ReceiveMessage',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=none',
    },
    body: JSON.stringify({ QueueUrl: `${url}/000000000000/${queue}` }),
  });
}

describe('skein queue', () => {
  it('sends, peeks without receiving, redrives and purges', async () => {
    const sent = await skein('queue', 'send', 'orders', '--body', '{"id":1}', '--attributes', 'kind=order');
    expect(sent).toMatchObject({ code: 0, events: [{ code: 'SENT' }] });
    const seen = await peek('orders');
    expect(seen).toMatchObject([
      {
        ...{ body: '{"id":1}', state: 'visible', receives: 0 },
        attributes: [{ name: 'kind', type: 'String', value: 'order' }],
      },
    ]);
    expect(await peek(`${url}/000000000000/orders`)).toEqual(seen);
    // Received once too often, it is a dead letter.
    await receive('orders');
    await receive('orders');
    expect(await peek('orders')).toEqual([]);
    expect(await peek('orders-dead')).toMatchObject([{ body: '{"id":1}', receives: 1 }]);
    const redriven = await skein('queue', 'redrive', 'orders-dead');
    expect(redriven.events.at(-1)).toMatchObject({ code: 'REDRIVEN', data: { moved: 1 } });
    expect(await peek('orders')).toMatchObject([{ body: '{"id":1}' }]);
    expect(await skein('queue', 'purge', 'orders')).toMatchObject({ code: 0, events: [{ code: 'PURGED' }] });
    expect(await peek('orders')).toEqual([]);
    const again = await skein('queue', 'purge', 'orders');
    expect(again.code).toBe(1);
    expect(again.events[0]?.message).toContain('PurgeQueueInProgress');
  });

  it('sends to the group of a FIFO queue', async () => {
    const sent = await skein('queue', 'send', 'line.fifo', '--body', 'a', '--group', 'g', '--deduplication', '1');
    expect(sent.events[0]?.data).toMatchObject({ sequenceNumber: expect.stringMatching(/^\d+$/) });
    expect(await peek('line.fifo')).toMatchObject([{ body: 'a', group: 'g' }]);
  });

  it('is read by people too', async () => {
    using running = startSkein('queue', 'peek', 'line.fifo', '--endpoint', url);
    expect(await running.ended()).toBe(0);
    expect(running.written.out).toMatch(
      /visible {3}[0-9a-f-]{36} {2}received 0x, group g\n {2}a\n1 message of line\.fifo/,
    );
  });

  it.each([
    [['queue', 'peek', 'none'], 1, /^there is no queue 'none' in 000000000000, us-east-1: there are .*orders-dead/],
    [['queue', 'purge', 'none'], 1, /^there is no queue 'none'/],
    [['queue', 'send', 'none', '--body', 'x'], 1, /^there is no queue 'none'/],
    [['queue', 'redrive', 'none'], 1, /^there is no queue 'none'/],
    [['queue', 'redrive', 'heard'], 1, /^heard is no queue's dead-letter queue: no RedrivePolicy names arn:aws:sqs:/],
    [['queue', 'peek', 'no queue'], 2, /^'no queue' is no name, URL or ARN of a queue/],
    [['queue', 'send', 'orders'], 2, /^--body is missing/],
    [['queue', 'send', 'orders', '--body', '{', '--check-json'], 2, /^--body is no JSON: /],
    [['queue', 'send', 'line.fifo', '--body', 'x'], 2, /^line\.fifo is a FIFO queue: .* --group/],
  ])('refuses %j', async (parameters, exitCode, message) => {
    const { code, events } = await skein(...parameters);
    expect(events.at(-1)).toMatchObject({ code: 'FAILED', message: expect.stringMatching(message) });
    expect(code).toBe(exitCode);
  });

  it('says what it can do, and that something is missing', async () => {
    using running = startSkein('queue');
    expect(await running.ended()).toBe(2);
    expect(running.written.out + running.written.error).toMatch(/ peek .* send .* purge .* redrive /s);
  });
});

describe('skein event put', () => {
  it('puts an event on a bus, and the rules hear of it', async () => {
    const put = await skein('event', 'put', '--source', 'shop', '--type', 'OrderPlaced', '--detail', '{"id":7}');
    expect(put).toMatchObject({ code: 0, events: [{ code: 'EVENT_PUT', data: { bus: 'default' } }] });
    await expect.poll(() => peek('heard'), { timeout: 10_000 }).toHaveLength(1);
    const [message] = await peek('heard');
    expect(JSON.parse(String(message?.['body']))).toMatchObject({
      id: put.events[0]?.data?.['eventId'],
      ...{ source: 'shop', 'detail-type': 'OrderPlaced', detail: { id: 7 } },
    });
  });

  it.each([
    [['--type', 't'], 2, /^--source is missing/],
    [['--source', 's'], 2, /^--type is missing/],
    [['--source', 's', '--type', 't', '--detail', '{'], 2, /^--detail is no JSON: /],
    [['--source', 's', '--type', 't', '--detail', '[1]'], 2, /^--detail must be a JSON object, not \[1\]/],
    [['--source', 's', '--type', 't', '--bus', 'none'], 1, /^there is no event bus 'none': there are default/],
    [['--source', 'aws.s3', '--type', 't'], 1, /^the event is refused: Not authorized for the source\./],
  ])('refuses %j', async (parameters, exitCode, message) => {
    const { code, events } = await skein('event', 'put', ...parameters);
    expect(events.at(-1)).toMatchObject({ code: 'FAILED', message: expect.stringMatching(message) });
    expect(code).toBe(exitCode);
  });
});

describe('without a cloud', () => {
  it.each([
    ['http://127.0.0.1:1', 1, /^skein: there is no cloud at http:\/\/127\.0\.0\.1:1: start one with 'skein dev'/],
    ['nonsense', 2, /^skein: --endpoint must be an address, not 'nonsense'/],
  ])('at %s it says so', async (endpoint, exitCode, message) => {
    using running = startSkein('queue', 'peek', 'orders', '--endpoint', endpoint);
    expect(await running.ended()).toBe(exitCode);
    expect(running.written.error).toMatch(message);
  });
});
