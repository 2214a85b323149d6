import { expect, it } from 'vitest';
import { Scheduler } from '../../kernel/scheduler.ts';
import type { Context, ServiceEnvironment, ServiceParts } from '../../kernel/service.ts';
import { Store } from '../../kernel/store.ts';
import { type FollowedEvent, logFollowersOf } from './follow.ts';
import { logs } from './index.ts';
import type { LogsOperations } from './operation.ts';

const scope = { account: '000000000000', region: 'us-east-1' };
const NOW = Date.UTC(2026, 0, 1);

it('tells who follows a group of its events, until they stop', async () => {
  const store = new Store();
  const scheduler = new Scheduler({ clock: 'virtual', start: NOW });
  // All that the service uses of its environment, and its operations have the types of the SDK.
  const { operations } = logs.start({ store, scheduler } as ServiceEnvironment) as ServiceParts<unknown> & {
    operations: Pick<LogsOperations, 'CreateLogGroup' | 'CreateLogStream' | 'PutLogEvents' | 'FilterLogEvents'>;
  };
  const context = { ...scope, cause: 0 } as Context; // all that these operations use of it
  const put = (logGroupName: string, message: string) =>
    operations.PutLogEvents({ logGroupName, logStreamName: 's', logEvents: [{ timestamp: NOW, message }] }, context);
  for (const logGroupName of ['a', 'b']) {
    operations.CreateLogGroup({ logGroupName }, context);
    operations.CreateLogStream({ logGroupName, logStreamName: 's' }, context);
  }
  const heard: FollowedEvent[] = [];
  const following = logFollowersOf(store).follow(scope, 'a', (events) => heard.push(...events));
  put('a', 'one');
  put('b', 'other');
  put('a', 'two');
  following[Symbol.dispose]();
  put('a', 'three');
  const { events = [] } = await operations.FilterLogEvents({ logGroupName: 'a', limit: 2 }, context);
  expect(heard).toEqual([
    { id: events[0]?.eventId, stream: 's', at: NOW, message: 'one' },
    { id: events[1]?.eventId, stream: 's', at: NOW, message: 'two' },
  ]);
  scheduler.stop();
  store.close();
});
