import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { FilterOrPolicy, SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { Notifier } from './notifier.ts';
import { Subscriber, type SubscriberProps } from './subscriber.ts';

const newStack = () => new Stack(new App(), 'Shop');

function subscriber(props: Partial<SubscriberProps> = {}) {
  const stack = newStack();
  const topic = Topic.fromTopicArn(stack, 'News', 'arn:aws:sns:us-east-1:000000000000:news');
  const handler = new LambdaFunction(stack, 'Hear', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
  });
  new Subscriber(stack, 'Mail', { topic, handler, ...props });
  return Template.fromStack(stack);
}

describe('a notifier', () => {
  it('is a topic that is reached over TLS only, and nothing else', () => {
    const stack = newStack();
    new Notifier(stack, 'News', { stage: 'prod' });
    const template = Template.fromStack(stack);
    // Of a template.
    expect(
      Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type),
    ).toEqual(['AWS::SNS::Topic', 'AWS::SNS::TopicPolicy']);
    template.allResourcesProperties('AWS::SNS::Topic', {
      Tags: [
        { Key: 'skein:pattern', Value: 'notifier' },
        { Key: 'skein:service', Value: 'News' },
        { Key: 'skein:stage', Value: 'prod' },
      ],
    });
  });

  it('takes the topic that it is given, and lets publish to it who is granted it', () => {
    const stack = newStack();
    const topic = new Topic(stack, 'Mine');
    const news = new Notifier(stack, 'News', { topic });
    expect(news.topic).toBe(topic);
    const publisher = new Role(stack, 'Publisher', { assumedBy: new ArnPrincipal('arn:aws:iam::000000000000:root') });
    news.grantPublish(publisher);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [{ Action: 'sns:Publish', Effect: 'Allow', Resource: { Ref: Match.stringLikeRegexp('^Mine') } }],
      },
    });
  });
});

describe('a subscriber', () => {
  it('has a subscription whose dead-letter queue is also that of what its handler fails at', () => {
    const template = subscriber();
    const queue = { 'Fn::GetAtt': [Match.stringLikeRegexp('^MailDeadLetters'), 'Arn'] };
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'lambda',
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:news',
      RedrivePolicy: { deadLetterTargetArn: queue },
    });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: queue } },
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
  });

  it('filters by attributes, or by what is in the message', () => {
    const allowlist = { allowlist: ['placed'] };
    subscriber({ filterPolicy: { type: SubscriptionFilter.stringFilter(allowlist) } }).hasResourceProperties(
      'AWS::SNS::Subscription',
      { FilterPolicy: { type: ['placed'] } },
    );
    const type = FilterOrPolicy.filter(SubscriptionFilter.stringFilter(allowlist));
    subscriber({ filterPolicyWithMessageBody: { type } }).hasResourceProperties('AWS::SNS::Subscription', {
      FilterPolicy: { type: ['placed'] },
      FilterPolicyScope: 'MessageBody',
    });
  });

  it.each([
    [{ retryAttempts: 3 }, 'retryAttempts is 3, but Lambda tries again 0, 1 or 2 times'],
    [{ filterPolicy: {}, filterPolicyWithMessageBody: {} }, 'filterPolicy is given together with'],
  ])('refuses %j', (props, message) => {
    expect(() => subscriber(props)).toThrow(message);
  });
});
