import { expect, it } from 'vitest';
import { Credentials } from '../../kernel/credentials.ts';
import { Faults } from '../../kernel/faults.ts';
import { Metrics } from '../../kernel/metrics.ts';
import { Random } from '../../kernel/random.ts';
import { Scheduler } from '../../kernel/scheduler.ts';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import { Store } from '../../kernel/store.ts';
import { TemporaryFolder } from '../../kernel/temporaryFolder.ts';
import { Trace } from '../../kernel/trace.ts';
import { Concurrency } from './concurrency.ts';
import { DeadLetters } from './deadLetters.ts';
import type { Environments, RunResult } from './environments/contract.ts';
import { EventQueue } from './eventQueue.ts';
import { LATEST } from './functionVersion.ts';
import { Invoker } from './invoker.ts';
import type { LambdaStores } from './operation.ts';
import { firstConfiguration } from './settings.ts';
import { AliasStore } from './stores/aliasStore.ts';
import { EventConfigStore } from './stores/eventConfigStore.ts';
import { EventStore } from './stores/eventStore.ts';
import { FunctionStore } from './stores/functionStore.ts';
import { RecursionStore } from './stores/recursionStore.ts';
import { Targets } from './targets.ts';

const RESULT: RunResult = {
  payload: Buffer.from('null'),
  functionError: undefined,
  logTail: '',
  durationMs: 1,
  billedDurationMs: 1,
  initDurationMs: undefined,
  maxMemoryMegabytes: 1,
  environment: 'worker.0',
};

it('runs so many events at once and no more, and all of them in the end', async () => {
  const store = new Store();
  const scheduler = new Scheduler({ clock: 'virtual' });
  const random = new Random(1);
  const trace = new Trace(
    () => scheduler.now,
    () => 0,
  );
  // What the queue and those beside it use of the environment.
  const environment = {
    store,
    scheduler,
    random,
    trace,
    faults: new Faults(random),
    credentials: new Credentials('0'),
    metrics: new Metrics(store, () => scheduler.now),
    temporary: new TemporaryFolder(),
  } as unknown as ServiceEnvironment;
  // What the queue and those beside it use of the stores.
  const stores = {
    functions: new FunctionStore(store),
    aliases: new AliasStore(store),
    events: new EventStore(store),
    eventConfigs: new EventConfigStore(store),
    recursion: new RecursionStore(store),
  } as unknown as LambdaStores;
  const ends: (() => void)[] = [];
  let most = 0;
  const environments: Environments = {
    run: () =>
      new Promise((resolve) => {
        ends.push(() => resolve(RESULT));
        most = Math.max(most, ends.length);
      }),
    prepare: () => undefined,
    retire: () => undefined,
    stop: async () => undefined,
  };
  const targets = new Targets(stores, environment, () => undefined);
  const invoker = new Invoker(environments, new Concurrency(stores.functions, scheduler), environment);
  const deadLetters = new DeadLetters(environment, stores);
  const queue = new EventQueue({ stores, targets, invoker, deadLetters, environment, maxRunning: 3 });
  const scope = { account: '0', region: 'us-east-1' };
  const configuration = firstConfiguration('worker', { Runtime: 'nodejs22.x', Handler: 'index.handler' }, []);
  stores.functions.put(scope, { name: 'worker', published: 0, reserved: undefined, tags: {} });
  stores.functions.putVersion({
    ...scope,
    name: 'worker',
    version: LATEST,
    configuration,
    code: { sha256: '', size: 0, folder: '' },
    revisionId: '',
    modifiedAt: 0,
  });
  const target = targets.find('worker', undefined, scope);
  for (let event = 0; event < 10; event++) {
    queue.accept(target, {
      requestId: String(event),
      payload: Buffer.from('{}'),
      clientContext: undefined,
      traceHeader: '',
      cause: 0,
    });
  }
  const settled = scheduler.settle();
  while (trace.all().filter(({ outcome }) => outcome === 'ok').length < 10) {
    await new Promise((resolve) => setImmediate(resolve));
    ends.shift()?.();
  }
  await settled;
  expect(most).toBe(3);
  store.close();
});
