import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deployTemplate } from '../../../deploy/test/deployTemplate.ts';
import { EVENTS, type EventsCloud, startEvents } from '../test/events.ts';

let tested: EventsCloud;
beforeEach(async () => {
  tested = await startEvents();
});
afterEach(async () => {
  await tested[Symbol.asyncDispose]();
});

/** Deploys a template of these resources as the stack `shop`. */
function deploy(Resources: object, Outputs: object = {}) {
  return deployTemplate(tested.cloud, { Resources, Outputs });
}

const bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } };
const rule = (queue: string, more: object = {}) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventBusName: { Ref: 'Bus' },
    EventPattern: { source: ['shop'] },
    Targets: [{ Id: 'one', Arn: queue, RetryPolicy: { MaximumRetryAttempts: '3' } }],
    ...more,
  },
});

describe('a template', () => {
  it('makes a bus and a rule that work, changes the rule in place, and takes both away', async () => {
    const Arn = await tested.queue('q');
    const app = await deploy(
      { Bus: bus, Rule: rule(Arn) },
      { Bus: { Value: { 'Fn::GetAtt': ['Bus', 'Arn'] } }, Rule: { Value: { 'Fn::GetAtt': ['Rule', 'Arn'] } } },
    );
    expect(app.outputs['Bus']).toBe(`${EVENTS}:event-bus/orders`);
    expect(app.outputs['Rule']).toMatch(/:rule\/orders\/shop-Rule-\w+$/);
    await tested.put({ n: 1 }, { EventBusName: 'orders' });
    await tested.cloud.settle();
    expect(await tested.messages('q')).toHaveLength(1);
    await deploy({ Bus: bus, Rule: rule(Arn, { State: 'DISABLED', Targets: [] }) });
    const { Rules = [] } = await tested.events.listRules({ EventBusName: 'orders' });
    expect(Rules).toMatchObject([{ State: 'DISABLED' }]);
    const targets = await tested.events.listTargetsByRule({ Rule: Rules[0]?.Name, EventBusName: 'orders' });
    expect(targets.Targets).toEqual([]);
    await deploy({ Other: { Type: 'AWS::Events::EventBus', Properties: { Name: 'other' } } });
    expect((await tested.events.listEventBuses({})).EventBuses?.map(({ Name }) => Name)).toEqual(['default', 'other']);
  });

  it('makes archives, policies, connections and API destinations', async () => {
    const app = await deploy(
      {
        Bus: bus,
        Policy: {
          Type: 'AWS::Events::EventBusPolicy',
          Properties: {
            EventBusName: { Ref: 'Bus' },
            StatementId: 's',
            Statement: {
              Effect: 'Allow',
              Principal: '*',
              Action: 'events:PutEvents',
              Resource: { 'Fn::GetAtt': ['Bus', 'Arn'] },
            },
          },
        },
        Archive: {
          Type: 'AWS::Events::Archive',
          Properties: {
            SourceArn: { 'Fn::GetAtt': ['Bus', 'Arn'] },
            RetentionDays: '7',
            EventPattern: { source: ['shop'] },
          },
        },
        Connection: {
          Type: 'AWS::Events::Connection',
          Properties: {
            AuthorizationType: 'BASIC',
            AuthParameters: { BasicAuthParameters: { Username: 'u', Password: 'p' } },
          },
        },
        Destination: {
          Type: 'AWS::Events::ApiDestination',
          Properties: {
            ConnectionArn: { 'Fn::GetAtt': ['Connection', 'Arn'] },
            HttpMethod: 'POST',
            InvocationEndpoint: 'https://example.com/hook',
            InvocationRateLimitPerSecond: '10',
          },
        },
      },
      { Destination: { Value: { Ref: 'Destination' } } },
    );
    const { Policy = '' } = await tested.events.describeEventBus({ Name: 'orders' });
    expect(JSON.parse(Policy).Statement).toMatchObject([{ Sid: 's', Principal: '*' }]);
    expect((await tested.events.listArchives({})).Archives).toMatchObject([{ RetentionDays: 7 }]);
    expect(await tested.events.describeApiDestination({ Name: app.outputs['Destination'] })).toMatchObject({
      ApiDestinationState: 'ACTIVE',
      InvocationRateLimitPerSecond: 10,
    });
    await deploy({ Bus: bus });
    expect((await tested.events.listConnections({})).Connections).toEqual([]);
    expect((await tested.events.listApiDestinations({})).ApiDestinations).toEqual([]);
    expect((await tested.events.describeEventBus({ Name: 'orders' })).Policy).toBeUndefined();
  });
});
