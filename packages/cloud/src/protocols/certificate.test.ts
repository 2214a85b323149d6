import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { selfSignedCertificate } from './certificate.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-certificate-'));
});

afterEach(() => rm(folder, { recursive: true }));

it('is for the names of this machine alone', async () => {
  const certificate = new X509Certificate((await selfSignedCertificate(undefined)).cert);
  expect(certificate.checkHost('localhost')).toBe('localhost');
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(certificate.checkIP('::1')).toBeDefined();
  expect(certificate.checkHost('example.com')).toBeUndefined();
});

it('is kept in the folder, its key for its owner alone', async () => {
  const state = join(folder, 'new');
  const first = await selfSignedCertificate(state);
  expect(await selfSignedCertificate(state)).toEqual(first);
  expect((await stat(join(state, 'certificate-key.pem'))).mode & 0o077).toBe(0);
});

it('is made anew when what was kept cannot be read', async () => {
  const first = await selfSignedCertificate(folder);
  await writeFile(join(folder, 'certificate.pem'), 'nothing');
  expect((await selfSignedCertificate(folder)).cert).not.toBe(first.cert);
});
