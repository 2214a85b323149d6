import { App, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code, type FunctionProps, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Queue, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { Fifoer, type FifoerProps } from './fifoer.ts';

const newConsumer = (stack: Stack, props: Partial<FunctionProps> = {}) =>
  new LambdaFunction(stack, 'Consumer', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
    timeout: Duration.seconds(10),
    ...props,
  });

function fifoer(props: Partial<FifoerProps> = {}, consumerProps: Partial<FunctionProps> = {}) {
  const stack = new Stack(new App(), 'Bank');
  const consumer = newConsumer(stack, consumerProps);
  const made = new Fifoer(stack, 'Bookings', { consumer, ...props });
  return {
    stack,
    made,
    /** Made at the first look: what is added to the stack later is not in it. */
    get template(): Template {
      return Template.fromStack(stack);
    },
  };
}

/** All statements of the role policies. */
const statementsOf = (template: Template): { Action: string | string[] }[] =>
  Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );

describe('a FIFOer', () => {
  it('has a FIFO queue whose poison goes to a FIFO dead-letter queue with an alarm', () => {
    const { template } = fifoer();
    template.hasResourceProperties('AWS::SQS::Queue', {
      FifoQueue: true,
      ContentBasedDeduplication: true,
      SqsManagedSseEnabled: true,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('BookingsDeadLetters'), 'Arn'] },
        maxReceiveCount: 3,
      },
    });
    template.hasResourceProperties('AWS::SQS::Queue', { FifoQueue: true, RedrivePolicy: Match.absent() });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
  });

  it.each([
    [Duration.seconds(10), 60],
    [Duration.minutes(15), 5400],
    [undefined, 18],
  ])('hides a message for six times the timeout of its consumer (%s)', (timeout, VisibilityTimeout) => {
    const { template } = fifoer({}, timeout === undefined ? { timeout: Duration.seconds(3) } : { timeout });
    template.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout });
  });

  it('brings messages one by one, so that none is received behind one that fails', () => {
    const { template } = fifoer();
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    fifoer({ batchSize: 10 }).template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { BatchSize: 10 });
  });

  it('lets who is granted send, and nothing else', () => {
    const granted = fifoer();
    granted.made.grantSend(
      new Role(granted.stack, 'Producer', { assumedBy: new ArnPrincipal('arn:aws:iam::000000000000:root') }),
    );
    granted.template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: 'sqs:SendMessage',
            Effect: 'Allow',
            Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('BookingsQueue'), 'Arn'] },
          },
        ],
      },
    });
  });

  it('is tagged, its consumer too', () => {
    const { template } = fifoer({ stage: 'prod' });
    const Tags = [
      { Key: 'skein:pattern', Value: 'fifoer' },
      { Key: 'skein:service', Value: 'Bookings' },
      { Key: 'skein:stage', Value: 'prod' },
    ];
    for (const type of ['AWS::SQS::Queue', 'AWS::Lambda::Function', 'AWS::CloudWatch::Alarm'])
      template.hasResourceProperties(type, { Tags });
  });

  it('keeps its queues when told to', () => {
    const { template } = fifoer({ removalPolicy: RemovalPolicy.RETAIN });
    template.allResources('AWS::SQS::Queue', { DeletionPolicy: 'Retain' });
  });

  it('keeps its logical ids: renaming one replaces a resource', () => {
    expect(Object.keys(fifoer().template.toJSON().Resources).sort()).toMatchInlineSnapshot(`
      [
        "BookingsDeadLettersAlarmE0F02A5B",
        "BookingsDeadLettersQueue22F071B5",
        "BookingsDeadLettersQueuePolicy0CBCBA34",
        "BookingsQueueFDA97E8E",
        "BookingsQueuePolicy07682D63",
        "Consumer8D6BE417",
        "ConsumerServiceRoleDefaultPolicy0717ECC4",
        "ConsumerServiceRoleF0394C51",
        "ConsumerSqsEventSourceBankBookingsQueue771FAF8BD6F27BA9",
      ]
    `);
  });
});

describe('a polled FIFOer', () => {
  const { template } = fifoer({ variant: 'polled', interval: Duration.minutes(5) });

  it('has a consumer of which one runs at a time, started by a schedule', () => {
    template.hasResourceProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: 1 });
    template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(5 minutes)' });
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
  });

  it('lets it receive, delete, and call itself as often as it must, and nothing else', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      RecursiveLoop: 'Allow',
      Environment: { Variables: { QUEUE_URL: { Ref: Match.stringLikeRegexp('BookingsQueue') } } },
    });
    expect(statementsOf(template)).toEqual([
      expect.objectContaining({
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage'],
        Resource: { 'Fn::GetAtt': [expect.stringContaining('BookingsQueue'), 'Arn'] },
      }),
      expect.objectContaining({
        Action: 'lambda:InvokeFunction',
        Resource: { 'Fn::GetAtt': [expect.stringContaining('Consumer'), 'Arn'] },
      }),
    ]);
  });

  it('keeps no calls that find the consumer busy', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('keeps its logical ids: renaming one replaces a resource', () => {
    expect(Object.keys(template.toJSON().Resources).sort()).toMatchInlineSnapshot(`
      [
        "BookingsCallItselfF3732E58",
        "BookingsDeadLettersAlarmE0F02A5B",
        "BookingsDeadLettersQueue22F071B5",
        "BookingsDeadLettersQueuePolicy0CBCBA34",
        "BookingsQueueFDA97E8E",
        "BookingsQueuePolicy07682D63",
        "BookingsScheduleAllowEventRuleBankConsumerFC76C5D0F804AFF6",
        "BookingsScheduleDAF120EA",
        "Consumer8D6BE417",
        "ConsumerEventInvokeConfigF506F491",
        "ConsumerServiceRoleDefaultPolicy0717ECC4",
        "ConsumerServiceRoleF0394C51",
      ]
    `);
  });
});

describe('a queue that is given', () => {
  const given = (props: QueueProps, rest: Partial<FifoerProps> = {}) => {
    const stack = new Stack(new App(), 'Bank');
    const consumer = newConsumer(stack);
    return () => new Fifoer(stack, 'Bookings', { consumer, queue: new Queue(stack, 'Given', props), ...rest });
  };
  const good = (stack: Stack): QueueProps => ({
    fifo: true,
    visibilityTimeout: Duration.minutes(1),
    deadLetterQueue: { queue: new Queue(stack, 'Dead', { fifo: true }), maxReceiveCount: 5 },
  });

  it.each(['event-source', 'polled'] as const)('is used as it is (%s)', (variant) => {
    const stack = new Stack(new App(), 'Bank');
    const queue = new Queue(stack, 'Given', good(stack));
    const made = new Fifoer(stack, 'Bookings', { consumer: newConsumer(stack), queue, variant });
    expect([made.queue, made.deadLetters]).toEqual([queue, undefined]);
    Template.fromStack(stack).resourceCountIs('AWS::SQS::Queue', 2);
  });

  it('of another stack needs only to be FIFO', () => {
    const stack = new Stack(new App(), 'Bank');
    const from = (name: string) => Queue.fromQueueArn(stack, name, `arn:aws:sqs:us-east-1:000000000000:${name}`);
    const consumer = newConsumer(stack);
    expect(new Fifoer(stack, 'Bookings', { consumer, queue: from('bookings.fifo') }).deadLetters).toBeUndefined();
    expect(() => new Fifoer(stack, 'Others', { consumer, queue: from('bookings') })).toThrow('is a standard queue');
  });

  it('is refused when it keeps no order, loses poison, or shows a message again too soon', () => {
    expect(given({})).toThrow("queue 'Bank/Given' is a standard queue, which keeps no order");
    expect(given({ fifo: true })).toThrow("queue 'Bank/Given' has no dead-letter queue");
    const deadLetterQueue = good(new Stack(new App(), 'Other')).deadLetterQueue;
    if (deadLetterQueue === undefined) throw new Error('a good queue has one');
    expect(given({ fifo: true, deadLetterQueue })).toThrow('hides a message for 30 s, but should for 60 s');
  });

  it('is refused together with what would be set on it', () => {
    expect(given({ fifo: true }, { maxReceiveCount: 3 })).toThrow('maxReceiveCount is given together with queue');
  });
});

describe('a FIFOer refuses', () => {
  it('a batch that FIFO queues do not have', () => {
    expect(() => fifoer({ batchSize: 11 })).toThrow(
      'batchSize is 11, but of a FIFO queue must be a whole number from 1 to 10',
    );
    expect(() => fifoer({ batchSize: 0 })).toThrow('batchSize is 0');
  });

  it('what belongs to the other variant', () => {
    expect(() => fifoer({ variant: 'polled', batchSize: 5 })).toThrow("batchSize is given with the variant 'polled'");
    expect(() => fifoer({ interval: Duration.minutes(1) })).toThrow("interval is given, but only the variant 'polled'");
  });

  it('a timeout that is known only at deploy', () => {
    const timeout = Duration.seconds(Token.asNumber({ Ref: 'Timeout' }));
    expect(() => fifoer({}, { timeout })).toThrow("the timeout of 'Bank/Consumer' is a token");
  });

  it('a number of tries that is none', () => {
    expect(() => fifoer({ maxReceiveCount: 0 })).toThrow('maxReceiveCount is 0');
  });

  it('a polling consumer of which several may run', () => {
    expect(() => fifoer({ variant: 'polled' }, { reservedConcurrentExecutions: 5 })).toThrow(
      "the consumer's reservedConcurrentExecutions is 5, but order needs 1",
    );
  });
});
