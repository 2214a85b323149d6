import { callSqs } from './amazon.ts';

const BATCH = 10;
const BATCHES_AT_ONCE = 16;

/** Sends messages to a queue; a FIFO queue's are spread over groups. */
export async function fill(port: number, QueueUrl: string, messages: number, groups?: number): Promise<void> {
  for (let first = 0; first < messages; first += BATCH * BATCHES_AT_ONCE) {
    const batches = Array.from({ length: BATCHES_AT_ONCE }, (_, index) => first + index * BATCH);
    await Promise.all(
      batches
        .filter((start) => start < messages)
        .map((start) =>
          callSqs(port, 'SendMessageBatch', {
            QueueUrl,
            Entries: Array.from({ length: Math.min(BATCH, messages - start) }, (_, index) => ({
              Id: `${index}`,
              MessageBody: `message ${start + index} ${'x'.repeat(200)}`,
              ...(groups === undefined
                ? {}
                : {
                    MessageGroupId: `g${(start + index) % groups}`,
                    MessageDeduplicationId: `fill-${start + index}`,
                  }),
            })),
          }),
        ),
    );
  }
}
