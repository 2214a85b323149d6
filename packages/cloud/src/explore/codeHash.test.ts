import { expect, it } from 'vitest';
import type { DeployedStack } from '../deploy/engine.ts';
import { changedParts, codeHashes } from './codeHash.ts';

const stack = (
  template: string,
  fingerprint: string | undefined,
  code: unknown = 'functions/charge',
): DeployedStack => ({
  // What is hashed; nothing else of a stack is read.
  stack: { name: 'Shop', template } as DeployedStack['stack'],
  resources: [
    {
      logicalId: 'Charge',
      type: 'AWS::Lambda::Function',
      properties: { Code: code },
      fingerprint,
    } as unknown as DeployedStack['resources'][number],
  ],
});

const test = { toString: () => 'async ({ app }) => {}' };
const hashes = (...parameters: Parameters<typeof stack>) => codeHashes([stack(...parameters)], test);

it('are equal for what is equal', () => {
  expect(changedParts(hashes('{}', 'a'), hashes('{}', 'a'))).toEqual([]);
});

it('tell which part was changed', () => {
  expect(changedParts(hashes('{}', 'a'), hashes('{}', 'b'))).toEqual(['the code of Charge']);
  expect(changedParts(hashes('{}', undefined, { ZipFile: '1' }), hashes('{}', undefined, { ZipFile: '2' }))).toEqual([
    'the code of Charge',
  ]);
  expect(changedParts(hashes('{}', 'a'), hashes('{"a":1}', 'a'))).toEqual(['the template of Shop']);
  expect(changedParts(hashes('{}', 'a'), codeHashes([stack('{}', 'a')], { toString: () => 'other' }))).toEqual([
    'the test',
  ]);
});

it('tell what was added or is gone', () => {
  expect(changedParts(hashes('{}', 'a'), codeHashes([], test))).toEqual(['the code of Charge', 'the template of Shop']);
  expect(changedParts(codeHashes([], test), hashes('{}', 'a'))).toEqual(['the code of Charge', 'the template of Shop']);
});
