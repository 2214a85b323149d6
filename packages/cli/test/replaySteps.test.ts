import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appWith } from './running.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const BIN = join(ROOT, 'packages/cli/src/bin.ts');
const CONDITIONS = JSON.stringify(['skein:source', 'node', 'import', 'default']);

const COUNT = `
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
const dynamodb = new DynamoDBClient();
const TableName = process.env.TABLE;
const Key = { id: { S: 'home' } };
export const handler = async () => {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
  const visits = Number(Item?.visits.N ?? 0) + 1;
  await dynamodb.send(new PutItemCommand({ TableName, Item: { ...Key, visits: { N: String(visits) } } }));
};`;

const TEMPLATE = `
Resources:
  Visits:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  Letters: { Type: AWS::SQS::Queue }
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: work
          PolicyDocument: { Statement: [{ Effect: Allow, Action: 'dynamodb:*', Resource: '*' }] }
  Count:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: count
      Environment: { Variables: { TABLE: !Ref Visits } }
`;

const TEST = `
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { explore } from '@skein/cloud/vitest';
import { expect } from 'vitest';
explore('visits count', { app: 'template.yaml' }, async ({ app, cloud }) => {
  const QueueUrl = app.stacks[0].resources.find(({ logicalId }) => logicalId === 'Letters').physicalId;
  await cloud.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const visit = () => cloud.client(LambdaClient).send(new InvokeCommand({ FunctionName: app.resource('Count') }));
  await Promise.all([visit(), visit()]);
  const { Item } = await cloud.client(DynamoDBClient)
    .send(new GetItemCommand({ TableName: app.resource('Visits'), Key: { id: { S: 'home' } } }));
  expect(Item?.visits?.N).toBe('2');
});`;

describe('skein replay', { timeout: 120_000 }, () => {
  let app: ReturnType<typeof appWith>;
  beforeAll(() => {
    app = appWith({
      'count/index.mjs': COUNT,
      'template.yaml': TEMPLATE,
      'count.test.ts': TEST,
      'package.json': '{ "type": "module" }',
      'vitest.config.mjs': `export default { resolve: { conditions: ${CONDITIONS} }, ssr: { resolve: { conditions: ${CONDITIONS} } } };`,
    });
    mkdirSync(join(app.folder, '.skein'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(app.folder, 'node_modules'), 'junction');
    run([join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run']);
  }, 60_000);
  afterAll(() => app[Symbol.dispose]());

  const run = (parameters: readonly string[], input = '') =>
    spawnSync(process.execPath, ['--conditions=skein:source', ...parameters], {
      cwd: app.folder,
      env: { ...process.env, NO_COLOR: '1', CI: 'true', VITEST: undefined },
      input,
      encoding: 'utf8',
    });
  const record = (): string => join('.skein/failures', readdirSync(join(app.folder, '.skein/failures'))[0] ?? '');

  it('goes forward and back, with what the table and the queue held after each choice', () => {
    const { stdout, stderr, status } = run(
      [BIN, 'replay', record(), '--step', '--json'],
      '99\nx\n\n\n\n\n\n\nb\n1\nq\n',
    );
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(status, stderr).toBe(0);
    const choices = events.filter(({ code }) => code === 'CHOICE').map(({ data }) => data ?? {});
    expect(choices[0]).toMatchObject({ number: 1, standing: { tables: { Visits: [] } } });
    expect(choices[0].standing.queues.Letters).toEqual(['hello (visible, received 0 times)']);
    const numbers = choices.map(({ number }: { number: number }) => number);
    const last = Math.max(...numbers);
    expect(last).toBeGreaterThan(2);
    expect(numbers.at(-1)).toBe(1);
    expect(choices.at(-1)).toEqual(choices[0]);
    expect(numbers.at(-2)).toBe(last - 1);
    const seen = choices.flatMap(({ standing }) => standing.tables.Visits);
    expect(seen).toContain('id: home, visits: 1');
    expect(seen).not.toContain('id: home, visits: 2');
    expect(events.filter(({ code }) => code === 'NO_STEP').length).toBeGreaterThanOrEqual(2);
    expect(events.find(({ code }) => code === 'FAILS')).toMatchObject({
      data: { failure: "expected '1' to be '2'" },
    });
  });
});
