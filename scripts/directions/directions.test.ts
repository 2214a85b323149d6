import { describe, expect, it } from 'vitest';
import { importsIn } from './imports.ts';
import { folderOffences, packageOffences } from './rules.ts';

const cloud = (file: string, specifier: string) => ({ file: `packages/cloud/src/${file}`, line: 1, specifier });
const rulesOf = (offences: readonly { readonly rule: string }[]) => offences.map(({ rule }) => rule);

describe('reading imports', () => {
  it('finds every form, with its line, types included', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "export { c } from './c.ts';",
      "const d = await import('./d.ts');",
      "type E = typeof import('./e.ts');",
      "import './f.ts';",
      "const g = require('./g.cjs');",
      'import {',
      '  h,',
      "} from './h.ts';",
    ].join('\n');
    expect(importsIn('x.ts', text).map(({ line, specifier }) => `${line} ${specifier}`)).toEqual([
      '1 ./a.ts',
      '2 ./b.ts',
      '3 ./c.ts',
      '4 ./d.ts',
      '5 ./e.ts',
      '6 ./f.ts',
      '7 ./g.cjs',
      '10 ./h.ts',
    ]);
  });

  it('does not read comments', () => {
    expect(importsIn('x.ts', "// import './a.ts'\n/* from './b.ts' */ /**\n * import { c } from './c.ts' */")).toEqual(
      [],
    );
  });
});

describe('arrows between packages', () => {
  const imported = (file: string, specifier: string) => rulesOf(packageOffences([{ file, line: 1, specifier }]));

  it.each([
    ['packages/cli/src/a.ts', '@skein/cloud'],
    ['packages/cli/src/a.ts', '@skein/explorer'],
    ['packages/patterns/src/a.ts', '@skein/lambda/env'],
    ['packages/cloud/src/a.ts', 'yaml'],
    ['gallery/simple/app.ts', '@skein/patterns'],
    ['gallery/simple/functions/a.ts', '@skein/lambda/api'],
    ['gallery/simple/test/a.test.ts', '@skein/cloud/vitest'],
  ])('lets %s import %s', (file, specifier) => {
    expect(imported(file, specifier)).toEqual([]);
  });

  it.each([
    ['packages/cloud/src/a.ts', '@skein/lambda/env', 'cloud imports no other package'],
    ['packages/explorer/src/a.ts', '@skein/cloud', 'explorer imports no other package'],
    ['packages/patterns/src/a.ts', '@skein/lambda/api', 'patterns imports only @skein/lambda/env'],
    ['gallery/simple/app.ts', '@skein/cloud', 'gallery imports only @skein/patterns, @skein/lambda'],
    ['packages/cloud/src/a.ts', '@skein/gallery', 'nothing imports @skein/gallery'],
    [
      'packages/explorer/src/page/a.ts',
      '../../../cloud/src/a.ts',
      'packages meet through their exports, not through paths',
    ],
  ])('refuses that %s imports %s', (file, specifier, rule) => {
    expect(imported(file, specifier)).toEqual([rule]);
  });
});

describe('arrows between the folders of the cloud', () => {
  it('lets higher folders import lower ones', () => {
    const imports = [
      cloud('protocols/a.ts', '../kernel/clock.ts'),
      cloud('services/sqs/operations/send.ts', '../../../kernel/clock.ts'),
      cloud('services/catalog.ts', './sqs/index.ts'),
      cloud('console/a.ts', '../kernel/trace.ts'),
      cloud('cloud.ts', './services/catalog.ts'),
      cloud('index.ts', './cloud.ts'),
    ];
    expect(folderOffences(imports)).toEqual([]);
  });

  it('refuses that lower folders import higher ones, also for a type', () => {
    expect(rulesOf(folderOffences([cloud('kernel/service.ts', '../deploy/engine.ts')]))).toEqual([
      'kernel lies below deploy',
    ]);
    expect(rulesOf(folderOffences([cloud('deploy/engine.ts', '../services/catalog.ts')]))).toEqual([
      'deploy lies below services',
    ]);
  });

  it('refuses that a service imports another', () => {
    expect(rulesOf(folderOffences([cloud('services/sns/deliver.ts', '../sqs/queue.ts')]))).toEqual([
      'services meet through aws(…), not by imports: sns imports sqs',
    ]);
  });

  it('refuses circles between folders of one layer', () => {
    const imports = [
      cloud('deploy/a.ts', '../iam/a.ts'),
      cloud('iam/a.ts', '../network/a.ts'),
      cloud('network/a.ts', '../deploy/b.ts'),
    ];
    expect(rulesOf(folderOffences(imports))).toEqual(['a circle: deploy -> iam -> network -> deploy']);
  });

  it('asks for a layer when a folder is new', () => {
    expect(rulesOf(folderOffences([cloud('misc/a.ts', '../kernel/clock.ts')]))).toEqual([
      "the folder 'misc' has no layer: add it to scripts/directions/rules.ts",
    ]);
  });
});
