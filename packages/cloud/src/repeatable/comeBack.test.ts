import { ApiGatewayV2Client, CreateRouteCommand, GetIntegrationsCommand } from '@aws-sdk/client-apigatewayv2';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  ScanCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import {
  EventBridgeClient,
  ListRulesCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateStreamCommand, KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis';
import {
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededApp } from './test/seededApp.ts';

const FUNCTIONS = {
  Idle: { code: 'exports.handler = async () => process.env.TABLE;' },
  Doomed: { code: 'exports.handler = async () => 2;' },
};
const TABLE = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
};
const MORE = {
  DoomedTable: { Type: 'AWS::DynamoDB::Table', Properties: TABLE },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 7 } },
  DoomedQueue: { Type: 'AWS::SQS::Queue' },
  Api: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: {
      Name: 'api',
      ProtocolType: 'HTTP',
      RouteKey: 'GET /known',
      Target: { 'Fn::GetAtt': ['Idle', 'Arn'] },
    },
  },
  Schedule: {
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      Name: 'tick',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, Input: 'tick', RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    },
  },
};

describe('coming back', { timeout: 60_000 }, () => {
  let seeded: SeededApp;
  beforeAll(async () => {
    seeded = await SeededApp.start(FUNCTIONS, MORE);
  });
  afterAll(() => seeded[Symbol.asyncDispose]());

  it('leaves nothing of what a run made, changed and deleted', async () => {
    const { cloud, app } = seeded;
    const dynamodb = cloud.client(DynamoDBClient);
    const sqs = cloud.client(SQSClient);
    const sns = cloud.client(SNSClient);
    const ssm = cloud.client(SSMClient);
    const events = cloud.client(EventBridgeClient);
    const scheduler = cloud.client(SchedulerClient);
    const kinesis = cloud.client(KinesisClient);
    const lambda = cloud.client(LambdaClient);
    const TableName = app.find('Table').physicalId;
    const doomed = app.find('DoomedTable').physicalId;
    const QueueUrl = app.find('Queue').physicalId;
    const doomedQueue = app.find('DoomedQueue').physicalId;
    const look = async () => [
      (await dynamodb.send(new ListTablesCommand({}))).TableNames,
      (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table,
      (await dynamodb.send(new ScanCommand({ TableName }))).Items,
      (await dynamodb.send(new ScanCommand({ TableName: doomed }))).Items,
      (await sqs.send(new ListQueuesCommand({}))).QueueUrls,
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes,
      (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: doomedQueue, AttributeNames: ['All'] }))).Attributes,
      (await sns.send(new ListTopicsCommand({}))).Topics,
      (await ssm.send(new GetParametersByPathCommand({ Path: '/' }))).Parameters,
      (await events.send(new ListRulesCommand({}))).Rules,
      (await kinesis.send(new ListStreamsCommand({}))).StreamNames,
      (await scheduler.send(new GetScheduleCommand({ Name: 'tick' }))).ScheduleExpression,
      (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: app.resource('Doomed') }))).FunctionArn,
    ];
    const api = cloud.client(ApiGatewayV2Client);
    const ApiId = app.find('Api').physicalId;
    const Arn = app.find('Queue').attributes['Arn'] as string;
    const call = async () =>
      (await fetch(cloud.localUrl(`https://${ApiId}.execute-api.us-east-1.amazonaws.com/unknown`))).status;
    const sendEvent = () =>
      events.send(new PutEventsCommand({ Entries: [{ Source: 'test', DetailType: 'test', Detail: '{}' }] }));
    /** What services answer from what they have read before. */
    const behave = async () => {
      await sendEvent();
      await cloud.settle();
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      return [await call(), (await seeded.invoke('Idle'))[0]?.[1], Attributes];
    };
    await cloud.reset({ seed: 1 });
    const before = await look();
    const behaviour = await behave();
    for (let seed = 1; seed <= 3; seed++) {
      await cloud.reset({ seed });
      expect(await look()).toEqual(before);
      expect(await behave()).toEqual(behaviour);
      // At once, and then each hour.
      await cloud.clock.advance('2 hours');
      const ticks = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      expect(ticks.Attributes).toEqual({ ApproximateNumberOfMessages: '3' });
      const Item = { id: { S: 'a' } };
      await dynamodb.send(new CreateTableCommand({ ...TABLE, TableName: 'made' }));
      await dynamodb.send(new PutItemCommand({ TableName: 'made', Item }));
      await dynamodb.send(new PutItemCommand({ TableName, Item }));
      await dynamodb.send(new PutItemCommand({ TableName: doomed, Item }));
      await dynamodb.send(new DeleteTableCommand({ TableName: doomed }));
      await dynamodb.send(
        new UpdateTableCommand({
          TableName,
          AttributeDefinitions: [{ AttributeName: 'other', AttributeType: 'S' }],
          GlobalSecondaryIndexUpdates: [
            {
              Create: {
                IndexName: 'by-other',
                KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }],
                Projection: { ProjectionType: 'ALL' },
              },
            },
          ],
        }),
      );
      const made = await sqs.send(new CreateQueueCommand({ QueueName: 'made' }));
      await sqs.send(new SendMessageCommand({ QueueUrl: made.QueueUrl, MessageBody: 'a' }));
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a' }));
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '9' } }));
      await sqs.send(new DeleteQueueCommand({ QueueUrl: doomedQueue }));
      await sns.send(new CreateTopicCommand({ Name: 'made' }));
      await ssm.send(new PutParameterCommand({ Name: '/made', Value: 'a', Type: 'String' }));
      await events.send(new PutRuleCommand({ Name: 'made', EventPattern: JSON.stringify({ source: ['test'] }) }));
      await events.send(new PutTargetsCommand({ Rule: 'made', Targets: [{ Id: 'q', Arn }] }));
      const [integration] = (await api.send(new GetIntegrationsCommand({ ApiId }))).Items ?? [];
      await api.send(
        new CreateRouteCommand({
          ApiId,
          RouteKey: 'GET /unknown',
          Target: `integrations/${integration?.IntegrationId}`,
        }),
      );
      await kinesis.send(new CreateStreamCommand({ StreamName: 'made', ShardCount: 1 }));
      const tick = await scheduler.send(new GetScheduleCommand({ Name: 'tick' }));
      await scheduler.send(
        new UpdateScheduleCommand({
          Name: 'tick',
          ScheduleExpression: 'rate(2 hours)',
          FlexibleTimeWindow: tick.FlexibleTimeWindow,
          Target: tick.Target,
        }),
      );
      await lambda.send(
        new UpdateFunctionConfigurationCommand({
          FunctionName: app.resource('Idle'),
          Environment: { Variables: { TABLE: 'changed' } },
        }),
      );
      await lambda.send(new DeleteFunctionCommand({ FunctionName: app.resource('Doomed') }));
      await cloud.clock.advance('4 hours');
      const [status, answer] = await behave();
      expect([status, answer]).toEqual([200, '"changed"']);
    }
  });
});
