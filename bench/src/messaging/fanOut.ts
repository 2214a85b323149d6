import { alone, atMost, beside, median, type Row, type RunOptions } from '../row.ts';
import { Server } from '../server.ts';
import { callSns, callSqs } from './amazon.ts';
import { SKEIN } from './process.ts';

/** Deliveries that are measured at least. */
const DELIVERIES = 2000;
const FEWEST_PUBLISHES = 300;
const AT_ONCE = 8;
const QUEUES = 10;

/** A topic with subscriptions of queues, each of which wants one number; and those that want the last one. */
async function topic(port: number, name: string, subscriptions: number, wanting: number): Promise<string> {
  const arnOf = (queue: string): string => `arn:aws:sqs:us-east-1:000000000000:${queue}`;
  for (let queue = 0; queue < QUEUES; queue++) await callSqs(port, 'CreateQueue', { QueueName: `q${queue}` });
  const [, arn = ''] = /<TopicArn>(.*)<\/TopicArn>/.exec(await callSns(port, 'CreateTopic', { Name: name })) ?? [];
  for (let index = 0; index < subscriptions; index++) {
    const endpoint = `q${index}`;
    if (index >= QUEUES) await callSqs(port, 'CreateQueue', { QueueName: endpoint });
    await callSns(port, 'Subscribe', {
      TopicArn: arn,
      Protocol: 'sqs',
      Endpoint: arnOf(endpoint),
      'Attributes.entry.1.key': 'FilterPolicy',
      'Attributes.entry.1.value': JSON.stringify({ n: [index < wanting ? 'wanted' : `other-${index}`] }),
      'Attributes.entry.2.key': 'RawMessageDelivery',
      'Attributes.entry.2.value': 'true',
    });
  }
  return arn;
}

async function countOf(port: number): Promise<number> {
  const { Attributes } = (await callSqs(port, 'GetQueueAttributes', {
    QueueUrl: `http://127.0.0.1:${port}/000000000000/q0`,
    AttributeNames: ['ApproximateNumberOfMessages'],
  })) as { Attributes: Record<string, string> }; // SQS says so
  return Number(Attributes['ApproximateNumberOfMessages']);
}

/** CPU of the server for each publish, deliveries included, in microseconds. */
async function cost(server: Server, arn: string, wanting: number): Promise<number> {
  const { port } = server;
  const publishes = Math.max(FEWEST_PUBLISHES, DELIVERIES / wanting);
  const target = (await countOf(port)) + publishes;
  const before = server.cpu;
  let sent = 0;
  const publisher = async (): Promise<void> => {
    while (sent++ < publishes) {
      await callSns(port, 'Publish', {
        TopicArn: arn,
        Message: 'x'.repeat(100),
        'MessageAttributes.entry.1.Name': 'n',
        'MessageAttributes.entry.1.Value.DataType': 'String',
        'MessageAttributes.entry.1.Value.StringValue': 'wanted',
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, publisher));
  while ((await countOf(port)) < target) await new Promise((resolve) => setTimeout(resolve, 20));
  return ((server.cpu - before) * 1000) / publishes;
}

/** What a publish costs by the number of subscriptions of its topic, and of those that want it. */
export async function fanOut({ rounds, log }: RunOptions): Promise<Row[]> {
  const cases = [
    { subscriptions: 1, wanting: 1 },
    { subscriptions: 100, wanting: 1 },
    // AWS's limit of filter policies on a topic.
    { subscriptions: 200, wanting: 1 },
    { subscriptions: 100, wanting: 100 },
  ] as const;
  const costs: number[][] = cases.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { subscriptions, wanting }] of cases.entries()) {
      log(`round ${round + 1}: ${wanting} of ${subscriptions} subscriptions want a message`);
      await using server = await Server.start(SKEIN);
      const arn = await topic(server.port, 'fan', subscriptions, wanting);
      await cost(server, arn, wanting); // warm up
      costs[index]?.push(await cost(server, arn, wanting));
    }
  }
  const [alone1 = Number.NaN, of100 = Number.NaN, of200 = Number.NaN, all = Number.NaN] = costs.map(median);
  const peer = { name: 'one subscription', value: alone1 };
  return [
    beside('publish to 1 of 100 filtered subscriptions, server CPU', 'µs', of100, peer, atMost(1.3)),
    beside('publish to 1 of 200 filtered subscriptions, server CPU', 'µs', of200, peer, atMost(1.3)),
    beside('publish to 100 of 100 filtered subscriptions, server CPU', 'µs', all, peer),
    alone('each further match, server CPU', 'µs', (all - of100) / 99),
  ];
}
