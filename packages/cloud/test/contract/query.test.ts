import * as iam from '@aws-sdk/client-iam';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeService, serveFake } from './fakeService.ts';

let fake: FakeService;
let client: iam.IAMClient;

beforeAll(async () => {
  fake = await serveFake({
    sdk: iam,
    entry: {
      name: 'iam',
      signingName: 'iam',
      protocol: { kind: 'query', version: '2010-05-08', xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
    },
  });
  client = new iam.IAMClient({
    endpoint: fake.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});

afterAll(() => fake[Symbol.asyncDispose]());

it('reads a form and writes XML', async () => {
  let read: unknown;
  fake.answer = (_, input) => {
    read = input;
    return {
      Role: { RoleName: 'a<b&"', CreateDate: new Date(1_700_000_000_000), Tags: [{ Key: 'x', Value: '' }], Path: '/' },
    };
  };
  const input = {
    RoleName: 'a b+c',
    AssumeRolePolicyDocument: '{"é":1}',
    Tags: [{ Key: 'k', Value: 'ä&=' }],
    MaxSessionDuration: 3600,
  };
  const { Role } = await client.send(new iam.CreateRoleCommand(input));
  expect(read).toEqual(input);
  expect(Role).toEqual({
    RoleName: 'a<b&"',
    CreateDate: new Date(1_700_000_000_000),
    Tags: [{ Key: 'x', Value: '' }],
    Path: '/',
  });
});

it('answers a modelled error under its query code', async () => {
  fake.answer = () => {
    throw new iam.NoSuchEntityException({ message: 'The role with name x cannot be found.', $metadata: {} });
  };
  const error = await client.send(new iam.GetRoleCommand({ RoleName: 'x' })).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(iam.NoSuchEntityException);
  expect(error).toMatchObject({ message: 'The role with name x cannot be found.', $metadata: { httpStatusCode: 404 } });
});

it('refuses an unknown action in AWS words', async () => {
  const response = await fetch(fake.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization:
        'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=x',
    },
    body: 'Action=Nothing&Version=2010-05-08',
  });
  expect(response.status).toBe(400);
  expect(await response.text()).toContain(
    '<Code>InvalidAction</Code><Message>Could not find operation Nothing for version 2010-05-08</Message>',
  );
});
