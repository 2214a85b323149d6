import { generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Store } from '../../kernel/store.ts';

const YEAR_MS = 365 * 86_400_000;
/** AWS signs with 2048 bits, which cost 6 times as much for each message; nobody is to be kept out here. */
const KEY_BITS = 1024;

interface Identity {
  readonly cert: string;
  readonly key: KeyObject;
  readonly url: string;
}

/** Signs notifications with a key of this cloud's own, whose certificate it serves on a loopback port. */
export class Signer {
  readonly #environment: Pick<ServiceEnvironment, 'store' | 'endpoints' | 'scheduler'>;
  #identity: Identity | undefined;
  #making: Promise<Identity> | undefined;

  constructor(environment: Pick<ServiceEnvironment, 'store' | 'endpoints' | 'scheduler'>) {
    this.#environment = environment;
  }

  /** Undefined until {@link ready} has resolved. */
  get certificateUrl(): string | undefined {
    return this.#identity?.url;
  }

  /** Makes the key, if there is none yet, and serves its certificate. */
  async ready(): Promise<void> {
    this.#making ??= this.#make();
    this.#identity = await this.#making;
  }

  /** @param version - 1: SHA-1, 2: SHA-256 */
  sign(text: string, version: string): string {
    const key = this.#identity?.key;
    if (key === undefined) throw new Error('the signer is not ready');
    return sign(version === '2' ? 'RSA-SHA256' : 'RSA-SHA1', Buffer.from(text), key).toString('base64');
  }

  async #make(): Promise<Identity> {
    const { store, endpoints, scheduler } = this.#environment;
    const { cert, key } = await kept(store, scheduler.now);
    const path = `/SimpleNotificationService-${hash('md5', cert)}.pem`;
    const { url } = await endpoints.open({
      key: 'sns/certificate',
      awsUrl: 'https://certificates.sns.skein.invalid',
      handle: async (request) =>
        request.path === path
          ? { status: 200, headers: [['content-type', 'application/x-pem-file']], body: cert }
          : { status: 404, headers: [], body: '' },
    });
    return { cert, key, url: `${url}${path}` };
  }
}

/** The key and certificate of this state, made at the first use. */
async function kept(store: Store, now: number): Promise<{ readonly cert: string; readonly key: KeyObject }> {
  const { createPrivateKey } = await import('node:crypto');
  const cert = store.setting('sns/certificate');
  const key = store.setting('sns/key');
  if (cert !== undefined && key !== undefined) return { cert, key: createPrivateKey(key) };
  const made = await make(now);
  store.keep('sns/certificate', made.cert);
  store.keep('sns/key', made.key);
  return { cert: made.cert, key: createPrivateKey(made.key) };
}

async function make(now: number): Promise<{ readonly cert: string; readonly key: string }> {
  const { generate } = await import('selfsigned');
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: KEY_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const { cert } = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], {
    algorithm: 'sha256',
    keyPair: { privateKey, publicKey },
    notBeforeDate: new Date(now - YEAR_MS),
    notAfterDate: new Date(now + 30 * YEAR_MS),
  });
  return { cert, key: privateKey };
}
