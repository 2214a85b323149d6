import type { IDestination, IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { DeadLetterQueue } from './deadLetterQueue.ts';

/** Has Lambda send the events that a function failed at to a queue, each with its error, after some more attempts. */
export function keepFailures(
  target: IFunction | LambdaFunction,
  { queue }: Pick<DeadLetterQueue, 'queue'>,
  retryAttempts: number,
): void {
  // As the CDK's SqsDestination, but with leave to send alone.
  const onFailure: IDestination = {
    bind: (_scope, { grantPrincipal }) => {
      queue.grant({ grantPrincipal }, 'sqs:SendMessage');
      return { destination: queue.queueArn };
    },
  };
  target.configureAsyncInvoke({ onFailure, retryAttempts });
}
