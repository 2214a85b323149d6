import type { Identity } from '../../kernel/credentials.ts';

/** Temporary credentials, and whom they stand for. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** ms since 1970, by the cloud's clock. */
  readonly expires: number;
  readonly principal: Identity['principal'];
  /** What narrows the role's permissions in this session: policy documents and ARNs of managed policies. */
  readonly policies: readonly string[];
  /** The session's tags, and which of them go on to the next role. */
  readonly tags: readonly SessionTag[];
  readonly sourceIdentity: string | undefined;
}

/** A tag of a session. */
export interface SessionTag {
  readonly key: string;
  readonly value: string;
  readonly transitive: boolean;
}

/** A session as the cloud knows who calls. */
export const identityOf = ({ principal, secretAccessKey, sessionToken, expires }: Session): Identity => ({
  principal,
  secretAccessKey,
  sessionToken,
  expires,
});
