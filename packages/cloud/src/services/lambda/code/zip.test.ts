import { describe, expect, it } from 'vitest';
import { zip } from '../test/zip.ts';
import { readZip, ZipError } from './zip.ts';

const contentsOf = (bytes: Buffer) => readZip(bytes).map((entry) => [entry.path, entry.kind, entry.read().toString()]);

describe('readZip', () => {
  it('reads compressed and stored files, folders and links', () => {
    const bytes = zip({
      'index.js': 'x'.repeat(1000),
      'lib/': '',
      'lib/a.txt': { data: 'plain', stored: true },
      'bin/run': { data: '../lib/a.txt', mode: 0o120777 },
    });
    expect(contentsOf(bytes)).toEqual([
      ['index.js', 'file', 'x'.repeat(1000)],
      ['lib', 'folder', ''],
      ['lib/a.txt', 'file', 'plain'],
      ['bin/run', 'link', '../lib/a.txt'],
    ]);
  });

  it('gives permission bits and sizes before anything is unpacked', () => {
    const [entry] = readZip(zip({ 'run.sh': { data: '#!/bin/sh', mode: 0o100755 } }));
    expect([entry?.mode, entry?.size]).toEqual([0o755, 9]);
  });

  it('finds the directory before a comment', () => {
    const bytes = zip({ a: '1' });
    bytes.writeUInt16LE(5, bytes.length - 2);
    expect(contentsOf(Buffer.concat([bytes, Buffer.from('hello')]))).toEqual([['a', 'file', '1']]);
  });

  it.each(['../evil', 'a/../../evil', '/etc/passwd', 'a\\..\\evil', 'C:/evil', 'a\0b'])(
    'refuses the path %j',
    (path) => {
      expect(() => readZip(zip({ [path]: 'x' }))).toThrow(ZipError);
    },
  );

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no zip archive at all, but long enough')],
    ['an archive without its end', zip({ a: '1' }).subarray(0, -10)],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readZip(bytes)).toThrow(ZipError);
  });

  it('refuses a file that is longer than it says, without unpacking it whole', () => {
    const bytes = zip({ bomb: '0'.repeat(10_000_000) });
    const central = bytes.indexOf(Buffer.from('PK\u0001\u0002'));
    bytes.writeUInt32LE(10, central + 24);
    expect(() => readZip(bytes)[0]?.read()).toThrow(ZipError);
  });

  it('refuses a file that is cut off or damaged', () => {
    const bytes = zip({ a: 'some text that is packed' });
    bytes.fill(0xff, 31, 45);
    expect(() => readZip(bytes)[0]?.read()).toThrow(ZipError);
  });

  it('reads or refuses what was damaged anywhere, and does nothing else', () => {
    const whole = zip({ 'index.js': 'x'.repeat(200), 'lib/a.txt': { data: 'plain', stored: true } });
    for (let at = 0; at < whole.length; at++) {
      for (const value of [0x00, 0x7f, 0xff]) {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        try {
          contentsOf(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ZipError);
        }
      }
    }
  });
});
