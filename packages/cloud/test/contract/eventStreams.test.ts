import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { serveFake } from './fakeService.ts';

const configuration = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  maxAttempts: 1,
  disableHostPrefix: true,
  forcePathStyle: true,
});

async function* eventsOf<Event>(events: readonly Event[], error?: Error): AsyncGenerator<Event> {
  for (const event of events) yield event;
  if (error !== undefined) throw error;
}

const allOf = async <Event>(stream: AsyncIterable<Event> | undefined): Promise<Event[]> => {
  const events: Event[] = [];
  for await (const event of stream ?? []) events.push(event);
  return events;
};

it('streams the answer of a function: REST-JSON', async () => {
  await using fake = await serveFake({
    sdk: lambda,
    entry: { name: 'lambda', signingName: 'lambda', protocol: { kind: 'restJson' } },
  });
  const client = new lambda.LambdaClient(configuration(fake.url));
  fake.answer = () => ({
    StatusCode: 200,
    ResponseStreamContentType: 'text/html',
    EventStream: eventsOf([
      { PayloadChunk: { Payload: Buffer.from('<a>') } },
      { PayloadChunk: { Payload: Buffer.alloc(100_000, 'x') } },
      { InvokeComplete: { LogResult: 'bG9n' } },
    ]),
  });
  const output = await client.send(new lambda.InvokeWithResponseStreamCommand({ FunctionName: 'f' }));
  const [first, second, last] = await allOf(output.EventStream);
  expect(Buffer.from(first?.PayloadChunk?.Payload ?? []).toString()).toBe('<a>');
  expect(second?.PayloadChunk?.Payload).toHaveLength(100_000);
  expect(last?.InvokeComplete).toEqual({ LogResult: 'bG9n' });
  client.destroy();
});

it('streams what follows a log: AWS JSON, with a first event for the other members, and an error as the last', async () => {
  const protocol = { kind: 'json', jsonVersion: '1.1', targetPrefix: 'Logs_20140328' } as const;
  await using fake = await serveFake({ sdk: logs, entry: { name: 'logs', signingName: 'logs', protocol } });
  const client = new logs.CloudWatchLogsClient(configuration(fake.url));
  const update = { sessionMetadata: { sampled: false }, sessionResults: [{ message: 'ü', timestamp: 1 }] };
  const ended = new logs.SessionTimeoutException({ message: 'The session is over.', $metadata: {} });
  fake.answer = () => ({
    responseStream: eventsOf([{ sessionStart: { sessionId: 's' } }, { sessionUpdate: update }], ended),
  });
  const output = await client.send(new logs.StartLiveTailCommand({ logGroupIdentifiers: ['g'] }));
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const event of output.responseStream ?? []) seen.push(event);
  })();
  await expect(reading).rejects.toMatchObject({ name: 'SessionTimeoutException', message: 'The session is over.' });
  expect(seen).toEqual([{ sessionStart: { sessionId: 's' } }, { sessionUpdate: update }]);
  client.destroy();
});

it('streams the records of a query: REST-XML', async () => {
  await using fake = await serveFake({
    sdk: s3,
    entry: { name: 's3', signingName: 's3', protocol: { kind: 'restXml', s3: true } },
  });
  const client = new s3.S3Client(configuration(fake.url));
  fake.answer = () => ({
    Payload: eventsOf([
      { Records: { Payload: Buffer.from('a,b\n') } },
      { Stats: { Details: { BytesScanned: 4 } } },
      { End: {} },
    ]),
  });
  const { Payload } = await client.send(
    new s3.SelectObjectContentCommand({
      Bucket: 'bucket',
      Key: 'key',
      Expression: 'select *',
      ExpressionType: 'SQL',
      InputSerialization: { CSV: {} },
      OutputSerialization: { CSV: {} },
    }),
  );
  const [records, stats, end] = await allOf(Payload);
  expect(Buffer.from(records?.Records?.Payload ?? []).toString()).toBe('a,b\n');
  expect(stats?.Stats?.Details).toMatchObject({ BytesScanned: 4 });
  expect(end).toHaveProperty('End');
  client.destroy();
});
