import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> };

it('the example of the README creates an order, and sees its write', async () => {
  const [, example = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const options = ['--conditions=skein:source', '--input-type=module', '-e', example];
  const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: root });
  expect(stdout.trim()).toBe('201 PutItem');
}, 60_000);

it('every npm script that the README names is there', () => {
  const named = [...readme.matchAll(/npm (?:run )?(start|test|[a-z:]+)(?= |`|\n)/g)].map(([, name]) => name ?? '');
  const own = named.filter((name) => !['ci', 'alone', 'run'].includes(name));
  expect(own.length).toBeGreaterThan(3);
  expect(own.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
});

it('every folder and file that the README links to is there', () => {
  for (const [, target = ''] of readme.matchAll(/\]\(([^)#]+)\)/g))
    expect(() => readFileSync(`${root}${target}`), target).not.toThrow(/ENOENT/);
});
