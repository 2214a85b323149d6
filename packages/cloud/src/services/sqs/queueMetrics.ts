import type { MetricId, Metrics, Reading } from '../../kernel/metrics.ts';
import type { Queues } from './queues.ts';

export const NAMESPACE = 'AWS/SQS';

/** Reads the depth of queues, and the age of their oldest messages. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
export function readGauges(metrics: Metrics, queues: Queues, now: () => number): void {
  metrics.gauge(NAMESPACE, (id) => readGauge(id, queues, now()));
}

function readGauge({ account, region, name, dimensions }: MetricId, queues: Queues, now: number): Reading | undefined {
  const [[dimension, queueName = ''] = [], ...more] = JSON.parse(dimensions) as [string, string][]; // written by `dimensionsText`
  const queue =
    dimension === 'QueueName' && more.length === 0 ? queues.find({ account, region }, queueName) : undefined;
  if (queue === undefined) return undefined;
  const { total, inFlight, delayed } = queues.count(queue);
  // What is hidden comes back by itself.
  const changes = inFlight + delayed > 0;
  switch (name) {
    case 'ApproximateNumberOfMessagesVisible':
      return { value: total - inFlight - delayed, changes };
    case 'ApproximateNumberOfMessagesNotVisible':
      return { value: inFlight, changes };
    case 'ApproximateNumberOfMessagesDelayed':
      return { value: delayed, changes };
    case 'ApproximateAgeOfOldestMessage': {
      const oldest = queues.oldest(queue);
      return { value: oldest === undefined ? 0 : Math.floor((now - oldest) / 1000), changes: oldest !== undefined };
    }
    default:
      return undefined;
  }
}
