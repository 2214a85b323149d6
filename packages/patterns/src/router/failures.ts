import type { IDestination } from 'aws-cdk-lib/aws-lambda';
import type { DeadLetterQueue } from '../dead-letter-queue/deadLetterQueue.ts';
import type { RouterTask } from './router.ts';

/** Has Lambda send the events that a function failed at to a queue, each with its error, after some more attempts. */
export function keepFailures(task: RouterTask, { queue }: DeadLetterQueue, retryAttempts: number): void {
  // As the CDK's SqsDestination, but with leave to send alone.
  const onFailure: IDestination = {
    bind: (_scope, { grantPrincipal }) => {
      queue.grant({ grantPrincipal }, 'sqs:SendMessage');
      return { destination: queue.queueArn };
    },
  };
  task.configureAsyncInvoke({ onFailure, retryAttempts });
}
