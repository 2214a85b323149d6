import { describe, expect, it } from 'vitest';
import { appWith, startSkein } from './running.ts';

async function replay(...parameters: string[]): Promise<{ code: number | null; out: string; error: string }> {
  using skein = startSkein('replay', ...parameters);
  const code = await skein.ended();
  return { code, ...skein.written };
}

describe('skein replay refuses', () => {
  it.each([
    ['a damaged file', '{"test":', /the record .* is damaged: /],
    ['a file that is no record', '[]', /is no record of a failure: it names no test/],
    [
      'a record without a test file',
      '{"test":"counts","testFile":null}',
      /does not say in which file its test 'counts' stands: run that test with SKEIN_REPLAY=/,
    ],
    [
      'a record whose test is gone',
      '{"test":"counts","testFile":"gone/count.test.ts"}',
      /the test of the record is gone: there is no gone\/count\.test\.ts/,
    ],
  ])('%s', async (_, text, message) => {
    using app = appWith({ 'record.json': text });
    const { code, error } = await replay(`${app.folder}/record.json`);
    expect(error).toMatch(message);
    expect(code).toBe(1);
  });

  it('a file that is not there', async () => {
    const { code, error } = await replay('none.json');
    expect(error).toMatch(/there is no '.*none\.json': records of failures lie in \.skein\/failures\//);
    expect(code).toBe(1);
  });

  it('to run without a file', async () => {
    const { code, error } = await replay();
    expect(error).toContain("missing required argument 'file'");
    expect(code).toBe(2);
  });
});
