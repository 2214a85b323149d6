import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const guide = readFileSync(join(ROOT, 'docs/guides/find-the-race.md'), 'utf8');

/** A listing to write, or a command that the guide says the reader runs now. */
type Step =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | {
      readonly kind: 'run' | 'replay';
      readonly test: string;
      readonly end: 'fails' | 'passes';
      readonly sentence: string;
    };

/** What a reader of the guide does, from top to bottom. */
function stepsOf(text: string): Step[] {
  const pattern = /```\w+ file=(\S+)\n([\s\S]*?)```|<!-- (run|replay) (\S+): (fails|passes) -->/g;
  return [...text.matchAll(pattern)].map((match) => {
    const [, path, listing, command, test, end] = match;
    if (path !== undefined && listing !== undefined) return { kind: 'file', path, text: listing };
    const shown = /^oldest first.*$/m.exec(text.slice(match.index).split('<!-- ')[1] ?? '')?.[0] ?? '';
    // The pattern says which words these are.
    return { kind: command, test, end, sentence: shown } as Step;
  });
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'skein-guide-'));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const conditions = JSON.stringify(['skein:source', 'node', 'import', 'default']);
  writeFileSync(
    join(folder, 'vitest.config.mjs'),
    `export default { resolve: { conditions: ${conditions} }, ssr: { resolve: { conditions: ${conditions} } } };`,
  );
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const vitest = (test: string, environment: Record<string, string> = {}) => {
  const bin = join(ROOT, 'node_modules/vitest/vitest.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, 'run', test], {
    cwd: folder,
    env: { ...process.env, ...environment, NO_COLOR: '1', VITEST: undefined },
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
};

/** The latest record of a failure. */
const record = (): string => {
  const [name = ''] = readdirSync(join(folder, '.skein/failures')).slice(-1);
  return join('.skein/failures', name);
};

describe('the guide "Find the race"', () => {
  const steps = stepsOf(guide);

  it('has listings and runs', () => {
    expect(steps.filter(({ kind }) => kind === 'file').length).toBeGreaterThan(6);
    expect(steps.filter(({ kind }) => kind !== 'file').length).toBeGreaterThan(4);
  });

  for (const step of steps) {
    if (step.kind === 'file') {
      it(`writes ${step.path}`, () => {
        mkdirSync(dirname(join(folder, step.path)), { recursive: true });
        writeFileSync(join(folder, step.path), step.text);
      });
    } else {
      it(`${step.kind}s ${step.test}, which ${step.end}`, { timeout: 120_000 }, () => {
        const { status, output } = vitest(step.test, step.kind === 'replay' ? { SKEIN_REPLAY: record() } : {});
        if (step.end === 'fails') {
          expect(output).toContain(step.kind === 'replay' ? 'fails again in the replay of' : 'fails under schedule');
          expect(output).toContain(step.sentence);
        }
        expect(status, output).toBe(step.end === 'fails' ? 1 : 0);
      });
    }
  }
});
