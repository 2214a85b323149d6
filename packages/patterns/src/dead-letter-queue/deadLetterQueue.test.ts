import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { DeadLetterQueue, type DeadLetterQueueProps } from './deadLetterQueue.ts';

function templateOf(props?: DeadLetterQueueProps): Template {
  const stack = new Stack(new App(), 'Shop');
  new DeadLetterQueue(stack, 'DeadLetters', props);
  return Template.fromStack(stack);
}

describe('a dead-letter queue', () => {
  it('keeps its messages for as long as SQS can, encrypted', () => {
    templateOf().hasResourceProperties('AWS::SQS::Queue', {
      MessageRetentionPeriod: 14 * 24 * 3600,
      SqsManagedSseEnabled: true,
      FifoQueue: Match.absent(),
    });
  });

  it('refuses what does not come over TLS', () => {
    templateOf().hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
  });

  it('has an alarm that goes off at the first message', () => {
    templateOf().hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.anyValue(), 'QueueName'] } }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it('is FIFO behind a FIFO queue', () => {
    templateOf({ fifo: true }).hasResourceProperties('AWS::SQS::Queue', { FifoQueue: true });
  });

  it('goes with its stack, unless told to stay', () => {
    templateOf().hasResource('AWS::SQS::Queue', { DeletionPolicy: 'Delete' });
    templateOf({ removalPolicy: RemovalPolicy.RETAIN }).hasResource('AWS::SQS::Queue', { DeletionPolicy: 'Retain' });
  });

  it('keeps its logical ids: renaming one replaces a resource', () => {
    expect(Object.keys(templateOf().toJSON().Resources).sort()).toMatchInlineSnapshot(`
      [
        "DeadLettersAlarm495CD7B4",
        "DeadLettersQueue631681B1",
        "DeadLettersQueuePolicyD869E40F",
      ]
    `);
  });
});
