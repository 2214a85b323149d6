import { afterEach, beforeEach, expect, it } from 'vitest';
import { EVENTS, type EventsCloud, startEvents } from './test/events.ts';

let tested: EventsCloud;
const BUS = `${EVENTS}:event-bus/default`;
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

beforeEach(async () => {
  tested = await startEvents({ seed: 3 });
  await tested.rule('all', { Arn: await tested.queue('orders'), InputPath: '$.detail' });
});
afterEach(() => tested[Symbol.asyncDispose]());

const bodies = async (): Promise<string[]> => (await tested.messages('orders')).map(({ body }) => body);
const putAll = (details: readonly string[], more: object = {}) =>
  tested.events.putEvents({
    Entries: details.map((digit) => ({ Source: 'shop', DetailType: 'order', Detail: `{"n":${digit}}`, ...more })),
  });
const EVENTS_IN_ORDER = DIGITS.map((digit) => `{"n":${digit}}`);

it('brings events to a target twice', async () => {
  tested.cloud.faults.duplicate(BUS, { rate: 0.4 });
  await putAll(DIGITS);
  await tested.cloud.settle();
  const received = await bodies();
  expect(new Set(received)).toEqual(new Set(EVENTS_IN_ORDER));
  const doubled = tested.cloud.trace.of(BUS).filter(({ outcome }) => outcome === 'duplicate');
  expect(doubled.length).toBeGreaterThan(0);
  expect(received).toHaveLength(10 + doubled.length);
});

it('brings events late', async () => {
  tested.cloud.faults.delay(BUS, '1 minute', { times: 1 });
  await putAll(['1', '2']);
  await tested.cloud.settle();
  expect(await bodies()).toEqual(['{"n":2}']);
  await tested.cloud.clock.advance('1 minute');
  expect(await bodies()).toEqual(['{"n":1}']);
});

it('brings events out of order, and loses none', async () => {
  tested.cloud.faults.reorder(BUS, { rate: 0.5 });
  await putAll(DIGITS);
  await tested.cloud.settle();
  const received = await bodies();
  expect(received).not.toEqual(EVENTS_IN_ORDER);
  expect(received.toSorted()).toEqual(EVENTS_IN_ORDER);
});

it('loses events on their way, and brings them again', async () => {
  tested.cloud.faults.drop(BUS, { times: 3 });
  await putAll(['1']);
  await tested.cloud.settle({ advance: true });
  expect(await bodies()).toEqual(['{"n":1}']);
  expect(tested.cloud.trace.of(BUS).filter(({ outcome }) => outcome === 'dropped')).toHaveLength(3);
});

it('leaves the events of other buses alone', async () => {
  await tested.events.createEventBus({ Name: 'shop' });
  await tested.rule('of-shop', { Arn: await tested.queue('orders'), InputPath: '$.detail' }, { EventBusName: 'shop' });
  tested.cloud.faults.duplicate(`${EVENTS}:event-bus/shop`);
  await putAll(['1']);
  await putAll(['2'], { EventBusName: 'shop' });
  await tested.cloud.settle();
  expect(await bodies()).toEqual(['{"n":1}', '{"n":2}', '{"n":2}']);
});

it('throttles those who put events', async () => {
  tested.cloud.faults.throttle(BUS, { times: 1 });
  await expect(putAll(['1'])).rejects.toMatchObject({ name: 'ThrottlingException' });
  await putAll(['2']);
  await tested.cloud.settle();
  expect(await bodies()).toEqual(['{"n":2}']);
});
