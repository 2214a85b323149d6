import { Duration, Token } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as FunctionTarget } from 'aws-cdk-lib/aws-events-targets';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, type IFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** What is polled, by whom, how often. */
export interface Polling {
  readonly consumer: LambdaFunction;
  readonly queue: IQueue;
  readonly interval: Duration;
}

/** Makes a schedule start the consumer, of which only one runs at a time, and lets it receive from the queue and call itself. */
export function poll(scope: Construct, { consumer, queue, interval }: Polling): void {
  const { role } = consumer;
  const resource = consumer.node.defaultChild;
  if (role === undefined || !(resource instanceof CfnFunction)) {
    throw new Error("consumer was imported, but in the variant 'polled' must be a function of this app");
  }
  const { reservedConcurrentExecutions: reserved = 1 } = resource;
  if (!Token.isUnresolved(reserved) && reserved !== 1) {
    throw new Error(`the consumer's reservedConcurrentExecutions is ${reserved}, but order needs 1: leave it out`);
  }
  resource.reservedConcurrentExecutions = 1;
  // It calls itself once for each batch: Lambda takes more than 16 in a row for a loop, and ends it.
  resource.recursiveLoop = 'Allow';
  queue.grant(consumer, 'sqs:ReceiveMessage', 'sqs:DeleteMessage');
  // A policy of its own: the function waits for its role's default one, which so cannot name the function.
  new Policy(scope, 'CallItself', {
    statements: [new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [consumer.functionArn] })],
    roles: [role],
  });
  // A call carries nothing, and the next one comes with the schedule: those that find the consumer busy are not kept.
  consumer.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Rule(scope, 'Schedule', {
    description: 'starts the consumer, which goes on until the queue is empty',
    schedule: Schedule.rate(interval),
    targets: [
      new FunctionTarget(consumer as IFunction, {
        event: RuleTargetInput.fromObject({}),
        retryAttempts: 0,
      }),
    ],
  });
}
