import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { milliseconds } from './clock.ts';
import { Credentials } from './credentials.ts';
import { Heap } from './heap.ts';
import { arn, parseArn, partitionOf } from './names.ts';
import { Random } from './random.ts';
import { Store } from './store.ts';
import { Trace } from './trace.ts';

describe('durations', () => {
  it.each([
    ['90 s', 90_000],
    ['6 minutes', 360_000],
    ['1 hour 30 minutes', 5_400_000],
    ['2 days', 172_800_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    [1500, 1500],
  ])('reads %s', (words, expected) => expect(milliseconds(words)).toBe(expected));

  it.each(['soon', '5', '5 parsecs', -1, Number.NaN])('refuses %s', (words) => {
    expect(() => milliseconds(words)).toThrow(TypeError);
  });
});

describe('chance', () => {
  it('gives the same draws for the same seed and resource, whatever else draws', () => {
    const one = new Random(7);
    const other = new Random(7);
    other.of('queue/b').uuid();
    expect(one.of('queue/a').uuid()).toBe(other.of('queue/a').uuid());
    expect(one.of('queue/a').uuid()).not.toBe(new Random(8).of('queue/a').uuid());
  });

  it('makes version 4 UUIDs that differ', () => {
    const stream = new Random().of('x');
    const ids = Array.from({ length: 10_000 }, () => stream.uuid());
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids.slice(0, 100))
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('draws fractions that are spread evenly', () => {
    const stream = new Random(1).of('x');
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 100_000; draw++) {
      const bucket = Math.floor(stream.fraction() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe('the heap', () => {
  it('gives everything back in order', () => {
    const heap = new Heap<{ due: number; posted: number }>();
    const stream = new Random(3).of('heap');
    for (let posted = 0; posted < 2000; posted++) heap.push({ due: stream.next() % 100, posted });
    let last = { due: -1, posted: -1 };
    for (let item = heap.pop(); item !== undefined; item = heap.pop()) {
      expect(item.due > last.due || (item.due === last.due && item.posted > last.posted)).toBe(true);
      last = item;
    }
    expect(heap.size).toBe(0);
  });
});

describe('names', () => {
  it('takes an ARN apart and puts it together', () => {
    const name = arn('lambda', { account: '111122223333', region: 'eu-west-1' }, 'function:worker:live');
    expect(name).toBe('arn:aws:lambda:eu-west-1:111122223333:function:worker:live');
    expect(parseArn(name)).toEqual({
      partition: 'aws',
      service: 'lambda',
      region: 'eu-west-1',
      account: '111122223333',
      resource: 'function:worker:live',
    });
    expect(parseArn('worker')).toBeUndefined();
  });

  it('knows the partitions', () => {
    expect(['eu-west-1', 'cn-north-1', 'us-gov-west-1'].map(partitionOf)).toEqual(['aws', 'aws-cn', 'aws-us-gov']);
  });
});

describe('the store', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  const withTable = (store: Store) => {
    store.define('create table if not exists item(id integer primary key, name text)');
    const add = store.prepare('insert into item(name) values (?)');
    const all = store.prepareArrays('select name from item order by id');
    return { add: (name: string) => add.run(name), names: () => all.all().flat() };
  };

  it('undoes all of an operation that throws', () => {
    const store = new Store();
    const { add, names } = withTable(store);
    add('before');
    expect(() =>
      store.transaction(() => {
        add('inside');
        throw new Error('refused');
      }),
    ).toThrow('refused');
    expect(names()).toEqual(['before']);
  });

  it('undoes a nested operation alone', () => {
    const store = new Store();
    const { add, names } = withTable(store);
    store.transaction(() => {
      add('outer');
      expect(() =>
        store.transaction(() => {
          add('inner');
          throw new Error('refused');
        }),
      ).toThrow('refused');
      add('outer again');
    });
    expect(names()).toEqual(['outer', 'outer again']);
  });

  it('keeps its state in a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-store-'));
    folders.push(folder);
    const file = join(folder, 'deep', 'state.db');
    const first = new Store(file);
    withTable(first).add('kept');
    first.keep('boots', '1');
    first.close();
    const second = new Store(file);
    expect(withTable(second).names()).toEqual(['kept']);
    expect(second.setting('boots')).toBe('1');
    second.close();
  });

  it('refuses a state of another layout, and says what to do', () => {
    const folder = mkdtempSync(join(tmpdir(), 'skein-store-'));
    folders.push(folder);
    const file = join(folder, 'state.db');
    const store = new Store(file);
    withTable(store).add('kept');
    store.define('pragma user_version = 999');
    store.close();
    expect(() => new Store(file)).toThrow(
      `the state in ${file} was written by another version of Skein: delete the folder ${folder} and deploy again`,
    );
  });

  it('says what to do when the memory is full, and keeps what was there', () => {
    const store = new Store();
    const { add, names } = withTable(store);
    add('before');
    store.define('pragma max_page_count = 4');
    expect(() => store.transaction(() => add('x'.repeat(100_000)))).toThrow(
      'the state in memory has reached the 1 GB that SQLite gives it: keep it in a file instead',
    );
    expect(names()).toEqual(['before']);
  });

  it('comes back to a mark, as often as asked', () => {
    const store = new Store();
    const { add, names } = withTable(store);
    add('before');
    store.mark();
    for (let time = 0; time < 3; time++) {
      store.transaction(() => add('in it'));
      expect(() =>
        store.transaction(() => {
          add('undone');
          throw new Error('no');
        }),
      ).toThrow('no');
      expect(names()).toEqual(['before', 'in it']);
      store.comeBack();
      expect(names()).toEqual(['before']);
    }
    add('kept');
    store.mark();
    add('lost');
    store.comeBack();
    expect(names()).toEqual(['before', 'kept']);
  });

  it('has the tables that were defined after a mark when it comes back', () => {
    const store = new Store();
    store.mark();
    const { add, names } = store.transaction(() => withTable(store));
    add('lost');
    store.comeBack();
    expect(names()).toEqual([]);
    add('again');
    expect(names()).toEqual(['again']);
    store.comeBack();
    expect(names()).toEqual([]);
  });

  it('has the tables that were dropped after a mark when it comes back, with their rows', () => {
    const store = new Store();
    const { add, names } = withTable(store);
    add('before');
    store.mark();
    for (let time = 0; time < 2; time++) {
      store.transaction(() => store.drop('item'));
      expect(names).toThrow('no such table');
      store.comeBack();
      expect(names()).toEqual(['before']);
    }
  });

  it('comes back to a mark when the memory is full', () => {
    const store = new Store();
    const { add, names } = withTable(store);
    add('before');
    store.mark();
    store.define('pragma max_page_count = 4');
    expect(() => store.transaction(() => add('x'.repeat(100_000)))).toThrow('the state in memory has reached');
    store.comeBack();
    expect(names()).toEqual(['before']);
  });

  it('keeps memories apart', () => {
    const one = withTable(new Store());
    const other = withTable(new Store());
    one.add('mine');
    expect(other.names()).toEqual([]);
  });
});

describe('the trace', () => {
  const start = { cause: 0, service: 'sqs', operation: 'SendMessage', principal: 'root', resource: 'arn:queue' };
  const newTrace = (capacity?: number) =>
    new Trace(
      () => 42,
      () => 0,
      capacity,
    );

  it('records a hop with its cause, and tells those who listen', () => {
    const trace = newTrace();
    const heard: number[] = [];
    using _listening = trace.listen(({ id }) => heard.push(id));
    const first = trace.begin(start);
    const second = trace.begin({ ...start, cause: first.id, resource: 'arn:function', target: 'arn:queue' });
    trace.end(second, 'ok');
    trace.end(first, 'denied');
    expect(heard).toEqual([2, 1]);
    expect(trace.causedBy(first)).toEqual([second]);
    expect(trace.of('arn:queue')).toEqual([first, second]);
    expect(first).toMatchObject({ id: 1, at: 42, outcome: 'denied', duration: 0 });
  });

  it('forgets the oldest first', () => {
    const trace = newTrace(3);
    for (let hop = 0; hop < 5; hop++) trace.begin(start);
    expect(trace.all().map(({ id }) => id)).toEqual([3, 4, 5]);
  });

  it('forgets all when told, and goes on counting', () => {
    const trace = newTrace(3);
    for (let hop = 0; hop < 4; hop++) trace.begin(start);
    trace.clear();
    expect(trace.all()).toEqual([]);
    const { id } = trace.begin(start);
    expect(id).toBeGreaterThan(4);
    expect(trace.all().map((hop) => hop.id)).toEqual([id]);
  });
});

describe('credentials', () => {
  const role = {
    kind: 'role',
    account: '111122223333',
    arn: 'arn:session',
    roleArn: 'arn:role',
    id: 'AROA:session',
  } as const;

  it('take an unknown key for the owner of the default account, and twelve digits for the owner of that account', () => {
    const credentials = new Credentials('000000000000');
    expect(credentials.identify('test').principal).toMatchObject({ kind: 'root', account: '000000000000' });
    expect(credentials.identify('111122223333').principal.arn).toBe('arn:aws:iam::111122223333:root');
  });

  it('know the keys that were issued until they are withdrawn, and those that are rows', () => {
    const credentials = new Credentials('000000000000');
    credentials.lookUp((key) => (key === 'AKIAROW' ? { principal: role } : undefined));
    const issued = credentials.issue('ASIA1', { principal: role });
    expect(credentials.identify('ASIA1').principal).toBe(role);
    expect(credentials.identify('AKIAROW').principal).toBe(role);
    issued[Symbol.dispose]();
    expect(credentials.identify('ASIA1').principal.kind).toBe('root');
  });
});
