import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { DistributedTrigger, type DistributedTriggerProps } from './distributedTrigger.ts';

function made(props: Partial<DistributedTriggerProps> = {}): Template {
  const stack = new Stack(new App(), 'Shop');
  const fn = (id: string) =>
    new LambdaFunction(stack, id, {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {}'),
      timeout: Duration.seconds(10),
    });
  new DistributedTrigger(stack, 'Uploads', {
    trigger: fn('Trigger'),
    subscribers: { mail: fn('Mail'), search: fn('Search') },
    ...props,
  });
  return Template.fromStack(stack);
}

const template = made();
const arnOf = (id: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), 'Arn'] });
const topic = { Ref: Match.stringLikeRegexp('^UploadsTopic') };

describe('a distributed trigger', () => {
  it('gives each subscriber a queue, hidden for six timeouts, with a dead-letter queue', () => {
    template.resourceCountIs('AWS::SQS::Queue', 5);
    for (const name of ['mail', 'search']) {
      template.hasResourceProperties('AWS::SQS::Queue', {
        VisibilityTimeout: 60,
        MessageRetentionPeriod: 1_209_600,
        RedrivePolicy: { deadLetterTargetArn: arnOf(`Uploads${name}DeadLetters`), maxReceiveCount: 3 },
      });
      template.hasResourceProperties('AWS::SNS::Subscription', {
        Protocol: 'sqs',
        RawMessageDelivery: true,
        TopicArn: topic,
        Endpoint: arnOf(`Uploads${name}Queue`),
      });
    }
    template.allResourcesProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('has an alarm for each dead-letter queue, its own too', () => {
    template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      DestinationConfig: { OnFailure: { Destination: arnOf('UploadsDeadLetters') } },
    });
  });

  it('lets the trigger publish, and denies it to all others', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^Trigger'),
      PolicyDocument: {
        Statement: Match.arrayWith([{ Action: 'sns:Publish', Effect: 'Allow', Resource: topic }]),
      },
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Sid: 'OnlyTheTriggerPublishes',
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 'sns:Publish',
            Resource: topic,
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': arnOf('TriggerServiceRole') } },
          },
        ]),
      },
    });
  });

  it.each([
    [{ subscribers: {} }, 'subscribers is empty'],
    [{ retryAttempts: 3 }, 'retryAttempts is 3'],
    [{ maxReceiveCount: 0 }, 'maxReceiveCount is 0'],
  ])('refuses %j', (props, message) => {
    expect(() => made(props)).toThrow(message);
  });

  it('keeps its logical ids: renaming one replaces a resource', () => {
    expect(Object.keys(template.toJSON().Resources).sort()).toMatchSnapshot();
  });
});
