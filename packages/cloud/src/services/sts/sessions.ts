import type { Credentials } from '../../kernel/credentials.ts';
import type { Random, Stream } from '../../kernel/random.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import type { Store } from '../../kernel/store.ts';
import { identityOf, type Session } from './session.ts';
import type { SessionStore } from './sessionStore.ts';

/**
 * How long an ended session is remembered: its key is refused as expired. After that it would be a key that nobody knows, which stands for
 * the account's owner.
 */
const REMEMBERED = 90 * 86_400_000;

/** Gives out temporary credentials. They are rows: usable at once, and after a restart. */
export class Sessions {
  readonly #store: Store;
  readonly #rows: SessionStore;
  readonly #credentials: Credentials;
  readonly #random: Random;
  readonly #scheduler: Scheduler;

  constructor(parts: {
    readonly store: Store;
    readonly rows: SessionStore;
    readonly credentials: Credentials;
    readonly random: Random;
    readonly scheduler: Scheduler;
  }) {
    this.#store = parts.store;
    this.#rows = parts.rows;
    this.#credentials = parts.credentials;
    this.#random = parts.random;
    this.#scheduler = parts.scheduler;
  }

  /** Begins a session. */
  begin(
    { principal, policies, tags, sourceIdentity }: Pick<Session, 'principal' | 'policies' | 'tags' | 'sourceIdentity'>,
    seconds: number,
  ): Session {
    const stream = this.#random.of(`session/${principal.arn}`);
    const session: Session = {
      accessKeyId: `ASIA${stream.letters(16)}`,
      secretAccessKey: base64(stream, 40),
      sessionToken: `IQoJb3JpZ2lu${base64(stream, 244)}`,
      expires: this.#scheduler.now + seconds * 1000,
      principal,
      policies,
      tags,
      sourceIdentity,
    };
    this.#store.transaction(() => this.#rows.insert(session));
    this.#credentials.issue(session.accessKeyId, identityOf(session));
    this.#watch();
    return session;
  }

  /** The session of an access key, whether it has ended or not. */
  find(accessKeyId: string): Session | undefined {
    return this.#rows.find(accessKeyId);
  }

  /** The session of a principal that ends last. A call does not say which of several it belongs to. */
  latestOf(arn: string): Session | undefined {
    return this.#rows.latestOf(arn);
  }

  /** Makes the sessions of all rows known. */
  resume(): void {
    this.#credentials.lookUp((accessKeyId) => {
      const session = accessKeyId.startsWith('ASIA') ? this.#rows.find(accessKeyId) : undefined;
      return session === undefined ? undefined : identityOf(session);
    });
    this.#watch();
  }

  /** Posts the end of the first memory. */
  #watch(): void {
    const end = this.#rows.firstEnd();
    if (end === undefined) return;
    this.#scheduler.wake('sts/sessions', end + REMEMBERED, 'the end of sessions', 0, () => this.#purge(), 'decay');
  }

  #purge(): void {
    const purged = this.#store.transaction(() => this.#rows.purge(this.#scheduler.now - REMEMBERED));
    for (const accessKeyId of purged) this.#credentials.forget(accessKeyId);
    this.#watch();
  }
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const base64 = (stream: Stream, length: number): string =>
  Array.from({ length }, () => CHARACTERS.charAt(stream.next() & 63)).join('');
