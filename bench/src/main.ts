import { existsSync, readdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Row, Run } from './row.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean' }, only: { type: 'string' }, rounds: { type: 'string', default: '5' } },
});
const [name] = positionals;
const here = new URL('.', import.meta.url);
const names = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(new URL(`${entry.name}/index.ts`, here)))
  .map((entry) => entry.name);

if (name === undefined || !names.includes(name)) {
  process.stderr.write(`usage: npm run bench -- <${names.join(' | ')}> [--only <part>] [--rounds <n>] [--json]\n`);
  process.exit(2);
}
const { run } = (await import(new URL(`${name}/index.ts`, here).href)) as { run: Run }; // what the folder of a bench exports
const rows = await run({
  rounds: Number(values.rounds),
  only: values.only,
  log: (text) => process.stderr.write(`${text}\n`),
});
process.stdout.write(values.json === true ? `${JSON.stringify(rows, undefined, 2)}\n` : table(rows));

function table(all: readonly Row[]): string {
  const lines = all.map(({ name: what, value, unit, peer, ratio, goal, holds }) => [
    what,
    `${round(value)} ${unit}`,
    peer === undefined ? '' : `${peer.name} ${round(peer.value)}`,
    ratio === undefined ? '' : round(ratio),
    goal ?? '',
    holds === undefined ? '' : holds ? 'holds' : 'MISSED',
  ]);
  const head = ['figure', 'ours', 'peer', 'ratio', 'goal', ''];
  const widths = head.map((title, column) => Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)));
  return [head, ...lines]
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function round(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
