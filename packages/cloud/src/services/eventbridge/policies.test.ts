import { EventBridge } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EVENTS, type EventsCloud, startEvents } from './test/events.ts';

const OTHER = '111111111111';
const BUS = `${EVENTS}:event-bus/shared`;

let tested: EventsCloud;
let other: EventBridge;
beforeEach(async () => {
  tested = await startEvents();
  other = new EventBridge({
    ...tested.cloud.clientConfiguration,
    credentials: { accessKeyId: OTHER, secretAccessKey: 'x' },
  });
  await tested.events.createEventBus({ Name: 'shared' });
  await tested.rule('orders', { Arn: await tested.queue('orders') }, { EventBusName: 'shared' });
});
afterEach(async () => {
  other.destroy();
  await tested[Symbol.asyncDispose]();
});

const allow = (Principal: string) =>
  tested.events.putPermission({
    ...{ EventBusName: 'shared', StatementId: 'one', Action: 'events:PutEvents', Principal },
  });
const put = (client: EventBridge) =>
  client.putEvents({ Entries: [{ EventBusName: BUS, Source: 'shop', DetailType: 'order', Detail: '{}' }] });
const arrived = async () => {
  await tested.cloud.settle();
  return (await tested.messages('orders')).length;
};

it('a bus takes events from its own account and from those that its policy names', async () => {
  await allow('222222222222');
  await expect(put(other)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: `User: arn:aws:iam::${OTHER}:root is not authorized to perform: events:PutEvents on resource: ${BUS} because no resource-based policy allows the events:PutEvents action`,
  });
  await put(tested.events);
  expect(await arrived()).toBe(1);
  await allow(OTHER);
  await put(other);
  expect(await arrived()).toBe(1);
  await tested.events.removePermission({ EventBusName: 'shared', StatementId: 'one' });
  await allow('222222222222');
  await expect(put(other)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

it('a rule of another account brings events to a bus that allows that account alone', async () => {
  await other.putRule({ Name: 'forward', EventPattern: '{"source":["shop"]}' });
  await other.putTargets({
    Rule: 'forward',
    Targets: [{ Id: 'shared', Arn: BUS, RetryPolicy: { MaximumRetryAttempts: 0 } }],
  });
  const trigger = () => other.putEvents({ Entries: [{ Source: 'shop', DetailType: 'order', Detail: '{}' }] });
  await allow('222222222222');
  await trigger();
  expect(await arrived()).toBe(0);
  const [hop] = tested.cloud.trace.of(BUS).filter(({ operation }) => operation === 'DeliverEvent');
  expect(hop).toMatchObject({ outcome: 'dropped', note: expect.stringContaining('no resource-based policy allows') });
  await allow(OTHER);
  await trigger();
  expect(await arrived()).toBe(1);
});
