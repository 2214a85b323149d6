import { describe, expect, expectTypeOf, it } from 'vitest';
import { batch, type LambdaContext, type SqsRecord } from '../../src/batch/index.ts';
import { type Deadline, idempotent, memoryStore } from '../../src/idempotency/index.ts';

interface Payment {
  readonly id: string;
  readonly order: { readonly id: string };
}
const store = memoryStore();

// The compiler does the testing here: `npm run types` fails when a type does not flow.
describe('types', () => {
  it('are those of the handler', () => {
    const handler = idempotent(async ({ id }: Payment) => ({ id }), { key: 'id', store });
    expectTypeOf(handler).toEqualTypeOf<(input: Payment, context: Deadline) => Promise<{ id: string }>>();
    const full = idempotent((_: Payment, { awsRequestId }: LambdaContext) => awsRequestId, { key: 'order.id', store });
    expectTypeOf(full).toEqualTypeOf<(input: Payment, context: LambdaContext) => Promise<string | undefined>>();
    // Lambda's nodejs24.x takes no handler of three parameters.
    expect([handler.length, full.length]).toEqual([2, 2]);
  });

  it('know the fields that a key may begin with', () => {
    const handler = (_: Payment) => undefined;
    for (const key of ['id', 'order.id', '$.order.id', "order['id']"] as const) idempotent(handler, { key, store });
    idempotent(handler, { key: ({ order }) => order.id, store });
    // @ts-expect-error a payment has no such field
    idempotent(handler, { key: 'ids', store });
    // @ts-expect-error nor one that has fields
    idempotent(handler, { key: 'orders.id', store });
    // @ts-expect-error an object is no key
    idempotent(handler, { key: ({ order }) => order, store });
    // @ts-expect-error there must be one
    expect(() => idempotent(handler, { store })).toThrow(TypeError);
  });

  it('fit the records of a batch', () => {
    batch<Payment>(
      idempotent((record) => expectTypeOf(record).toEqualTypeOf<SqsRecord<Payment>>(), { key: 'body.id', store }),
    );
    batch<unknown>(
      idempotent(({ messageId }) => expectTypeOf(messageId).toEqualTypeOf<string>(), { key: 'messageId', store }),
    );
  });
});
