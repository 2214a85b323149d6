import { describe, expect, expectTypeOf, it } from 'vitest';
import type { StandardSchema } from '../../src/api/standardSchema.ts';
import {
  type BatchHandler,
  batch,
  type DynamoDbRecord,
  type KinesisRecord,
  type SqsRecord,
} from '../../src/batch/index.ts';

interface Order {
  readonly id: string;
}
const schema: StandardSchema<{ id?: string }, Order> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: { id: String(Object(value).id) } }) },
};
const options = { schema };

// The compiler does the testing here: `npm run types` fails when a type does not flow.
describe('types', () => {
  it('are those of a message without options', () => {
    const handler = batch((record) => expectTypeOf(record).toEqualTypeOf<SqsRecord<unknown>>());
    expectTypeOf(handler).toEqualTypeOf<BatchHandler>();
    batch<Order>(({ body }) => expectTypeOf(body).toEqualTypeOf<Order>());
    // @ts-expect-error an unknown body has no fields
    batch(({ body }) => body.id);
    // @ts-expect-error a message has no sequence number
    expect(batch(({ sequenceNumber }) => sequenceNumber)).toBeTypeOf('function');
  });

  it('follow the source', () => {
    batch((record) => expectTypeOf(record).toEqualTypeOf<KinesisRecord<unknown>>(), { source: 'kinesis' });
    batch((record) => expectTypeOf(record).toEqualTypeOf<DynamoDbRecord<Record<string, unknown>>>(), {
      source: 'dynamodb',
    });
    // @ts-expect-error a stream is in order: nothing runs at once
    batch(() => undefined, { source: 'kinesis', parallelism: 2 });
    // @ts-expect-error there is no such source; at run time it is refused too
    expect(() => batch(() => undefined, { source: 'kafka' })).toThrow(TypeError);
  });

  it('follow the schema', () => {
    batch(({ body }) => expectTypeOf(body).toEqualTypeOf<Order>(), options);
    batch(({ body }) => expectTypeOf(body).toEqualTypeOf<Order>(), { ...options, source: 'kinesis' });
    batch(({ newImage }) => expectTypeOf(newImage).toEqualTypeOf<Order | undefined>(), {
      ...options,
      source: 'dynamodb',
    });
    // @ts-expect-error the schema makes no numbers
    expect(batch<number>(() => undefined, options)).toBeTypeOf('function');
  });
});
