import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atLeast, beside, median, type Row, type RunOptions } from '../row.ts';
import { Server } from '../server.ts';
import { callLambda, callSqs } from './amazon.ts';
import { fill } from './fill.ts';
import { FUNCTIONS } from './process.ts';

const MESSAGES = 10_000;
const BATCH = 10;
/** As many as a mapping begins with. */
const AT_ONCE = 5;

const TEMPLATE = JSON.stringify({
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
    },
    Echo: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'echo',
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        MemorySize: 128,
        Code: { ZipFile: 'exports.handler = async (event) => event;' },
      },
    },
  },
});

/** Messages a second, and CPU of the cloud for each in microseconds. */
interface Figures {
  readonly rate: number;
  readonly cpu: number;
}

async function timed(server: Server, work: () => Promise<void>): Promise<Figures> {
  const [cpu, before] = [server.cpu, performance.now()];
  await work();
  const ms = performance.now() - before;
  return { rate: (MESSAGES * 1000) / ms, cpu: ((server.cpu - cpu) * 1000) / MESSAGES };
}

/** Invokes the function with batches as the mapping makes them. */
async function directly({ port }: Server): Promise<void> {
  const event = JSON.stringify({
    Records: Array.from({ length: BATCH }, (_, index) => ({
      messageId: `00000000-0000-4000-8000-00000000000${index}`,
      receiptHandle: 'AQEB'.padEnd(60, 'x'),
      body: `message ${index} ${'x'.repeat(200)}`,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1764000000000',
        SenderId: 'test',
        ApproximateFirstReceiveTimestamp: '1764000000000',
      },
      messageAttributes: {},
      md5OfBody: '5d41402abc4b2a76b9719d911017c592',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:orders',
      awsRegion: 'us-east-1',
    })),
  });
  let invoked = 0;
  const caller = async (): Promise<void> => {
    while (invoked++ < MESSAGES / BATCH) await callLambda(port, '/2015-03-31/functions/echo/invocations', event);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
}

/** Switches the mapping on and waits until the queue is empty. */
async function throughQueue({ port }: Server, mapping: string, QueueUrl: string): Promise<void> {
  const switchTo = (Enabled: boolean): Promise<unknown> =>
    callLambda(port, `/2015-03-31/event-source-mappings/${mapping}`, JSON.stringify({ Enabled }), 'PUT');
  await switchTo(true);
  for (;;) {
    const { Attributes } = (await callSqs(port, 'GetQueueAttributes', { QueueUrl, AttributeNames: ['All'] })) as {
      Attributes: Record<string, string>;
    }; // SQS says so
    const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: taken } = Attributes;
    if (Number(waiting) + Number(taken) === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await switchTo(false);
}

/** A queue's messages through an echo function, beside the same function invoked directly with as many. */
export async function consumers({ rounds, log }: RunOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-consumers-'));
  try {
    const template = join(folder, 'template.json');
    writeFileSync(template, TEMPLATE);
    await using server = await Server.start(FUNCTIONS, [template]);
    const { port } = server;
    const { QueueUrl } = (await callSqs(port, 'CreateQueue', { QueueName: 'orders' })) as { QueueUrl: string };
    const { UUID } = (await callLambda(
      port,
      '/2015-03-31/event-source-mappings/',
      JSON.stringify({
        FunctionName: 'echo',
        EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:orders',
        BatchSize: BATCH,
        Enabled: false,
        // As many at once as the callers beside it: what is compared is the way, not how many go it.
        ScalingConfig: { MaximumConcurrency: AT_ONCE },
      }),
    )) as { UUID: string };
    const results: { queue: Figures; direct: Figures }[] = [];
    for (let round = 0; round <= rounds; round++) {
      log(`round ${round} of ${rounds}: ${MESSAGES} messages through an echo function`);
      await fill(port, QueueUrl, MESSAGES);
      const queue = await timed(server, () => throughQueue(server, UUID, QueueUrl));
      const direct = await timed(server, () => directly(server));
      if (round > 0) results.push({ queue, direct }); // the first warms up
    }
    const of = (who: 'queue' | 'direct', what: keyof Figures): number =>
      median(results.map((result) => result[who][what]));
    const peer = (what: keyof Figures): { name: string; value: number } => ({
      name: 'invoked directly',
      value: of('direct', what),
    });
    return [
      beside(
        '10,000 messages from a queue to a function',
        'messages/s',
        of('queue', 'rate'),
        peer('rate'),
        atLeast(0.6),
      ),
      beside('the same, CPU of the cloud', 'µs a message', of('queue', 'cpu'), peer('cpu')),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
