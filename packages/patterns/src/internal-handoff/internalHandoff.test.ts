import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { IdempotencyTable } from './idempotencyTable.ts';
import { InternalHandoff, type InternalHandoffProps } from './internalHandoff.ts';

function functionIn(stack: Stack): LambdaFunction {
  return new LambdaFunction(stack, 'Handler', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('exports.handler = async () => {}'),
  });
}

function templateOf(
  props: Partial<InternalHandoffProps> = {},
  more: (handoff: InternalHandoff) => unknown = () => undefined,
): Template {
  const stack = new Stack(new App(), 'Shop');
  more(new InternalHandoff(stack, 'Invoices', { handler: functionIn(stack), ...props }));
  return Template.fromStack(stack);
}

const template = templateOf();
const arnOf = (id: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^${id}`), 'Arn'] });

describe('an internal handoff', () => {
  it('has Lambda try twice more, and send what fails to a queue with an alarm', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: arnOf('InvoicesDeadLettersQueue') } },
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 1);
    templateOf({ retryAttempts: 0 }).hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
    });
  });

  it('has no way in but to invoke the function', () => {
    for (const type of [
      'AWS::ApiGatewayV2::Api',
      'AWS::ApiGateway::RestApi',
      'AWS::Lambda::Url',
      'AWS::Lambda::Permission',
    ])
      template.resourceCountIs(type, 0);
  });

  it('lets the handler do to its table and queue what it does, and no more', () => {
    template.resourceCountIs('AWS::IAM::Policy', 1);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          { Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem'], Effect: 'Allow', Resource: [arnOf('InvoicesTable')] },
          { Action: 'sqs:SendMessage', Effect: 'Allow', Resource: arnOf('InvoicesDeadLettersQueue') },
        ],
      },
    });
  });

  it('lets somebody hand events over to the function itself', () => {
    const granted = templateOf({}, (handoff) => {
      const shop = new Role(Stack.of(handoff), 'Shop', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      handoff.grantHandOver(shop);
    });
    granted.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^Shop'),
      PolicyDocument: {
        Statement: [{ Action: 'lambda:InvokeFunction', Effect: 'Allow', Resource: arnOf('Handler') }],
      },
    });
  });

  it('keeps its table when it leaves the stack, unless told otherwise', () => {
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain' });
    templateOf({ removalPolicy: RemovalPolicy.DESTROY }).hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
    });
  });

  it('takes the table that it is given', () => {
    const stack = new Stack(new App(), 'Shop');
    const table = new Table(stack, 'Mine', { partitionKey: { name: 'number', type: AttributeType.STRING } });
    const handoff = new InternalHandoff(stack, 'Invoices', { handler: functionIn(stack), table });
    expect(handoff.table).toBe(table);
    Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::Table', 1);
  });

  it('tags what is its own, and the handler', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::Lambda::Function'])
      templateOf({ stage: 'prod' }).hasResourceProperties(type, {
        Tags: [
          { Key: 'skein:pattern', Value: 'internal-handoff' },
          { Key: 'skein:service', Value: 'Invoices' },
          { Key: 'skein:stage', Value: 'prod' },
        ],
      });
  });

  it('refuses what Lambda does not do', () => {
    expect(() => templateOf({ retryAttempts: 3 })).toThrow(
      'retryAttempts is 3, but Lambda tries again 0, 1 or 2 times',
    );
  });

  it('keeps its logical ids: renaming one replaces a resource', () => {
    expect(Object.keys(template.toJSON()['Resources']).sort()).toMatchSnapshot();
  });
});

describe('a table of keys', () => {
  it('forgets what is expired, and is open to its functions for three calls', () => {
    const stack = new Stack(new App(), 'Shop');
    new IdempotencyTable(stack, 'Keys').addTo(functionIn(stack));
    const keys = Template.fromStack(stack);
    keys.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
    });
    keys.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { IDEMPOTENCY_TABLE_NAME: { Ref: Match.stringLikeRegexp('^KeysTable') } } },
    });
    keys.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
            Resource: [arnOf('KeysTable')],
          },
        ],
      },
    });
  });
});
