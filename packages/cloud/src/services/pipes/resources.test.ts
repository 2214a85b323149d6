import { afterEach, beforeEach, expect, it } from 'vitest';
import { deployTemplate } from '../../deploy/test/deployTemplate.ts';
import { type PipedCloud, startPiped } from './test/piped.ts';

let tested: PipedCloud;
beforeEach(async () => {
  tested = await startPiped();
});
afterEach(async () => {
  await tested[Symbol.asyncDispose]();
});

function deploy(content: object) {
  return deployTemplate(tested.cloud, content, 'piped');
}

const template = (pipe: object) => ({
  Resources: {
    In: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'from' } },
    Out: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'to' } },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'pipes.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
    Pipe: {
      Type: 'AWS::Pipes::Pipe',
      Properties: {
        Source: { 'Fn::GetAtt': ['In', 'Arn'] },
        Target: { 'Fn::GetAtt': ['Out', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        ...pipe,
      },
    },
  },
  Outputs: { Name: { Value: { Ref: 'Pipe' } }, Arn: { Value: { 'Fn::GetAtt': ['Pipe', 'Arn'] } } },
});

it('AWS::Pipes::Pipe is made, runs, is changed in place, and goes', async () => {
  const { cloud, pipes, sqs } = tested;
  const app = await deploy(template({ SourceParameters: { SqsQueueParameters: { BatchSize: '1' } } }));
  const { Name = '', Arn } = app.outputs;
  expect(await pipes.describePipe({ Name })).toMatchObject({
    Arn,
    SourceParameters: { SqsQueueParameters: { BatchSize: 1 } },
  });
  await sqs.sendMessage({ QueueUrl: `${cloud.url}/000000000000/from`, MessageBody: '{"n":1}' });
  await cloud.settle();
  expect(await tested.bodies('to')).toHaveLength(1);
  const changed = await deploy(template({ Description: 'changed', DesiredState: 'STOPPED' }));
  expect(changed.outputs['Name']).toBe(Name);
  expect(await pipes.describePipe({ Name })).toMatchObject({ Description: 'changed', CurrentState: 'STOPPED' });
  const { Pipe: _pipe, ...others } = template({}).Resources;
  await deploy({ Resources: others });
  await expect(pipes.describePipe({ Name })).rejects.toMatchObject({ name: 'NotFoundException' });
});
