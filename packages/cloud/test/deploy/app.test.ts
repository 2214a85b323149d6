import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, ListExportsCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../src/index.ts';

let cloud: Cloud;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'skein-app-'));
});
beforeEach(async () => {
  await cloud?.stop();
  cloud = await startCloud({ clock: 'virtual' });
});
afterAll(async () => {
  await cloud.stop();
  rmSync(folder, { recursive: true });
});

const inline = (stack: Stack, id: string, code: string, environment: Record<string, string> = {}) =>
  new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(code),
    environment,
  });

async function invoke(functionName: string): Promise<unknown> {
  const { Payload } = await cloud.client(LambdaClient).send(new InvokeCommand({ FunctionName: functionName }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

async function template(text: string): Promise<string> {
  const path = join(folder, `t${Math.floor(performance.now() * 1000)}.yaml`);
  writeFileSync(path, text);
  return path;
}

describe('a CDK app of two stacks', () => {
  class Data extends Stack {
    readonly table: Table;
    constructor(app: App, id: string, props: StackProps = {}) {
      super(app, id, props);
      this.table = new Table(this, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    }
  }
  const build = () => {
    const app = new App();
    const data = new Data(app, 'Data');
    const web = new Stack(app, 'Web');
    const handler = inline(web, 'Handler', 'exports.handler = async () => process.env.TABLE', {
      TABLE: data.table.tableName,
    });
    new CfnOutput(web, 'Function', { value: handler.functionName });
    return app;
  };

  it('is deployed in the order in which they need each other, and one sees what the other exports', async () => {
    const app = await cloud.deploy(build());
    expect(app.stacks.map(({ stack }) => stack.name)).toEqual(['Data', 'Web']);
    expect(await invoke(app.outputs['Function'] ?? '')).toBe(app.find('Orders').physicalId);
    const cloudFormation = cloud.client(CloudFormationClient);
    const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({}));
    expect(Stacks?.map(({ StackName, StackStatus }) => [StackName, StackStatus])).toEqual([
      ['Web', 'CREATE_COMPLETE'],
      ['Data', 'CREATE_COMPLETE'],
    ]);
    const { Exports } = await cloudFormation.send(new ListExportsCommand({}));
    expect(Exports?.map(({ Value }) => Value)).toEqual([app.find('Orders').physicalId]);
  });

  it('is deleted in the other order', async () => {
    const app = await cloud.deploy(build());
    await app.delete();
    await expect(
      cloud.client(CloudFormationClient).send(new DescribeStacksCommand({ StackName: 'Data' })),
    ).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id Data does not exist',
    });
  });
});

describe('addresses', () => {
  const build = () => {
    const app = new App();
    const stack = new Stack(app, 'Shop');
    const api = new HttpApi(stack, 'Api');
    const handler = inline(stack, 'Back', `exports.handler = async () => ({ statusCode: 200, body: 'from the back' })`);
    api.addRoutes({ path: '/hello', integration: new HttpLambdaIntegration('Hello', handler) });
    const caller = inline(
      stack,
      'Caller',
      `exports.handler = async () => (await fetch(process.env.API + '/hello')).text()`,
      {
        API: api.apiEndpoint,
      },
    );
    new CfnOutput(stack, 'Url', { value: api.apiEndpoint });
    new CfnOutput(stack, 'CallerName', { value: caller.functionName });
    return app;
  };

  it('of APIs are local ones in outputs and in variables, and lead there from a function too', async () => {
    const app = await cloud.deploy(build());
    expect(app.outputs['Url']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const response = await fetch(`${app.outputs['Url']}/hello`);
    expect([response.status, await response.text()]).toEqual([200, 'from the back']);
    expect(await invoke(app.outputs['CallerName'] ?? '')).toBe('from the back');
  });

  it('stay those of AWS when told', async () => {
    const app = await cloud.deploy(build(), { keepUrls: true });
    expect(app.outputs['Url']).toMatch(/^https:\/\/[a-z0-9]+\.execute-api\.us-east-1\.amazonaws\.com$/);
    const { Environment } = await cloud
      .client(LambdaClient)
      .send(new GetFunctionConfigurationCommand({ FunctionName: app.outputs['CallerName'] }));
    expect(Environment?.Variables?.['API']).toBe(app.outputs['Url']);
    const id = new URL(app.outputs['Url'] ?? '').hostname.split('.')[0];
    const response = await fetch(`${cloud.url}/_aws/execute-api/${id}/hello`);
    expect(await response.text(), 'the path form on the main port').toBe('from the back');
  });
});

describe('parameters of Systems Manager', () => {
  it('are looked up for parameters of the template and by dynamic references', async () => {
    const ssm = cloud.client(SSMClient);
    await ssm.send(new PutParameterCommand({ Name: '/shop/stage', Value: 'prod', Type: 'String' }));
    await ssm.send(new PutParameterCommand({ Name: '/shop/key', Value: 'one', Type: 'SecureString' }));
    const app = await cloud.deploy(
      await template(`
Parameters:
  Stage: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /shop/stage }
Resources:
  Copy:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /shop/copy
      Type: String
      Value: !Sub '\${Stage} {{resolve:ssm-secure:/shop/key:1}}'
Outputs:
  Copy: { Value: !GetAtt Copy.Value }
`),
    );
    expect(app.outputs['Copy']).toBe('prod one');
    expect((await ssm.send(new GetParameterCommand({ Name: '/shop/copy' }))).Parameter?.Value).toBe('prod one');
  });

  it('that are not there fail the deploy by name', async () => {
    const refused = cloud.deploy(
      await template(
        `Resources: { A: { Type: AWS::SSM::Parameter, Properties: { Type: String, Value: '{{resolve:ssm:/missing}}' } } }`,
      ),
    );
    await expect(refused).rejects.toThrow('the SSM parameter /missing, which the template names, cannot be read');
  });
});

describe('a failing update', () => {
  it('leaves the function and its table as they were', async () => {
    const build = (broken: boolean, version: string) => {
      const app = new App();
      const stack = new Stack(app, 'Shop');
      const handler = inline(stack, 'Handler', `exports.handler = async () => '${version}'`);
      new Table(stack, 'Orders', {
        partitionKey: { name: 'id', type: AttributeType.STRING },
        ...(broken ? { tableName: 'x' } : {}),
      });
      new CfnOutput(stack, 'Function', { value: handler.functionName });
      return app;
    };
    const first = await cloud.deploy(build(false, 'one'));
    await expect(cloud.deploy(build(true, 'two'))).rejects.toThrow('what stood before stands again');
    expect(await invoke(first.outputs['Function'] ?? '')).toBe('one');
    expect((await cloud.deploy(build(false, 'one'))).changed).toBe(false);
    await cloud.deploy(build(false, 'two'));
    expect(await invoke(first.outputs['Function'] ?? '')).toBe('two');
  });
});

describe('code in a folder beside the template', () => {
  it('is deployed anew when a file of it has changed, though the template has not', async () => {
    const app = mkdtempSync(join(folder, 'local-'));
    mkdirSync(join(app, 'src'));
    const write = (answer: string) =>
      writeFileSync(join(app, 'src', 'index.js'), `exports.handler = async () => '${answer}'`);
    writeFileSync(
      join(app, 'template.yaml'),
      `
Resources:
  Role: { Type: AWS::IAM::Role, Properties: { AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [] } } }
  Handler:
    Type: AWS::Lambda::Function
    Properties: { Runtime: nodejs24.x, Handler: index.handler, Role: !GetAtt Role.Arn, Code: ./src, Timeout: '3' }
Outputs: { Name: { Value: !Ref Handler } }
`,
    );
    write('one');
    const first = await cloud.deploy(app);
    expect(await invoke(first.outputs['Name'] ?? '')).toBe('one');
    expect((await cloud.deploy(app)).changed).toBe(false);
    write('another');
    expect((await cloud.deploy(app)).changed).toBe(true);
    expect(await invoke(first.outputs['Name'] ?? '')).toBe('another');
  });
});
