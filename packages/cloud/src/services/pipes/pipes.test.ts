import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { Lambda } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipOf } from '../lambda/test/zip.ts';
import { FUNCTIONS, PIPE, type PipedCloud, QUEUES, START, startPiped } from './test/piped.ts';

let tested: PipedCloud;
let lambda: Lambda;
beforeEach(async () => {
  tested = await startPiped();
  lambda = tested.cloud.client(Lambda);
  await tested.queue('out');
});
afterEach(async () => {
  lambda.destroy();
  await tested[Symbol.asyncDispose]();
});

async function make(FunctionName: string, body: string): Promise<string> {
  await lambda.createFunction({
    FunctionName,
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/worker',
    Code: { ZipFile: zipOf(`exports.handler = async (event) => { ${body} };`) },
  });
  return `${FUNCTIONS}:${FunctionName}`;
}

const OUT = `${QUEUES}:out`;
const parsed = async (queue: string) => (await tested.bodies(queue)).map((body) => JSON.parse(body));
const url = (name: string) => `${tested.cloud.url}/000000000000/${name}`;
const left = async (name: string) =>
  (
    await tested.sqs.getQueueAttributes({
      QueueUrl: url(name),
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    })
  ).Attributes;

describe('a pipe from a queue', () => {
  it('brings what matches its filter to another queue, and drops the rest', async () => {
    await tested.pipe(OUT, {
      SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{"body":{"kind":["order"]}}' }] } },
    });
    await tested.send({ kind: 'order', n: 1 }, { kind: 'noise' });
    await tested.cloud.settle();
    const events = await parsed('out');
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      body: '{"kind":"order","n":1}',
      eventSource: 'aws:sqs',
      eventSourceARN: `${QUEUES}:in`,
      awsRegion: 'us-east-1',
      attributes: { ApproximateReceiveCount: '1' },
    });
    expect(await left('in')).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  it('acts in its role, and each step is a hop of its run', async () => {
    await tested.pipe(OUT);
    await tested.send({ n: 1 });
    await tested.cloud.settle();
    const run = tested.cloud.trace.of(PIPE).find(({ operation }) => operation === 'RunPipe');
    expect(run).toMatchObject({ outcome: 'ok', target: OUT });
    const steps = run === undefined ? [] : tested.cloud.trace.causedBy(run);
    expect(steps.map(({ operation, principal }) => [operation, principal])).toEqual([
      ['SendMessageBatch', 'arn:aws:sts::000000000000:assumed-role/piper/p'],
      ['DeleteMessageBatch', 'arn:aws:sts::000000000000:assumed-role/piper/p'],
    ]);
    expect(tested.cloud.trace.get(run?.cause ?? 0)?.operation).toBe('SendMessage');
  });

  it('fills its template with values of the event, of its JSON body, and of itself', async () => {
    await tested.pipe(OUT, {
      TargetParameters: {
        InputTemplate:
          '{"n": <$.body.n>, "text": "got <$.body.list[1]> by <aws.pipes.pipe-name>", "id": <$.messageId>, "none": <$.body.no>, "at": <aws.pipes.event.ingestion-time>}',
      },
    });
    await tested.send({ n: { deep: true }, list: ['a', 'b"c'] });
    await tested.cloud.settle();
    expect(await parsed('out')).toEqual([
      { n: { deep: true }, text: 'got b"c by p', id: expect.any(String), none: '', at: '2026-01-01T00:00:00.000Z' },
    ]);
  });

  it('rests while it is stopped, and takes what came meanwhile when it is started', async () => {
    await tested.pipe(OUT, { DesiredState: 'STOPPED' });
    await tested.send({ n: 1 });
    await tested.cloud.settle();
    expect(await left('in')).toMatchObject({ ApproximateNumberOfMessages: '1' });
    expect(await tested.pipes.startPipe({ Name: 'p' })).toMatchObject({ CurrentState: 'STARTING' });
    await tested.cloud.settle();
    expect(await parsed('out')).toHaveLength(1);
    await tested.pipes.stopPipe({ Name: 'p' });
    await tested.send({ n: 2 });
    await tested.cloud.settle();
    expect(await left('in')).toMatchObject({ ApproximateNumberOfMessages: '1' });
  });

  it('gathers batches over a window', async () => {
    const target = await make('worker', 'return null;');
    await tested.pipe(target, {
      SourceParameters: { SqsQueueParameters: { BatchSize: 20, MaximumBatchingWindowInSeconds: 5 } },
    });
    await tested.send(...Array.from({ length: 12 }, (_, n) => ({ n })));
    await tested.cloud.settle({ advance: true });
    const runs = tested.cloud.trace.of(PIPE).filter(({ operation }) => operation === 'RunPipe');
    expect(runs.map(({ at, note }) => [(at - START) / 1000, note])).toEqual([[5, `a batch of 12 from ${QUEUES}:in`]]);
  });

  it('keeps the groups of a FIFO queue in order on the way to another', async () => {
    const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };
    await tested.queue('in.fifo', fifo);
    await tested.queue('out.fifo', fifo);
    await tested.pipe(`${QUEUES}:out.fifo`, {
      Source: `${QUEUES}:in.fifo`,
      TargetParameters: {
        InputTemplate: '<$.body.n>',
        SqsQueueParameters: { MessageGroupId: '$.attributes.MessageGroupId' },
      },
    });
    for (let n = 0; n < 12; n++) {
      await tested.sqs.sendMessage({ QueueUrl: url('in.fifo'), MessageBody: `{"n":${n}}`, MessageGroupId: 'g' });
    }
    await tested.cloud.settle();
    expect(await tested.bodies('out.fifo')).toEqual(Array.from({ length: 12 }, (_, n) => String(n)));
  });

  it('goes on after a restart of the cloud', async () => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const folder = mkdtempSync(`${(await import('node:os')).tmpdir()}/skein-test-`);
    try {
      const first = await startPiped({ folder });
      await first.queue('out');
      await first.pipe(OUT);
      await first[Symbol.asyncDispose]();
      await using second = await startPiped({ folder });
      await second.send({ n: 1 });
      await second.cloud.settle();
      expect(await second.bodies('out')).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('an enrichment', () => {
  it('makes the events that the target gets, more or fewer than there were', async () => {
    const Enrichment = await make(
      'enrich',
      "return event.flatMap(({ n }) => (n === 2 ? [] : [{ n, part: 'a' }, { n, part: 'b' }]));",
    );
    await tested.pipe(OUT, { Enrichment, EnrichmentParameters: { InputTemplate: '{"n": <$.body.n>}' } });
    await tested.send({ n: 1 }, { n: 2 });
    await tested.cloud.settle();
    expect(await parsed('out')).toEqual([
      { n: 1, part: 'a' },
      { n: 1, part: 'b' },
    ]);
    expect(await left('in')).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '0' });
  });

  it('that fails brings the batch back, until it is a dead letter', async () => {
    const dead = await tested.queue('dead');
    await tested.sqs.setQueueAttributes({
      QueueUrl: url('in'),
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 2 }) },
    });
    const Enrichment = await make('enrich', "throw new Error('no');");
    await tested.pipe(OUT, { Enrichment });
    await tested.send({ n: 1 });
    await tested.cloud.settle({ advance: true });
    expect(await tested.bodies('out')).toEqual([]);
    expect(await tested.bodies('dead')).toEqual(['{"n":1}']);
    const runs = tested.cloud.trace.of(PIPE).filter(({ operation }) => operation === 'RunPipe');
    expect(runs.map(({ outcome }) => outcome)).toEqual(['Unhandled', 'Unhandled']);
  });
});

describe('a target', () => {
  it('that is a function gets a list, and brings back the messages that it reports', async () => {
    const dead = await tested.queue('dead');
    await tested.sqs.setQueueAttributes({
      QueueUrl: url('in'),
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 1 }) },
    });
    const target = await make(
      'worker',
      'return { batchItemFailures: event.filter(({ body }) => JSON.parse(body).bad).map(({ messageId }) => ({ itemIdentifier: messageId })) };',
    );
    await tested.pipe(target);
    await tested.send({ n: 1 }, { n: 2, bad: true }, { n: 3 });
    await tested.cloud.settle({ advance: true });
    expect(await tested.bodies('dead')).toEqual(['{"n":2,"bad":true}']);
  });

  it('that is a function may be invoked without waiting', async () => {
    const target = await make('worker', 'return null;');
    await tested.pipe(target, {
      TargetParameters: { LambdaFunctionParameters: { InvocationType: 'FIRE_AND_FORGET' } },
    });
    await tested.send({ n: 1 });
    await tested.cloud.settle();
    const notes = tested.cloud.trace.of(target).map(({ note }) => note);
    expect(notes).toContain('run 1 of an asynchronous invocation');
  });

  it('that is a queue takes what it can: what it refuses alone comes back, and goes where dead letters go', async () => {
    const dead = await tested.queue('dead');
    await tested.sqs.setQueueAttributes({
      QueueUrl: url('in'),
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 1 }) },
    });
    await tested.queue('small', { MaximumMessageSize: '1024' });
    await tested.pipe(`${QUEUES}:small`, {
      DesiredState: 'STOPPED',
      TargetParameters: { InputTemplate: '<$.body>' },
    });
    await tested.send({ n: 1 }, { n: 2, text: 'x'.repeat(2000) }, { n: 3 });
    await tested.pipes.startPipe({ Name: 'p' });
    await tested.cloud.settle({ advance: true });
    expect((await parsed('small')).map(({ n }) => n)).toEqual([1, 3]);
    expect((await parsed('dead')).map(({ n }) => n)).toEqual([2]);
    const [run] = tested.cloud.trace.of(PIPE).filter(({ operation }) => operation === 'RunPipe');
    expect(run?.note).toBe(`a batch of 3 from ${QUEUES}:in, of which 1 failed`);
  });

  it('that is a topic or an event bus is told of each event', async () => {
    await tested.sns.createTopic({ Name: 'told' });
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:told';
    await tested.sns.subscribe({
      ...{ TopicArn, Protocol: 'sqs', Endpoint: OUT },
      Attributes: { RawMessageDelivery: 'true' },
    });
    await tested.events.putRule({ Name: 'piped', EventPattern: '{"source":["Pipe bus"],"detail-type":["made"]}' });
    await tested.events.putTargets({ Rule: 'piped', Targets: [{ Id: 'out', Arn: OUT }] });
    const TargetParameters = { InputTemplate: '<$.body>' };
    await tested.pipe(TopicArn, { TargetParameters });
    await tested.send({ n: 1, kind: 'made' });
    await tested.cloud.settle();
    expect(await parsed('out')).toEqual([{ n: 1, kind: 'made' }]);
    await tested.pipes.deletePipe({ Name: 'p' });
    await tested.pipe('arn:aws:events:us-east-1:000000000000:event-bus/default', {
      Name: 'bus',
      TargetParameters: { ...TargetParameters, EventBridgeEventBusParameters: { DetailType: '$.body.kind' } },
    });
    await tested.send({ n: 2, kind: 'made' });
    await tested.cloud.settle();
    expect((await parsed('out')).map(({ detail }) => detail)).toEqual([{ n: 2, kind: 'made' }]);
  });

  it('that is a log group gets a line for each event', async () => {
    const logs = tested.cloud.client(CloudWatchLogs);
    const logGroupName = '/piped';
    await logs.createLogGroup({ logGroupName });
    await tested.pipe(`arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}`, {
      TargetParameters: { InputTemplate: 'n is <$.body.n>', CloudWatchLogsParameters: { LogStreamName: 's' } },
    });
    await tested.send({ n: 1 });
    await tested.cloud.settle();
    const { events } = await logs.getLogEvents({ logGroupName, logStreamName: 's' });
    expect(events?.map(({ message }) => message)).toEqual(['n is 1']);
    logs.destroy();
  });

  it('that is gone leaves the messages in the queue, and the trace says why', async () => {
    await tested.pipe(`${QUEUES}:nowhere`);
    await tested.send({ n: 1 });
    await tested.cloud.settle();
    const run = tested.cloud.trace.of(PIPE).find(({ operation }) => operation === 'RunPipe');
    expect(run?.outcome).toBe('QueueDoesNotExist');
    expect(await left('in')).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
  });
});
