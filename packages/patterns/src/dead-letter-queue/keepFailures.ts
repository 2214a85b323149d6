import { Token } from 'aws-cdk-lib';
import type { IDestination, IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { DeadLetterQueue } from './deadLetterQueue.ts';

/** Has Lambda send the events that a function failed at to a queue, each with its error, after 0 to 2 more attempts. */
export function keepFailures(
  target: IFunction | LambdaFunction,
  { queue }: Pick<DeadLetterQueue, 'queue'>,
  retryAttempts: number,
): void {
  if (!Token.isUnresolved(retryAttempts) && ![0, 1, 2].includes(retryAttempts)) {
    throw new Error(`retryAttempts is ${retryAttempts}, but Lambda tries again 0, 1 or 2 times`);
  }
  // As the CDK's SqsDestination, but with leave to send alone.
  const onFailure: IDestination = {
    bind: (_scope, { grantPrincipal }) => {
      queue.grant({ grantPrincipal }, 'sqs:SendMessage');
      return { destination: queue.queueArn };
    },
  };
  target.configureAsyncInvoke({ onFailure, retryAttempts });
}
