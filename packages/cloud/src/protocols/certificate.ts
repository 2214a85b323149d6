import { X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wall } from '../kernel/clock.ts';

/** A certificate and its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const VALID_DAYS = 825;

/**
 * A certificate for this machine's own names that it signed itself, for clients that insist on HTTPS (`NODE_EXTRA_CA_CERTS` makes Node trust it).
 *
 * @param folder - the state's folder, where it is kept for the next start; undefined: it lives as long as the process
 */
export async function selfSignedCertificate(folder: string | undefined): Promise<Certificate> {
  if (folder === undefined) return generate();
  const certFile = join(folder, 'certificate.pem');
  const keyFile = join(folder, 'certificate-key.pem');
  const kept = await readKept(certFile, keyFile);
  if (kept !== undefined) return kept;
  const made = await generate();
  await mkdir(folder, { recursive: true });
  await writeFile(keyFile, made.key, { mode: 0o600 });
  await writeFile(certFile, made.cert);
  return made;
}

/** What an earlier start kept, if it is still good for a day. */
async function readKept(certFile: string, keyFile: string): Promise<Certificate | undefined> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    return new X509Certificate(cert).validToDate.getTime() > wall.now() + DAY_MS ? { cert, key } : undefined;
  } catch {
    return undefined; // there is none, or none that can be read: another is made
  }
}

async function generate(): Promise<Certificate> {
  const { generate: make } = await import('selfsigned');
  const { cert, private: key } = await make([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    curve: 'P-256',
    notAfterDate: new Date(wall.now() + VALID_DAYS * DAY_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: DNS, value: 'localhost' },
          { type: IP, ip: '127.0.0.1' },
          { type: IP, ip: '::1' },
        ],
      },
    ],
  });
  return { cert, key };
}

const DNS = 2;
const IP = 7;
