import { describe, expect, it } from 'vitest';
import type { StandardSchema } from '../../src/api/standardSchema.ts';
import { BatchEventError, type BatchLogger, batch, type SqsBatchOptions } from '../../src/batch/index.ts';
import { change, click, context, eventOf, message } from './events.ts';

interface Order {
  readonly n: string;
}

const orderSchema: StandardSchema<Order> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const { n } = Object(value);
      return typeof n === 'string'
        ? { value: { n: n.toUpperCase() } }
        : { issues: [{ message: 'no text', path: ['n'] }] };
    },
  },
};

/** A logger that keeps what it hears. */
function listening() {
  const heard: [level: string, message: string, detail: object][] = [];
  const logger: BatchLogger = {
    error: (text, detail) => heard.push(['error', text, detail]),
    warn: (text, detail) => heard.push(['warn', text, detail]),
  };
  return { heard, logger };
}

const silent: BatchLogger = { error: () => undefined, warn: () => undefined };

/** Handles messages, fails those that are named, and says which it saw. */
async function run(records: object[], failing: readonly string[], options: SqsBatchOptions = {}) {
  const seen: string[] = [];
  const handler = batch(
    ({ messageId }) => {
      seen.push(messageId);
      if (failing.includes(messageId)) throw new Error(`${messageId} is bad`);
    },
    { logger: silent, ...options },
  );
  const { batchItemFailures } = await handler(eventOf(...records), context);
  return { seen, failed: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier) };
}

describe('a batch of a standard queue', () => {
  it('reports the failed messages and handles all others', async () => {
    const records = ['a', 'b', 'c', 'd'].map((id) => message(id));
    expect(await run(records, ['b', 'd'])).toEqual({ seen: ['a', 'b', 'c', 'd'], failed: ['b', 'd'] });
    expect(await run(records, [])).toEqual({ seen: ['a', 'b', 'c', 'd'], failed: [] });
  });

  it('hands over each message with its JSON, its text and its count', async () => {
    const seen: unknown[] = [];
    const handler = batch<Order>(({ messageId, body, text, receiveCount }) =>
      seen.push([messageId, body.n, text, receiveCount]),
    );
    await handler(eventOf(message('a', { n: 'x' })), context);
    expect(seen).toEqual([['a', 'x', '{"n":"x"}', 2]]);
  });

  it('handles messages of a fair queue, which have groups, independently', async () => {
    const fair = (id: string) => ({ ...message(id), attributes: { MessageGroupId: 'tenant' } });
    expect(await run([fair('a'), fair('b')], ['a'])).toEqual({ seen: ['a', 'b'], failed: ['a'] });
  });

  it('fails a message whose body is no JSON when it is read, and none that is never read', async () => {
    const { heard, logger } = listening();
    const reading = batch(({ body }) => body, { logger });
    expect(await reading(eventOf(message('a', '{"n":'), message('b')), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'a' }],
    });
    expect(heard).toMatchObject([['error', 'record failed', { messageId: 'a', name: 'InvalidRecordError' }]]);
    const notReading = batch(({ text }) => text, { logger });
    expect(await notReading(eventOf(message('a', 'plain text')), context)).toEqual({ batchItemFailures: [] });
  });

  it.each([1, 2, 3])('handles %i at once', async (parallelism) => {
    let running = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const handler = batch(
      async () => {
        most = Math.max(most, ++running);
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          // Whoever makes the number full lets all go on.
          if (running === parallelism) for (const go of waiting.splice(0)) go();
        });
        running--;
      },
      { parallelism },
    );
    await handler(eventOf(...Array.from({ length: 6 }, (_, index) => message(`m${index}`))), context);
    expect(most).toBe(parallelism);
  });
});

describe('a batch of a FIFO queue', () => {
  const records = [message('a1', {}, 'A'), message('b1', {}, 'B'), message('a2', {}, 'A'), message('b2', {}, 'B')];

  it('stops at the first failure, and leaves the rest as it came', async () => {
    expect(await run(records, ['b1'])).toEqual({ seen: ['a1', 'b1'], failed: ['b1', 'a2', 'b2'] });
  });

  it('goes on with the other groups when it may, and leaves the rest of the group', async () => {
    const { seen, failed } = await run(records, ['a1'], { stopAfterFailure: 'group' });
    expect(seen).toEqual(['a1', 'b1', 'b2']);
    expect(failed).toEqual(['a1', 'a2']);
  });

  it('waits no more for a message that failed in its last attempt', async () => {
    // They were received for the second time, see message().
    const last = { maxReceiveCount: 2 };
    expect(await run(records, ['a1'], last)).toEqual({ seen: ['a1', 'b1', 'a2', 'b2'], failed: ['a1'] });
    expect((await run(records, ['a1'], { ...last, stopAfterFailure: 'group' })).failed).toEqual(['a1']);
    expect((await run(records, ['a1'], { maxReceiveCount: 3 })).seen).toEqual(['a1']);
  });

  it('handles groups side by side, those of one group one after the other', async () => {
    const events: string[] = [];
    const started = new Map<string, () => void>();
    const bothRun = Promise.all(['A', 'B'].map((group) => new Promise<void>((resolve) => started.set(group, resolve))));
    const handler = batch(
      async ({ messageId, messageGroupId = '' }) => {
        events.push(`begin ${messageId}`);
        started.get(messageGroupId)?.();
        await bothRun; // Would never end if the groups ran one after the other.
        events.push(`end ${messageId}`);
      },
      { parallelism: 2 },
    );
    expect(await handler(eventOf(...records), context)).toEqual({ batchItemFailures: [] });
    for (const group of ['a', 'b']) {
      expect(events.filter((event) => event.includes(` ${group}`))).toEqual([
        `begin ${group}1`,
        `end ${group}1`,
        `begin ${group}2`,
        `end ${group}2`,
      ]);
    }
  });

  it('begins nothing more in any group after a failure', async () => {
    const gate = Promise.withResolvers<void>();
    const seen: string[] = [];
    const handler = batch(
      async ({ messageId }) => {
        seen.push(messageId);
        if (messageId === 'a1') throw new Error('bad');
        await gate.promise;
      },
      { parallelism: 2, logger: { error: () => gate.resolve(), warn: () => undefined } },
    );
    const { batchItemFailures } = await handler(eventOf(...records), context);
    expect(seen).toEqual(['a1', 'b1']);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['a1', 'a2', 'b2']);
  });
});

describe('a batch of a stream', () => {
  it('of Kinesis stops at the first failure and reports its sequence number alone', async () => {
    const seen: unknown[] = [];
    const handler = batch<Order>(
      ({ body, sequenceNumber, partitionKey, data }) => {
        seen.push([sequenceNumber, body.n, partitionKey, data.length]);
        if (sequenceNumber === '2') throw new Error('bad');
      },
      { source: 'kinesis', logger: silent },
    );
    expect(await handler(eventOf(click('1'), click('2'), click('3')), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: '2' }],
    });
    expect(seen).toEqual([
      ['1', '1', 'page', 9],
      ['2', '2', 'page', 9],
    ]);
  });

  it('of DynamoDB stops likewise, and hands over plain items', async () => {
    const seen: object[] = [];
    const handler = batch(
      ({ sequenceNumber, eventName, keys, newImage, oldImage }) => {
        seen.push({ sequenceNumber, eventName, keys, newImage, oldImage });
        if (eventName === 'REMOVE') throw new Error('bad');
      },
      { source: 'dynamodb', logger: silent },
    );
    const event = eventOf(
      change('1', { NewImage: { id: { S: '7' }, n: { N: '1' } } }),
      change('2', { OldImage: { id: { S: '7' } } }),
      change('3'),
    );
    expect(await handler(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(seen).toEqual([
      { sequenceNumber: '1', eventName: 'INSERT', keys: { id: '7' }, newImage: { id: '7', n: 1 }, oldImage: undefined },
      { sequenceNumber: '2', eventName: 'REMOVE', keys: { id: '7' }, newImage: undefined, oldImage: { id: '7' } },
    ]);
  });

  it('has the plain values of every type of DynamoDB', async () => {
    let item: object | undefined;
    const handler = batch(({ newImage }) => (item = newImage), { source: 'dynamodb' });
    const NewImage = {
      text: { S: 'x' },
      whole: { N: '42' },
      part: { N: '-0.5' },
      large: { N: '12345678901234567890' },
      bytes: { B: 'aGk=' },
      yes: { BOOL: true },
      none: { NULL: true },
      map: { M: { list: { L: [{ N: '1' }, { S: 'a' }] } } },
      texts: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2'] },
      blobs: { BS: ['aGk='] },
    };
    await handler(eventOf(change('1', { NewImage })), context);
    expect(item).toEqual({
      text: 'x',
      whole: 42,
      part: -0.5,
      large: 12345678901234567890n,
      bytes: Buffer.from('hi'),
      yes: true,
      none: null,
      map: { list: [1, 'a'] },
      texts: new Set(['a', 'b']),
      numbers: new Set([1, 2]),
      blobs: new Set([Buffer.from('hi')]),
    });
  });
});

describe('a schema', () => {
  it('makes the body, and fails what does not fit before the handler sees it', async () => {
    const { heard, logger } = listening();
    const seen: string[] = [];
    const handler = batch(({ body }) => seen.push(body.n), { schema: orderSchema, logger });
    const event = eventOf(message('a', { n: 'x' }), message('b', { n: 1 }), message('c', '{'));
    expect(await handler(event, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'b' }, { itemIdentifier: 'c' }],
    });
    expect(seen).toEqual(['X']);
    expect(heard).toMatchObject([
      ['error', 'record failed', { messageId: 'b', error: 'the body does not fit the schema: n: no text' }],
      ['error', 'record failed', { messageId: 'c', error: expect.stringContaining('the body is no JSON') }],
    ]);
  });

  it('checks the new image of a change, and lets a removal pass', async () => {
    const seen: unknown[] = [];
    const handler = batch(({ newImage, eventName }) => seen.push([eventName, newImage?.n]), {
      source: 'dynamodb',
      schema: orderSchema,
      logger: silent,
    });
    const event = eventOf(change('1', { NewImage: { n: { S: 'x' } } }), change('2'), change('3', { NewImage: {} }));
    expect(await handler(event, context)).toEqual({ batchItemFailures: [{ itemIdentifier: '3' }] });
    expect(seen).toEqual([
      ['INSERT', 'X'],
      ['REMOVE', undefined],
    ]);
  });
});

describe('the time', () => {
  /** Each record takes so much of it. */
  function timed(total: number, each: number, reserveMilliseconds?: number) {
    let remaining = total;
    const { heard, logger } = listening();
    const seen: string[] = [];
    const handler = batch(
      ({ messageId }) => {
        seen.push(messageId);
        remaining -= each;
      },
      { logger, ...(reserveMilliseconds === undefined ? {} : { reserveMilliseconds }) },
    );
    const ending = { getRemainingTimeInMillis: () => remaining };
    return { seen, heard, answer: (...records: object[]) => handler(eventOf(...records), ending) };
  }

  it('that is left decides whether another record begins; the others come again', async () => {
    const { seen, heard, answer } = timed(3000, 1000);
    expect(await answer(message('a'), message('b'), message('c'), message('d'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'c' }, { itemIdentifier: 'd' }],
    });
    expect(seen).toEqual(['a', 'b']);
    expect(heard).toEqual([
      ['warn', 'records left for a later attempt', { reason: 'the time is over', messageIds: ['c', 'd'] }],
    ]);
  });

  it('is reserved as the option says', async () => {
    const { seen, answer } = timed(3000, 1000, 0);
    await answer(message('a'), message('b'), message('c'), message('d'));
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('never suffices for less than one record, so that a short timeout still gets on', async () => {
    const { seen, answer } = timed(500, 100);
    expect(await answer(message('a'), message('b'))).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] });
    expect(seen).toEqual(['a']);
  });
});

describe('the log', () => {
  it('names each failed message, its error and cause, and what was left behind it', async () => {
    const { heard, logger } = listening();
    const handler = batch(() => Promise.reject(new TypeError('no', { cause: new Error('deep') })), { logger });
    await handler(eventOf(message('a', {}, 'A'), message('b', {}, 'A')), context);
    expect(heard).toEqual([
      [
        'error',
        'record failed',
        {
          messageId: 'a',
          error: 'no',
          name: 'TypeError',
          cause: 'deep',
          stack: expect.stringContaining('TypeError: no'),
        },
      ],
      ['warn', 'records left for a later attempt', { reason: 'a record before them failed', messageIds: ['b'] }],
    ]);
  });

  it('says what was thrown when it is no error', async () => {
    const { heard, logger } = listening();
    await batch(() => Promise.reject('nothing'), { source: 'kinesis', logger })(eventOf(click('9')), context);
    expect(heard).toEqual([['error', 'record failed', { sequenceNumber: '9', error: 'nothing' }]]);
  });
});

describe('a batch handler', () => {
  const handler = batch(() => undefined);

  it('has two parameters, as the Node 24 runtime demands', () => {
    expect(handler).toHaveLength(2);
  });

  it("gives each record handler Lambda's context", async () => {
    const ids: unknown[] = [];
    const asking = batch((_, { awsRequestId }) => ids.push(awsRequestId));
    await asking(eventOf(message('a'), message('b')), { ...context, awsRequestId: 'r-1' });
    expect(ids).toEqual(['r-1', 'r-1']);
  });

  it('answers an empty batch', async () => {
    expect(await handler(eventOf(), context)).toEqual({ batchItemFailures: [] });
  });

  it('refuses the records of another source, and an event that is none', async () => {
    await expect(handler(eventOf(click('1')), context)).rejects.toThrow(
      new BatchEventError("a record is of 'aws:kinesis', not of 'aws:sqs': check batch()'s option source"),
    );
    await expect(handler(Object({ id: 7 }), context)).rejects.toThrow('the event has no Records');
  });

  it('refuses options that are none', () => {
    expect(() => batch(() => undefined, Object({ source: 'kafka' }))).toThrow("source is 'kafka', but must be one of");
    expect(() => batch(() => undefined, { parallelism: 0 })).toThrow('parallelism is 0');
    expect(() => batch(() => undefined, { maxReceiveCount: 0 })).toThrow('maxReceiveCount is 0');
  });
});
