import { DynamoDBClient, type PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { type Cloud, startCloud } from '@skein/cloud';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Claim, dynamoDbStore, IDEMPOTENCY_TABLE_NAME, idempotent } from '../../src/idempotency/index.ts';
import { createTable } from './stores.ts';

const context = { getRemainingTimeInMillis: () => 10_000 };
const now = 1_767_225_600_000;
const claim: Claim = { id: 'pay#a', token: 't-1', now, heldUntil: now + 10_000, expiresAt: now + 86_400_500 };

let cloud: Cloud;
let client: DynamoDBClient;
let tables = 0;
let tableName: string;

beforeAll(async () => {
  cloud = await startCloud({ clock: 'virtual' });
  client = cloud.client(DynamoDBClient);
});
afterAll(() => cloud.stop());

async function newStore(): Promise<ReturnType<typeof dynamoDbStore>> {
  tableName = `keys-${tables++}`;
  await createTable(client, tableName);
  return dynamoDbStore({ tableName, client });
}

const items = async () => (await client.send(new ScanCommand({ TableName: tableName }))).Items;

describe('the table of keys', () => {
  it('holds who is at work until when, then the result, and when to forget it in seconds', async () => {
    const store = await newStore();
    await store.claim({ ...claim, payload: 'hash' });
    const kept = { id: { S: 'pay#a' }, token: { S: 't-1' }, payload: { S: 'hash' }, expiresAt: { N: '1767312001' } };
    expect(await items()).toEqual([{ ...kept, heldUntil: { N: String(now + 10_000) } }]);
    await store.complete(claim, '{"ok":true}');
    expect(await items()).toEqual([{ ...kept, result: { S: '{"ok":true}' } }]);
  });

  it('holds nothing of a key that is given up', async () => {
    const store = await newStore();
    await store.claim(claim);
    await store.release({ ...claim, token: 't-2' });
    expect(await items()).toHaveLength(1);
    await store.release(claim);
    expect(await items()).toEqual([]);
  });

  it('is written twice for a run, and once for a duplicate', async () => {
    await newStore();
    const sent: string[] = [];
    const counted = {
      send(command: PutItemCommand): Promise<unknown> {
        sent.push(command.constructor.name);
        return client.send(command);
      },
    };
    const handler = idempotent((_: { id: string }) => 'done', {
      key: 'id',
      store: dynamoDbStore({ tableName, client: counted }),
    });
    await handler({ id: 'a' }, context);
    await handler({ id: 'a' }, context);
    expect(sent).toEqual(['PutItemCommand', 'UpdateItemCommand', 'PutItemCommand']);
  });

  it('gives a key to the attempt whose first write got no answer, and was sent again', async () => {
    const store = await newStore();
    await store.claim(claim);
    expect(await store.claim(claim)).toEqual({ state: 'claimed' });
    expect(await store.claim({ ...claim, token: 't-2' })).toEqual({ state: 'held', heldUntil: claim.heldUntil });
    await store.complete(claim, '1');
    // What is done is not claimed again, not even by itself.
    expect(await store.claim(claim)).toEqual({ state: 'done', result: '1' });
  });

  it('takes no result that an item cannot hold', async () => {
    const store = await newStore();
    const handler = idempotent((_: { id: string }) => 'x'.repeat(400_000), { key: 'id', store });
    await expect(handler({ id: 'a' }, context)).rejects.toMatchObject({
      name: 'ResultError',
      message: expect.stringContaining('has 400002 bytes'),
    });
    await expect(idempotent((_: { id: string }) => 1n, { key: 'id', store })({ id: 'b' }, context)).rejects.toThrow(
      'is no JSON',
    );
    const kept = idempotent((_: { id: string }) => 'x'.repeat(400_000), { key: 'id', store, keepResult: false });
    expect(await kept({ id: 'c' }, context)).toHaveLength(400_000);
  });

  it('says what is wrong when it is not there', async () => {
    const handler = idempotent((_: { id: string }) => 1, { key: 'id', store: dynamoDbStore({ client }) });
    vi.stubEnv(IDEMPOTENCY_TABLE_NAME, '');
    await expect(handler({ id: 'a' }, context)).rejects.toThrow(`${IDEMPOTENCY_TABLE_NAME} is not set`);
    vi.stubEnv(IDEMPOTENCY_TABLE_NAME, 'nowhere');
    await expect(handler({ id: 'a' }, context)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    vi.unstubAllEnvs();
  });
});
