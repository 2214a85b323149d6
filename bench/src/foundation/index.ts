import type { Row, RunOptions } from '../row.ts';
import { deploy } from './deploy.ts';
import { dynamodb, growth, requests } from './dynamodb.ts';
import { invoke } from './invoke.ts';
import { startUp } from './start.ts';

const PARTS = { start: startUp, requests, dynamodb, growth, invoke, deploy } as const;

/** The figures of the foundation. */
export async function run(options: RunOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, part] of Object.entries(PARTS)) {
    if (options.only === undefined || name.includes(options.only)) rows.push(...(await part(options)));
  }
  return rows;
}
