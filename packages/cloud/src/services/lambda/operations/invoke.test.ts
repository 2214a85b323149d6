import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../../index.ts';
import { zipOf } from '../test/zip.ts';

let cloud: Cloud;
afterEach(() => cloud.stop());

const role = 'arn:aws:iam::000000000000:role/worker';

it('runs a function and answers what it returned', async () => {
  cloud = await startCloud();
  const lambda = cloud.client(LambdaClient);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'echo',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: role,
      Code: { ZipFile: zipOf('exports.handler = async (event) => ({ echo: event });') },
    }),
  );
  const { StatusCode, Payload, ExecutedVersion, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: 'echo', Payload: JSON.stringify({ a: 1 }) }),
  );
  expect({ StatusCode, ExecutedVersion, FunctionError }).toEqual({
    StatusCode: 200,
    ExecutedVersion: '$LATEST',
    FunctionError: undefined,
  });
  expect(JSON.parse(Payload?.transformToString() ?? '')).toEqual({ echo: { a: 1 } });
});
