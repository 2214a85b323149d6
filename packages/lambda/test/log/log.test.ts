import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { correlationId, createLogger, createMetrics } from '../../src/log/index.ts';
import { readable } from '../../src/log/write.ts';

describe('createLogger', () => {
  it('writes entries like those of the framework', () => {
    const lines: string[] = [];
    const log = createLogger({
      log: (line) => lines.push(line),
      timestamp: () => 5,
      fields: { service: 'orders' },
      level: 'info',
    });
    log.debug('no');
    log.info('placed', { id: 'a' });
    log.child({ id: 'request-1' }).warn('slow', 5);
    expect(lines).toEqual([
      '{"level":"info","time":5,"service":"orders","msg":"placed","id":"a"}',
      '{"level":"warn","time":5,"service":"orders","id":"request-1","msg":"slow","custom":5}',
    ]);
  });

  it('writes errors with their cause and stack', () => {
    const lines: string[] = [];
    const log = createLogger({ log: (line) => lines.push(line), timestamp: false });
    log.error(new TypeError('no', { cause: new Error('why') }));
    log.error('failed', new Error('inner'));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      msg: 'no',
      name: 'TypeError',
      cause: 'why',
      stack: expect.stringContaining('at '),
    });
    expect(JSON.parse(lines[1] ?? '')).toMatchObject({ msg: 'failed', error: 'inner' });
  });

  it('knows custom levels', () => {
    const lines: string[] = [];
    const log = createLogger({ log: (line) => lines.push(line), levels: { audit: 45 }, timestamp: false });
    log.at('audit')('who');
    log.at('unknown')('nobody');
    expect(lines).toEqual(['{"level":"audit","msg":"who"}']);
  });

  it('writes raw JSON in Lambda and readable lines elsewhere', () => {
    const script = `import { createLogger } from ${JSON.stringify(fileURLToPath(new URL('../../src/log/index.ts', import.meta.url)))};
      createLogger({ timestamp: false }).info('hello', { a: 1 }); createLogger({ timestamp: false }).debug('level');`;
    const run = (env: NodeJS.ProcessEnv): string =>
      execFileSync(process.execPath, ['--conditions=skein:source', '--input-type=module', '-e', script], {
        env: { PATH: process.env['PATH'], ...env },
        encoding: 'utf8',
      });
    expect(run({ AWS_LAMBDA_FUNCTION_NAME: 'f', LOG_LEVEL: 'debug' })).toBe(
      '{"level":"info","msg":"hello","a":1}\n{"level":"debug","msg":"level"}\n',
    );
    expect(run({})).toBe('INFO   hello {"a":1}\n');
  });
});

it('shows an entry to people', () => {
  const entry = {
    level: 'access',
    time: 0,
    id: 'x',
    route: '/a/:id',
    method: 'GET',
    timer: 2,
    int: 'apigateway',
    path: '/a/7',
    statusCode: 200,
  };
  expect(readable(JSON.stringify(entry))).toBe('00:00:00.000 ACCESS GET /a/7 2 ms {"statusCode":200}');
  expect(readable('not json')).toBe('not json');
  expect(readable('5')).toBe('5');
});

describe('correlationId', () => {
  const cases: readonly [string, unknown, string][] = [
    ['a header', { headers: { 'X-Correlation-Id': 'a' } }, 'a'],
    [
      'an attribute of an SQS message',
      { Records: [{ messageId: 'm', messageAttributes: { correlationId: { stringValue: 'b' } } }] },
      'b',
    ],
    ['an SQS message', { Records: [{ messageId: 'm', messageAttributes: {} }] }, 'm'],
    [
      'an attribute of an SNS message',
      { Records: [{ Sns: { MessageId: 'n', MessageAttributes: { correlationId: { Value: 'c' } } } }] },
      'c',
    ],
    ['an SNS message', { Records: [{ Sns: { MessageId: 'n', MessageAttributes: {} } }] }, 'n'],
    ['the detail of an event', { id: 'e', 'detail-type': 'x', detail: { correlationId: 'd' } }, 'd'],
    ['the metadata of an event', { id: 'e', 'detail-type': 'x', detail: { metadata: { correlationId: 'd2' } } }, 'd2'],
    ['an event', { id: 'e', 'detail-type': 'x', detail: {} }, 'e'],
    ["a state machine's input", { correlationId: 'f' }, 'f'],
    ['a stream record', { Records: [{ eventID: 'g' }] }, 'g'],
    ['an S3 notification', { Records: [{ responseElements: { 'x-amz-request-id': 'h' } }] }, 'h'],
    ['a request', { requestContext: { requestId: 'i' } }, 'i'],
    ['nothing else', { key1: 'x' }, 'request'],
    ['null', null, 'request'],
    ['a hostile event', JSON.parse('{"headers":{"__proto__":"x"},"Records":{"0":5},"detail":[]}'), 'request'],
  ];
  it.each(cases)('comes from %s', (_, event, expected) => {
    expect(correlationId(event, { awsRequestId: 'request' })).toBe(expected);
  });
});

describe('createMetrics', () => {
  it('writes the embedded metric format', () => {
    const lines: string[] = [];
    const metrics = createMetrics({
      namespace: 'orders',
      dimensions: { service: 'checkout' },
      log: (line) => lines.push(line),
      now: () => 5,
    });
    metrics.flush();
    metrics.add('placed', 1, 'Count');
    metrics.add('latency', 12, 'Milliseconds');
    metrics.add('latency', 15, 'Milliseconds');
    metrics.property('order', 'a');
    metrics.flush();
    metrics.flush();
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        _aws: {
          Timestamp: 5,
          CloudWatchMetrics: [
            {
              Namespace: 'orders',
              Dimensions: [['service']],
              Metrics: [
                { Name: 'placed', Unit: 'Count' },
                { Name: 'latency', Unit: 'Milliseconds' },
              ],
            },
          ],
        },
        service: 'checkout',
        order: 'a',
        placed: 1,
        latency: [12, 15],
      },
    ]);
  });

  it('writes a line before it gets longer than CloudWatch takes', () => {
    const lines: string[] = [];
    const metrics = createMetrics({ namespace: 'x', log: (line) => lines.push(line) });
    for (let index = 0; index < 150; index++) metrics.add('a', index);
    metrics.flush();
    expect(lines.map((line) => JSON.parse(line).a.length)).toEqual([100, 50]);
  });
});
