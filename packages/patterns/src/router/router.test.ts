import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArnPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { Router, type RouterProps } from './router.ts';

const newFunction = (stack: Stack, id: string) =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
  });

/** A router for `placed` and `paid`, by a function or by a topic. */
function router(by: 'function' | 'topic', props: Partial<RouterProps> = {}) {
  const stack = new Stack(new App(), 'Shop');
  const tasks = { placed: newFunction(stack, 'Reserve'), paid: newFunction(stack, 'Ship') };
  const routing = by === 'function' ? { router: newFunction(stack, 'Route') } : {};
  const made = new Router(stack, 'Orders', { tasks, ...routing, ...props });
  return {
    stack,
    made,
    tasks,
    get template(): Template {
      return Template.fromStack(stack);
    },
  };
}

/** The statements of a function's role. */
const statementsOf = (template: Template, name: string): { Action: unknown; Resource: unknown }[] =>
  Object.entries(template.findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith(name))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);

const arnOf = (id: string) => ({ 'Fn::GetAtt': [expect.stringMatching(`^${id}`), 'Arn'] });
const send = (queue: string) => ({ Action: 'sqs:SendMessage', Effect: 'Allow', Resource: arnOf(queue) });

describe('a router', () => {
  it('tells the function that routes the name of each task by type', () => {
    router('function').template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          ROUTES: {
            'Fn::Join': [
              '',
              [
                '{"placed":"',
                { Ref: Match.stringLikeRegexp('^Reserve') },
                '","paid":"',
                { Ref: Match.stringLikeRegexp('^Ship') },
                '"}',
              ],
            ],
          },
        },
      },
    });
  });

  it('lets it invoke the tasks and keep what it fails at, and nothing else', () => {
    const { template } = router('function');
    expect(statementsOf(template, 'Route')).toEqual([
      send('OrdersDeadLetters'),
      { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: arnOf('Reserve') },
      { Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: arnOf('Ship') },
    ]);
    expect(statementsOf(template, 'Reserve')).toEqual([send('OrdersplacedDeadLetters')]);
  });

  it.each(['function', 'topic'] as const)(
    'by a %s has a dead-letter queue with an alarm for itself and each task',
    (by) => {
      const { template, made } = router(by);
      template.resourceCountIs('AWS::SQS::Queue', 3);
      template.resourceCountIs('AWS::CloudWatch::Alarm', 3);
      template.resourceCountIs('AWS::Lambda::EventInvokeConfig', by === 'function' ? 3 : 2);
      template.allResourcesProperties('AWS::Lambda::EventInvokeConfig', {
        MaximumRetryAttempts: 2,
        DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
      });
      expect(new Set([made.deadLetters, ...Object.values(made.taskDeadLetters)]).size).toBe(3);
    },
  );

  it.each([
    [
      'function',
      ['AWS::CloudWatch::Alarm', 'AWS::Lambda::EventInvokeConfig', 'AWS::SQS::Queue', 'AWS::SQS::QueuePolicy'],
    ],
    [
      'topic',
      [
        'AWS::CloudWatch::Alarm',
        'AWS::Lambda::EventInvokeConfig',
        'AWS::Lambda::Permission',
        'AWS::SNS::Subscription',
        'AWS::SQS::Queue',
        'AWS::SQS::QueuePolicy',
      ],
    ],
  ] as const)('by a %s gets a new task by one entry', (by, types) => {
    const made = (more: (stack: Stack) => RouterProps['tasks']) => {
      const stack = new Stack(new App(), 'Shop');
      const existing = { placed: newFunction(stack, 'Reserve') };
      newFunction(stack, 'Release');
      const routing = by === 'function' ? { router: newFunction(stack, 'Route') } : {};
      new Router(stack, 'Orders', { ...routing, tasks: { ...existing, ...more(stack) } });
      return Template.fromStack(stack).toJSON().Resources as Record<string, { Type: string }>; // of a template
    };
    const before = made(() => ({}));
    const after = made((stack) => ({ cancelled: stack.node.findChild('Release') as LambdaFunction })); // made above
    expect(Object.keys(after)).toEqual(expect.arrayContaining(Object.keys(before)));
    const added = Object.entries(after).filter(([id]) => before[id] === undefined);
    // Its function was there; it gets a policy, to keep what it fails at.
    expect(
      added
        .map(([, { Type }]) => Type)
        .filter((type) => type !== 'AWS::IAM::Policy')
        .sort(),
    ).toEqual(types);
  });

  it('by a topic takes the topic that it is given', () => {
    const stack = new Stack(new App(), 'Shop');
    const topic = Topic.fromTopicArn(stack, 'Given', 'arn:aws:sns:us-east-1:000000000000:given');
    const made = new Router(stack, 'Orders', { topic, tasks: { placed: newFunction(stack, 'Reserve') } });
    expect(made.topic).toBe(topic);
    Template.fromStack(stack).resourceCountIs('AWS::SNS::Topic', 0);
    Template.fromStack(stack).allResourcesProperties('AWS::SNS::Subscription', { TopicArn: topic.topicArn });
  });

  it('has one dead-letter queue for a task of several types', () => {
    const stack = new Stack(new App(), 'Shop');
    const task = newFunction(stack, 'Task');
    const tasks = { placed: task, changed: task };
    const { taskDeadLetters } = new Router(stack, 'Orders', { tasks });
    expect(taskDeadLetters['placed']).toBe(taskDeadLetters['changed']);
    Template.fromStack(stack).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'lambda',
      FilterPolicy: { type: ['placed', 'changed'] },
    });
  });

  it.each([
    ['function', 'lambda:InvokeFunction', { 'Fn::GetAtt': [Match.stringLikeRegexp('^Route'), 'Arn'] }],
    ['topic', 'sns:Publish', { Ref: Match.stringLikeRegexp('^OrdersTopic') }],
  ] as const)('by a %s lets who is granted send to it, and nothing else', (by, Action, Resource) => {
    const routed = router(by);
    const assumedBy = new ArnPrincipal('arn:aws:iam::000000000000:root');
    routed.made.grantSend(new Role(routed.stack, 'Producer', { assumedBy }));
    routed.template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^Producer'),
      PolicyDocument: { Statement: [{ Action, Effect: 'Allow', Resource }] },
    });
  });

  it('is tagged, its functions too', () => {
    const { template } = router('function', { stage: 'prod' });
    const Tags = [
      { Key: 'skein:pattern', Value: 'router' },
      { Key: 'skein:service', Value: 'Orders' },
      { Key: 'skein:stage', Value: 'prod' },
    ];
    template.allResourcesProperties('AWS::Lambda::Function', { Tags });
    template.allResourcesProperties('AWS::SQS::Queue', { Tags });
  });

  it.each(['function', 'topic'] as const)('by a %s keeps its logical ids: renaming one replaces a resource', (by) => {
    expect(Object.keys(router(by).template.toJSON().Resources).sort()).toMatchSnapshot();
  });
});

describe('a topic that routes', () => {
  const { template } = router('topic');

  it('hands each task the events of its type', () => {
    for (const [type, task] of [
      ['placed', 'Reserve'],
      ['paid', 'Ship'],
    ] as const) {
      template.hasResourceProperties('AWS::SNS::Subscription', {
        Protocol: 'lambda',
        FilterPolicy: { type: [type] },
        Endpoint: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${task}`), 'Arn'] },
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^Orders${type}DeadLetters`), 'Arn'] },
        },
      });
    }
  });

  it('keeps events of other types, and those without one', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      FilterPolicy: { type: [{ 'anything-but': ['placed', 'paid'] }, { exists: false }] },
      Endpoint: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OrdersDeadLetters'), 'Arn'] },
    });
  });
});

describe('a router refuses', () => {
  it('to have no tasks', () => {
    expect(() => router('topic', { tasks: {} })).toThrow('tasks is empty');
  });

  it('a task that is the router itself', () => {
    const stack = new Stack(new App(), 'Shop');
    const itself = newFunction(stack, 'Route');
    expect(() => new Router(stack, 'Orders', { router: itself, tasks: { placed: itself } })).toThrow(
      "the task of 'placed' is the router itself",
    );
  });

  it('to route by both', () => {
    const stack = new Stack(new App(), 'Shop');
    const tasks = { placed: newFunction(stack, 'Reserve') };
    const both = { router: newFunction(stack, 'Route'), topic: new Topic(stack, 'Topic') };
    expect(() => new Router(stack, 'Orders', { tasks, ...both })).toThrow('router is given together with topic');
  });

  it('a number of attempts that Lambda does not have', () => {
    expect(() => router('function', { retryAttempts: 3 })).toThrow('retryAttempts is 3');
  });
});
