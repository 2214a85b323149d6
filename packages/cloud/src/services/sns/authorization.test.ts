import { expect, it } from 'vitest';
import { Random } from '../../kernel/random.ts';
import { Scheduler } from '../../kernel/scheduler.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import { Store } from '../../kernel/store.ts';
import { sns } from './index.ts';

it('says of every operation what it acts on', () => {
  const store = new Store();
  const environment = { store, random: new Random(1), scheduler: new Scheduler(), settings: {} };
  // All that a service uses of its environment before an operation is called.
  const { operations, authorize } = sns.start(environment as unknown as ServiceEnvironment);
  expect(Object.keys(authorize).sort()).toEqual(Object.keys(operations).sort());
  store.close();
});
