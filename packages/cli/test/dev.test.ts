import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appWith, startSkein } from './running.ts';

const TEMPLATE = JSON.stringify({
  Parameters: { Colour: { Type: 'String', Default: 'blue' } },
  Resources: {
    Parameter: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/colour', Type: 'String', Value: { Ref: 'Colour' } },
    },
  },
  Outputs: { Name: { Value: { Ref: 'Colour' } } },
});

/** None of our own stack traces, whatever happens. */
const noTrace = (text: string): void => expect(text).not.toMatch(/^\s+at .+\(?.*:\d+:\d+\)?$/m);

describe('skein dev', () => {
  it('starts, deploys, prints the addresses, serves AWS and the page, and stops at Ctrl-C', async () => {
    using app = appWith({ 'template.json': TEMPLATE });
    using skein = startSkein('dev', app.folder, '--port', '0', '--parameters', 'Colour=green');
    const [, url = ''] = await skein.until(/AWS endpoint {2}(http:\S+)/);
    await skein.until(/Ready/);
    expect(skein.written.out).toContain(`${url}/_skein/`);
    expect(skein.written.out).toMatch(/Name {2}green/);
    const page = await fetch(`${url}/_skein/`);
    expect(await page.text()).toContain('<title>Skein</title>');
    const stacks = await (await fetch(`${url}/_skein/api/stacks`)).json();
    expect(stacks).toMatchObject([{ status: 'CREATE_COMPLETE', outputs: [{ name: 'Name', value: 'green' }] }]);
    skein.child.kill('SIGINT');
    expect(await skein.ended()).toBe(0);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    expect(existsSync(join(app.folder, '.skein'))).toBe(true);
  });

  it('finds what it made before when it starts again', async () => {
    using app = appWith({ 'template.json': TEMPLATE });
    for (const expected of [/Deployed/, /stands as it was/]) {
      using skein = startSkein('dev', app.folder, '--port', '0');
      await skein.until(/Ready/);
      expect(skein.written.out).toMatch(expected);
      skein.child.kill('SIGTERM');
      expect(await skein.ended()).toBe(0);
    }
  });

  it('keeps nothing with --in-memory', async () => {
    using app = appWith({ 'template.json': TEMPLATE });
    using skein = startSkein('dev', app.folder, '--port', '0', '--in-memory');
    await skein.until(/Ready/);
    skein.child.kill('SIGINT');
    expect(await skein.ended()).toBe(0);
    expect(existsSync(join(app.folder, '.skein'))).toBe(false);
  });

  it('prints one JSON object a line with --json', async () => {
    using app = appWith({ 'template.json': TEMPLATE });
    using skein = startSkein('dev', app.folder, '--port', '0', '--in-memory', '--json');
    await skein.until(/"READY"/);
    const events = skein.written.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['CLOUD_STARTED', 'PAGE', 'DEPLOYED', 'OUTPUT']),
    );
    expect(events.find(({ code }) => code === 'OUTPUT').data).toEqual({ name: 'Name', value: 'blue' });
    skein.child.kill('SIGINT');
    await skein.ended();
  });
});

describe('Ctrl-C', () => {
  const slow = { 'cdk.json': JSON.stringify({ app: `${process.execPath} -e "setTimeout(() => {}, 60000)"` }) };

  it('ends a deploy that is going on', async () => {
    using app = appWith(slow);
    using skein = startSkein('dev', app.folder, '--port', '0', '--in-memory');
    await skein.until(/Deploying/);
    skein.child.kill('SIGINT');
    expect(await skein.ended()).toBe(0);
  });
});

describe('what is wrong is said once, clearly', () => {
  it('when the port is taken', async () => {
    using app = appWith({ 'template.json': TEMPLATE });
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    using skein = startSkein('dev', app.folder, '--port', String(port));
    expect(await skein.ended()).toBe(1);
    server.close();
    expect(skein.written.error).toContain(`port ${port} is taken`);
    expect(skein.written.error).toContain('--port');
    noTrace(skein.written.error);
  });

  it('when another skein dev has the state', async () => {
    using app = appWith({ 'template.json': TEMPLATE });
    using first = startSkein('dev', app.folder, '--port', '0');
    await first.until(/Ready/);
    using second = startSkein('dev', app.folder, '--port', '0');
    expect(await second.ended()).toBe(1);
    expect(second.written.error).toMatch(/\.skein is in use by another skein dev/);
    noTrace(second.written.error);
    first.child.kill('SIGINT');
    await first.ended();
  });

  it.each<[string, Record<string, string>, string[], RegExp, number]>([
    ['the folder does not exist', {}, ['nowhere'], /there is no '.*nowhere'/, 1],
    ['there is no app in the folder', { 'notes.txt': '' }, [''], /there is no app in '.*': it has no cdk\.json/, 1],
    ['the template is no template', { 'template.yaml': 'Resources: [1' }, [''], /template\.yaml/, 1],
    [
      'a resource type is unknown',
      { 'template.json': '{"Resources":{"A":{"Type":"AWS::Unknown::Thing"}}}' },
      [''],
      /--skip-unsupported[\s\S]*Resources\.A is a AWS::Unknown::Thing/,
      1,
    ],
    [
      'a parameter has no value',
      {
        'template.json': '{"Parameters":{"Stage":{"Type":"String"}},"Resources":{"A":{"Type":"AWS::SSM::Parameter"}}}',
      },
      [''],
      /--parameters Stage=/,
      1,
    ],
    [
      'the command of the app fails',
      { 'cdk.json': JSON.stringify({ app: 'node -e "console.error(\'no such construct\'); process.exit(3)"' }) },
      [''],
      /exit code 3[\s\S]*no such construct/,
      1,
    ],
    [
      'the account is no account',
      { 'template.json': TEMPLATE },
      ['', '--account', '12'],
      /--account must have 12 digits/,
      2,
    ],
  ])('when %s', async (_title, files, [sub = '', ...more], said, code) => {
    using app = appWith(files);
    using skein = startSkein('dev', join(app.folder, sub), '--port', '0', '--in-memory', ...more);
    expect(await skein.ended()).toBe(code);
    expect(skein.written.error).toMatch(said);
    noTrace(skein.written.error);
  });
});

describe('the other commands', () => {
  it('doctor says what it finds', async () => {
    using skein = startSkein('doctor');
    expect(await skein.ended()).toBe(0);
    expect(skein.written.out).toContain(`Node ${process.versions.node}`);
  });

  it('wrong usage ends with 2', async () => {
    using skein = startSkein('dev', '--nope');
    expect(await skein.ended()).toBe(2);
  });
});
