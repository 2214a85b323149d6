import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startEvents } from './test/events.ts';

it('goes on after a restart with what was accepted and what is scheduled', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-test-'));
  try {
    let now: Date;
    {
      await using first = await startEvents({ folder });
      const Arn = await first.queue('q');
      const fault = first.cloud.faults.throttle(Arn);
      await first.rule('orders', { Arn });
      await first.rule('ticks', { Arn }, { ScheduleExpression: 'rate(1 hour)', EventPattern: undefined });
      await first.put({ n: 1 });
      await first.cloud.settle();
      fault[Symbol.dispose]();
      now = first.cloud.clock.now;
    }
    await using second = await startEvents({ folder, now });
    await second.cloud.clock.advance('1 hour');
    const kinds = (await second.messages('q')).map(({ body }) => JSON.parse(body)['detail-type']);
    expect(kinds).toEqual(['order', 'Scheduled Event']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
