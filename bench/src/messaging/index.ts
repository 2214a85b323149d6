import type { Row, RunOptions } from '../row.ts';
import { advance } from './advance.ts';
import { consumers } from './consumers.ts';
import { fanOut } from './fanOut.ts';
import { growth, queues } from './queues.ts';

const PARTS = { queues, growth, fanOut, consumers, advance } as const;

/** The figures of messaging. */
export async function run(options: RunOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (options.only === undefined || name.includes(options.only)) rows.push(...(await part(options)));
  }
  return rows;
}
