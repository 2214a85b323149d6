import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { App, CfnOutput, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogRetention, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId, Provider } from 'aws-cdk-lib/custom-resources';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../src/index.ts';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ clock: 'virtual' });
});
afterAll(() => cloud.stop());

/** A stack of its own, deployed. */
function deploy(name: string, build: (stack: Stack) => void) {
  const app = new App();
  build(new Stack(app, name));
  return cloud.deploy(app);
}

/** A function that answers CloudFormation as the body says, which sees `event` and `send(status, more)`. */
const responder = (stack: Stack, body: string, timeoutSeconds = 10) =>
  new LambdaFunction(stack, 'Responder', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    timeout: Duration.seconds(timeoutSeconds),
    code: Code.fromInline(`
      const https = require('https');
      exports.handler = async (event) => {
        const send = (Status, more = {}) => new Promise((resolve, reject) => {
          const { hostname, pathname, search } = new URL(event.ResponseURL);
          const request = https.request({ hostname, port: 443, path: pathname + search, method: 'PUT' }, resolve);
          request.on('error', reject);
          request.end(JSON.stringify({ Status, PhysicalResourceId: 'thing', StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId, ...more }));
        });
        ${body}
      };`),
  });

describe("the CDK's own custom resources run as the functions that they are", () => {
  it('LogRetention', async () => {
    await deploy('Retention', (stack) => {
      new LogRetention(stack, 'Keep', { logGroupName: '/aws/kept', retention: RetentionDays.ONE_WEEK });
    });
    const logs = cloud.client(CloudWatchLogsClient);
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/aws/kept' }));
    expect(logGroups).toMatchObject([{ logGroupName: '/aws/kept', retentionInDays: 7 }]);
  });

  it('AwsCustomResource, whose answer is an attribute', async () => {
    const app = await deploy('Sdk', (stack) => {
      const policy = AwsCustomResourcePolicy.fromSdkCalls({ resources: AwsCustomResourcePolicy.ANY_RESOURCE });
      const put = new AwsCustomResource(stack, 'Put', {
        policy,
        installLatestAwsSdk: false,
        onUpdate: {
          service: 'SSM',
          action: 'PutParameter',
          parameters: { Name: '/made/by/custom', Value: 'v1', Type: 'String', Overwrite: true },
          physicalResourceId: PhysicalResourceId.of('put'),
        },
      });
      const get = new AwsCustomResource(stack, 'Get', {
        policy,
        installLatestAwsSdk: false,
        onUpdate: {
          service: 'SSM',
          action: 'GetParameter',
          parameters: { Name: '/made/by/custom' },
          physicalResourceId: PhysicalResourceId.of('get'),
        },
      });
      get.node.addDependency(put);
      new CfnOutput(stack, 'Value', { value: get.getResponseField('Parameter.Value') });
    });
    expect(app.outputs['Value']).toBe('v1');
    const { Parameter } = await cloud.client(SSMClient).send(new GetParameterCommand({ Name: '/made/by/custom' }));
    expect(Parameter?.Value).toBe('v1');
  });

  it('the provider framework, around a function of the user', async () => {
    const app = await deploy('Framework', (stack) => {
      const onEventHandler = new LambdaFunction(stack, 'OnEvent', {
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline(
          `exports.handler = async (event) => ({ PhysicalResourceId: 'framed', Data: { Greeting: 'hello ' + event.ResourceProperties.Name } });`,
        ),
      });
      const { serviceToken } = new Provider(stack, 'Provider', { onEventHandler });
      const resource = new CustomResource(stack, 'Thing', { serviceToken, properties: { Name: 'you' } });
      new CfnOutput(stack, 'Greeting', { value: resource.getAttString('Greeting') });
    });
    expect(app.outputs['Greeting']).toBe('hello you');
  });
});

describe('a custom resource', () => {
  const thing = (stack: Stack, body: string, properties: Record<string, unknown> = {}) =>
    new CustomResource(stack, 'Thing', { serviceToken: responder(stack, body).functionArn, properties });

  it('is made, changed and deleted by its function, which gets every value as text', async () => {
    const body = `
      await send('SUCCESS', { PhysicalResourceId: 'thing-' + event.ResourceProperties.Version, Data: {
        Seen: [event.RequestType, event.PhysicalResourceId, event.ResourceProperties.Version, event.OldResourceProperties?.Version, typeof event.ResourceProperties.Version].join(' ') } });`;
    const build = (version: number) => (stack: Stack) => {
      new CfnOutput(stack, 'Seen', { value: thing(stack, body, { Version: version }).getAttString('Seen') });
    };
    const first = await deploy('Lifecycle', build(1));
    expect(first.outputs['Seen']).toBe('Create  1  string');
    cloud.trace.clear();
    const second = await deploy('Lifecycle', build(2));
    expect(second.outputs['Seen']).toBe('Update thing-1 2 1 string');
    const calls = cloud.trace.of(second.resource('Responder')).filter(({ operation }) => operation === 'Invoke');
    expect(calls, 'an update that gives another physical id deletes the old one').toHaveLength(2);
    cloud.trace.clear();
    await second.delete();
    expect(
      cloud.trace.all().filter(({ service, operation }) => service === 'lambda' && operation === 'Invoke'),
    ).toHaveLength(1);
  });

  it('whose function says that it failed is a failed deploy, with its reason', async () => {
    const refused = deploy(
      'Failing',
      (stack) => void thing(stack, `await send('FAILED', { Reason: 'no room left' });`),
    );
    await expect(refused).rejects.toThrow("the custom resource's function said that it failed: no room left");
  });

  it('whose function throws is a failed deploy at once', async () => {
    const refused = deploy('Throwing', (stack) => void thing(stack, `throw new TypeError('of undefined');`));
    await expect(refused).rejects.toThrow('TypeError: of undefined');
  });

  it('whose function never answers fails when the time is up: on a virtual clock at once', async () => {
    const before = cloud.clock.now.getTime();
    const refused = deploy('Silent', (stack) => void thing(stack, 'return;'));
    await expect(refused).rejects.toThrow('did not receive a response from the function within 3600 s');
    expect(cloud.clock.now.getTime() - before).toBeGreaterThanOrEqual(3_600_000);
  });
});
