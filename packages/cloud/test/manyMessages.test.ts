import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { expect, it } from 'vitest';
import { type Cloud, startCloud } from '../src/index.ts';

const SECONDS = 100;
const A_SECOND = 1000;
const MESSAGES = SECONDS * A_SECOND;
const MOST_RECEIVES = 3;
/** Of each thousand, this one cannot be handled. */
const POISON = 13;
/** Of each thousand, the batch with this one takes 10 ms of the cloud's time after it was handled. */
const SLOW = 500;

/** Writes down the number of each message that it handles. */
const HANDLER = `
const { appendFileSync } = require('node:fs');
exports.handler = async ({ Records }) => {
  const numbers = Records.map(({ body }) => Number(body));
  const good = numbers.filter((n) => n % ${A_SECOND} !== ${POISON});
  appendFileSync(process.env.HANDLED, good.map((n) => n + '\\n').join(''));
  if (numbers.some((n) => n % ${A_SECOND} === ${SLOW})) await new Promise((resolve) => setTimeout(resolve, 10));
  return {
    batchItemFailures: Records.filter(({ body }) => !good.includes(Number(body))).map(({ messageId }) => ({ itemIdentifier: messageId })),
  };
};`;

/** A topic, its queue with a dead-letter queue, and the function that works on the queue. */
function stackOf(handled: string): App {
  const app = new App();
  const stack = new Stack(app, 'Many');
  const dead = new Queue(stack, 'Dead');
  const queue = new Queue(stack, 'Queue', {
    visibilityTimeout: Duration.seconds(30),
    deadLetterQueue: { queue: dead, maxReceiveCount: MOST_RECEIVES },
  });
  new Topic(stack, 'Topic').addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
  const worker = new LambdaFunction(stack, 'Worker', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(HANDLER),
    environment: { HANDLED: handled },
  });
  worker.addEventSource(new SqsEventSource(queue, { batchSize: 10, reportBatchItemFailures: true }));
  return app;
}

async function publish(sns: SNS, TopicArn: string, first: number): Promise<void> {
  for (let start = first; start < first + A_SECOND; start += 10) {
    const PublishBatchRequestEntries = Array.from({ length: 10 }, (_, index) => ({
      Id: String(index),
      Message: String(start + index),
    }));
    await sns.publishBatch({ TopicArn, PublishBatchRequestEntries });
  }
}

async function bodiesIn(cloud: Cloud, sqs: SQS, arn: string): Promise<number[]> {
  const bodies: number[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.receiveMessage({
      QueueUrl: `${cloud.url}/${cloud.account}/${arn.split(':').at(-1)}`,
      MaxNumberOfMessages: 10,
    });
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body }) => Number(Body)));
  }
}

it('loses none of 100,000 messages while a function is killed every second', { timeout: 300_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-many-'));
  const handled = join(folder, 'handled');
  await using cloud = await startCloud({ clock: 'virtual', seed: 1 });
  const sns = new SNS(cloud.clientConfiguration);
  const sqs = new SQS(cloud.clientConfiguration);
  try {
    const app = await cloud.deploy(stackOf(handled));
    const [topic, worker] = [app.resource('Topic'), app.resource('Worker')];
    let kills = 0;
    using _listening = cloud.trace.listen(({ operation }) => {
      if (operation === 'KillEnvironment') kills++;
    });
    for (let second = 0; second < SECONDS; second++) {
      // Now one dies before it could do anything, now one that has done its work and has not said so.
      cloud.faults.kill(worker, { afterTime: second % 2 === 0 ? 0 : 5, times: 1 });
      await publish(sns, topic, second * A_SECOND);
      await cloud.clock.advance('1 s');
    }
    expect(kills).toBe(SECONDS);
    await cloud.settle({ advance: true });

    const times = new Map<number, number>();
    for (const line of readFileSync(handled, 'utf8').trimEnd().split('\n')) {
      times.set(Number(line), (times.get(Number(line)) ?? 0) + 1);
    }
    const all = Array.from({ length: MESSAGES }, (_, n) => n);
    const isPoison = (n: number): boolean => n % A_SECOND === POISON;
    expect(all.filter((n) => !times.has(n) && !isPoison(n))).toEqual([]);
    expect((await bodiesIn(cloud, sqs, app.resource('Dead'))).toSorted((a, b) => a - b)).toEqual(all.filter(isPoison));
    expect(await bodiesIn(cloud, sqs, app.resource('Queue'))).toEqual([]);
    // What died with its work done is done again.
    expect([...times.values()].filter((count) => count > 1).length).toBeGreaterThan(SECONDS);
  } finally {
    sns.destroy();
    sqs.destroy();
    rmSync(folder, { recursive: true });
  }
});
