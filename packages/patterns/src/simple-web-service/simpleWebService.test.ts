import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HttpApi, type IHttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { AttributeType, type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ServiceFunction } from '../service-function/serviceFunction.ts';
import { SimpleWebService, type SimpleWebServiceProps } from './simpleWebService.ts';

let folder: string;
let entry: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'skein-pattern-'));
  entry = join(folder, 'orders.ts');
  writeFileSync(entry, 'export const handler = async (): Promise<{ statusCode: number }> => ({ statusCode: 200 });');
});
afterAll(() => rmSync(folder, { recursive: true }));

const newStack = () => new Stack(new App(), 'Shop');

function service(props: Partial<SimpleWebServiceProps> = {}, stack: Stack = newStack()) {
  const handler = new ServiceFunction(stack, 'Handler', { entry });
  return { stack, orders: new SimpleWebService(stack, 'Orders', { handler, ...props }) };
}

describe('a simple web service', () => {
  it('lets its function make the calls that it makes on its table, and no others', () => {
    const { stack } = service({ tableOperations: ['GetItem', 'PutItem'] });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
            Resource: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('OrdersTable'), 'Arn'] }],
          }),
        ]),
      },
    });
    const actions = JSON.stringify(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(actions).not.toContain('dynamodb:*');
  });

  it('tells its function the name of its table', () => {
    const { stack } = service();
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TABLE_NAME: { Ref: Match.stringLikeRegexp('OrdersTable') } } },
    });
  });

  it('has a table on demand that stays when the stack goes, unless told otherwise', () => {
    Template.fromStack(service().stack).hasResource('AWS::DynamoDB::Table', {
      Properties: { BillingMode: 'PAY_PER_REQUEST', KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] },
      DeletionPolicy: 'Retain',
    });
    Template.fromStack(service({ removalPolicy: RemovalPolicy.DESTROY }).stack).hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Delete',
    });
  });

  it('takes the whole API, or what lies below its path', () => {
    const routes = (stack: Stack) =>
      Object.values(Template.fromStack(stack).findResources('AWS::ApiGatewayV2::Route')).map(
        ({ Properties }) => Properties.RouteKey,
      );
    expect(routes(service().stack)).toEqual(['ANY /', 'ANY /{proxy+}']);
    expect(routes(service({ path: '/orders' }).stack)).toEqual(['ANY /orders', 'ANY /orders/{proxy+}']);
  });

  it('uses the API and the table that it is given', () => {
    const stack = newStack();
    const api = new HttpApi(stack, 'Shared') as IHttpApi;
    const table = new Table(stack, 'Existing', { partitionKey: { name: 'id', type: AttributeType.STRING } }) as ITable;
    const { orders } = service({ api, table, path: '/orders' }, stack);
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::ApiGatewayV2::Api', 1);
    template.resourceCountIs('AWS::DynamoDB::Table', 1);
    expect(orders.api).toBe(api);
    expect(orders.table).toBe(table);
  });

  it('is tagged, its function too', () => {
    const { stack } = service({ stage: 'prod' });
    const tags = [
      { Key: 'skein:pattern', Value: 'simple-web-service' },
      { Key: 'skein:service', Value: 'Orders' },
      { Key: 'skein:stage', Value: 'prod' },
    ];
    for (const type of ['AWS::DynamoDB::Table', 'AWS::Lambda::Function']) {
      Template.fromStack(stack).hasResourceProperties(type, { Tags: tags });
    }
  });

  it('keeps its logical ids: renaming one replaces a resource', () => {
    const { stack } = service();
    expect(Object.keys(Template.fromStack(stack).toJSON().Resources).sort()).toMatchSnapshot();
  });
});

describe('a simple web service refuses', () => {
  it('a path without a slash at its beginning, or with one at its end', () => {
    expect(() => service({ path: 'orders' })).toThrow("path is 'orders', but must begin with a slash");
    expect(() => service({ path: '/orders/' })).toThrow("path is '/orders/'");
  });

  it('a function that may run longer than its caller waits', () => {
    const stack = newStack();
    const handler = new LambdaFunction(stack, 'Slow', {
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: Code.fromInline('exports.handler = async () => {}'),
      timeout: Duration.minutes(1),
    });
    expect(() => new SimpleWebService(stack, 'Orders', { handler })).toThrow(
      "the handler's timeout is 60 s, but its caller waits 29 s",
    );
  });

  it('a CORS configuration for an API that it did not make', () => {
    const stack = newStack();
    expect(() =>
      service({ api: new HttpApi(stack, 'Shared') as IHttpApi, cors: { allowOrigins: ['*'] } }, stack),
    ).toThrow('cors is given together with api');
  });

  it('an entry that is not there', () => {
    expect(() => new ServiceFunction(newStack(), 'Handler', { entry: 'nowhere.ts' })).toThrow(
      "entry is 'nowhere.ts', where no file is",
    );
  });
});

describe('a service function', () => {
  it('is what every pattern wants: Node 24 on arm64, JSON logs for two weeks, traced', () => {
    const template = Template.fromStack(service().stack);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 1024,
      Timeout: 29,
      Handler: 'orders.handler',
      LoggingConfig: { LogFormat: 'JSON' },
      TracingConfig: { Mode: 'Active' },
    });
    template.hasResourceProperties('AWS::Logs::LogGroup', { RetentionInDays: 14 });
  });

  it('has its own code, also beside another one in the same folder', () => {
    const other = join(folder, 'invoices.ts');
    writeFileSync(other, 'export const handler = async (): Promise<{ statusCode: number }> => ({ statusCode: 204 });');
    const stack = newStack();
    for (const [id, path] of [
      ['Orders', entry],
      ['Invoices', other],
    ] as const)
      new ServiceFunction(stack, id, { entry: path });
    const keys = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => Properties.Code.S3Key,
    );
    expect(new Set(keys).size).toBe(2);
  });
});
