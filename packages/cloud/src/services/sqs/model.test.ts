import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, SQS } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../cloud.ts';
import { parseReceiptHandle } from './receiptHandle.ts';

const MAX_RECEIVES = 3;
const GROUPS = ['a', 'b', 'c'];

/** One copy of a message: a duplicate is another. */
interface Copy {
  /** Which of them it is, as its first handle told. */
  id: number | undefined;
  readonly mid: string;
  readonly group: string | undefined;
  at: number;
  receives: number;
  handle: string | undefined;
  /** Handles of earlier receives. */
  readonly stale: string[];
}

/** What SQS promises of a queue, in the simplest way. */
class Model {
  readonly isFifo: boolean;
  copies: Copy[] = [];
  readonly dead: string[] = [];

  constructor(isFifo: boolean) {
    this.isFifo = isFifo;
  }

  /** What may be received now: in a group, what stands before the first that may not. */
  available(now: number): Copy[] {
    const blocked = new Set<string>();
    return this.copies.filter((copy) => {
      const isVisible = copy.at <= now && !(copy.group !== undefined && blocked.has(copy.group));
      if (copy.at > now && copy.group !== undefined) blocked.add(copy.group);
      return isVisible;
    });
  }

  /** @param available - what could be received when it was */
  received({ MessageId, ReceiptHandle, Attributes }: Message, available: Copy[], until: number): Copy {
    const receives = Number(Attributes?.ApproximateReceiveCount);
    const id = parseReceiptHandle(ReceiptHandle ?? '')?.id;
    const copy = available.find(
      (candidate) =>
        candidate.mid === MessageId &&
        candidate.receives === receives - 1 &&
        candidate.id === (this.copies.some((other) => other.id === id) ? id : undefined),
    );
    if (copy === undefined) throw new Error(`${MessageId} was received a ${receives}. time, which it may not be`);
    available.splice(available.indexOf(copy), 1);
    copy.id = id;
    copy.receives = receives;
    copy.at = until;
    if (copy.handle !== undefined) copy.stale.push(copy.handle);
    copy.handle = ReceiptHandle;
    return copy;
  }

  /** @param note - of the hop that says which delivery did not arrive */
  lost(note: string, now: number, until: number): void {
    const [, mid, receives] = /^message (.+), delivery (\d+)$/.exec(note) ?? [];
    const copy = this.available(now).find((each) => each.mid === mid && each.receives === Number(receives) - 1);
    if (copy === undefined) throw new Error(`${note} was lost, which it may not be`);
    copy.receives++;
    copy.at = until;
    if (copy.handle !== undefined) copy.stale.push(copy.handle);
    copy.handle = undefined;
  }
}

// Few messages, short timeouts and many receives: so that messages come again and again, up to being dead letters.
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      group: fc.constantFrom(...GROUPS),
      delay: fc.constantFrom(0, 0, 3),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      most: fc.constantFrom(1, 2, 3, 10),
      timeout: fc.constantFrom(1, 2, 5),
    }),
  },
  // The receiver is killed: before an answer reaches it, or with what it has in hand.
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('lose' as const),
      most: fc.constantFrom(1, 2, 3, 10),
      timeout: fc.constantFrom(1, 2, 5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), pick: fc.nat() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      pick: fc.nat(),
      timeout: fc.constantFrom(0, 0, 2, 9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stale' as const), pick: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 2, 4) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);

interface Run {
  cloud: Cloud;
  sqs: SQS;
}

async function check(
  run: Run,
  restart: (() => Promise<void>) | undefined,
  name: string,
  isFifo: boolean,
  duplicates: number,
  actions: readonly (typeof action extends fc.Arbitrary<infer Action> ? Action : never)[],
): Promise<void> {
  run.cloud.trace.clear();
  const suffix = isFifo ? '.fifo' : '';
  const kind: Record<string, string> = isFifo ? { FifoQueue: 'true' } : {};
  const letters = await run.sqs.createQueue({ QueueName: `${name}-dead${suffix}`, Attributes: kind });
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${name}-dead${suffix}`;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: MAX_RECEIVES });
  await run.sqs.createQueue({ QueueName: name + suffix, Attributes: { ...kind, RedrivePolicy } });
  const url = () => `${run.cloud.url}/000000000000/${name}${suffix}`;
  const arn = `arn:aws:sqs:us-east-1:000000000000:${name}${suffix}`;
  if (duplicates > 0) run.cloud.faults.duplicate(arn, { rate: duplicates });
  const model = new Model(isFifo);
  const now = (): number => run.cloud.clock.now.getTime();
  let sent = 0;
  const receive = async (most: number, seconds: number): Promise<void> => {
    const hops = run.cloud.trace.of(arn).length;
    const { Messages = [] } = await run.sqs.receiveMessage({
      QueueUrl: url(),
      MaxNumberOfMessages: most,
      VisibilityTimeout: seconds,
      MessageSystemAttributeNames: ['All'],
    });
    // A receive looks no further than it needs: what is spent is buried up to there.
    const spentAndWanted = model.available(now()).filter(({ receives }) => receives >= MAX_RECEIVES).length;
    const fresh = model.available(now()).filter(({ receives }) => receives < MAX_RECEIVES);
    const losses = run.cloud.trace
      .of(arn)
      .slice(hops)
      .filter(({ operation }) => operation === 'DropMessage');
    for (const { note = '' } of losses) model.lost(note, now(), now() + seconds * 1000);
    if (losses.length === 0 && (!isFifo || spentAndWanted === 0)) {
      expect(Messages.length).toBe(Math.min(most, fresh.length));
    }
    if (isFifo) expectInOrder(model, Messages, now());
    if (spentAndWanted > 0) {
      const hopsOfMoves = run.cloud.trace.of(arn).slice(hops);
      for (const { operation, note } of hopsOfMoves) {
        if (operation !== 'MoveMessage') continue;
        const mid = note?.slice('message '.length) ?? '';
        const spent = model.available(now()).find((copy) => copy.mid === mid && copy.receives >= MAX_RECEIVES);
        expect(spent).toBeDefined();
        model.copies = model.copies.filter((copy) => copy !== spent);
        model.dead.push(mid);
      }
    }
    const duplicated = run.cloud.trace
      .of(arn)
      .slice(hops)
      .filter(({ outcome }) => outcome === 'duplicate')
      .map(({ note }) => note);
    const available = model.available(now());
    const copies = Messages.map((message) => model.received(message, available, now() + seconds * 1000));
    for (const copy of copies) {
      const place = duplicated.indexOf(`message ${copy.mid}, delivery ${copy.receives}`);
      if (place < 0) continue;
      duplicated.splice(place, 1);
      // A FIFO queue delivers a second time only because the first delivery timed out.
      if (isFifo) copy.at = now();
      else model.copies.push({ ...copy, id: undefined, at: now(), handle: undefined, stale: [] });
    }
  };
  for (const step of actions) {
    if (step.kind === 'send') {
      const { MessageId = '' } = await run.sqs.sendMessage({
        QueueUrl: url(),
        MessageBody: `message ${++sent}`,
        ...(isFifo ? { MessageGroupId: step.group, MessageDeduplicationId: `${sent}` } : { DelaySeconds: step.delay }),
      });
      const group = isFifo ? step.group : undefined;
      const at = now() + (isFifo ? 0 : step.delay * 1000);
      model.copies.push({ id: undefined, mid: MessageId, group, at, receives: 0, handle: undefined, stale: [] });
    } else if (step.kind === 'receive') {
      await receive(step.most, step.timeout);
    } else if (step.kind === 'lose') {
      // Which copy of a doubled message was lost, nobody can tell.
      using _fault = duplicates > 0 ? undefined : run.cloud.faults.drop(arn, { rate: 0.7 });
      await receive(step.most, step.timeout);
    } else if (step.kind === 'die') {
      for (const copy of model.copies) copy.handle = undefined;
    } else if (step.kind === 'wait') {
      await run.cloud.clock.advance(step.seconds * 1000);
    } else if (step.kind === 'restart') {
      await restart?.();
      if (restart !== undefined && duplicates > 0) run.cloud.faults.duplicate(arn, { rate: duplicates });
    } else if (step.kind === 'stale') {
      const copies = model.copies.filter(({ stale }) => stale.length > 0);
      const ReceiptHandle = copies[step.pick % Math.max(copies.length, 1)]?.stale[0];
      if (ReceiptHandle === undefined) continue;
      const call = run.sqs.deleteMessage({ QueueUrl: url(), ReceiptHandle });
      if (isFifo) await expect(call).rejects.toThrow('The receipt handle has expired.');
      else await call;
    } else {
      const held = model.copies.filter(({ handle }) => handle !== undefined);
      const copy = held[step.pick % Math.max(held.length, 1)];
      if (copy === undefined) continue;
      const isExpired = isFifo && copy.at <= now();
      const ReceiptHandle = copy.handle;
      const call =
        step.kind === 'delete'
          ? run.sqs.deleteMessage({ QueueUrl: url(), ReceiptHandle })
          : run.sqs.changeMessageVisibility({ QueueUrl: url(), ReceiptHandle, VisibilityTimeout: step.timeout });
      if (isExpired) await expect(call).rejects.toThrow('The receipt handle has expired.');
      else {
        await call;
        if (step.kind === 'delete') model.copies = model.copies.filter((other) => other !== copy);
        else copy.at = now() + step.timeout * 1000;
      }
    }
    const { Attributes = {} } = await run.sqs.getQueueAttributes({ QueueUrl: url(), AttributeNames: ['All'] });
    const hidden = model.copies.filter(({ at }) => at > now());
    expect([
      Attributes.ApproximateNumberOfMessages,
      Attributes.ApproximateNumberOfMessagesNotVisible,
      Attributes.ApproximateNumberOfMessagesDelayed,
    ]).toEqual([
      String(model.copies.length - hidden.length),
      String(hidden.filter(({ receives }) => receives > 0).length),
      String(hidden.filter(({ receives }) => receives === 0).length),
    ]);
  }
  const dead: string[] = [];
  for (;;) {
    const { Messages = [] } = await run.sqs.receiveMessage({ QueueUrl: letters.QueueUrl, MaxNumberOfMessages: 10 });
    if (Messages.length === 0) break;
    dead.push(...Messages.map(({ MessageId = '' }) => MessageId));
    for (const { ReceiptHandle } of Messages)
      await run.sqs.deleteMessage({ QueueUrl: letters.QueueUrl, ReceiptHandle });
  }
  expect(dead.toSorted()).toEqual(model.dead.toSorted());
}

/** Of each group, the first that may be received, in their order. */
function expectInOrder(model: Model, messages: readonly Message[], now: number): void {
  const available = model.available(now).filter(({ receives }) => receives < MAX_RECEIVES);
  for (const group of GROUPS) {
    const got = messages
      .filter(({ Attributes }) => Attributes?.MessageGroupId === group)
      .map(({ MessageId }) => MessageId);
    const may = available.filter((copy) => copy.group === group).map(({ mid }) => mid);
    expect(got).toEqual(may.slice(0, got.length));
  }
}

it('does what a small model of SQS does, in 200 schedules', { timeout: 120_000 }, async () => {
  await using cloud = await startCloud({ clock: 'virtual', seed: 1 });
  const run: Run = { cloud, sqs: cloud.client(SQS) };
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.constantFrom(0, 0.3),
      fc.array(action, { minLength: 20, maxLength: 80, size: 'max' }),
      (isFifo, duplicates, actions) => check(run, undefined, `q${++runs}`, isFifo, duplicates, actions),
    ),
    { numRuns: 200, seed: 20_260_301 },
  );
  run.sqs.destroy();
});

it('goes on where it was after a restart', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-sqs-'));
  const start = async (now: Date): Promise<Run> => {
    const cloud = await startCloud({ clock: 'virtual', seed: 1, folder, now });
    return { cloud, sqs: cloud.client(SQS) };
  };
  const run = await start(new Date('2026-03-01T12:00:00Z'));
  const restart = async (): Promise<void> => {
    const { now } = run.cloud.clock;
    run.sqs.destroy();
    await run.cloud.stop();
    Object.assign(run, await start(now));
  };
  let runs = 0;
  try {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(action, { minLength: 10, maxLength: 30 }), (isFifo, actions) =>
        check(run, restart, `q${++runs}`, isFifo, 0, actions),
      ),
      { numRuns: 12, seed: 7 },
    );
  } finally {
    run.sqs.destroy();
    await run.cloud.stop();
    rmSync(folder, { recursive: true });
  }
});
