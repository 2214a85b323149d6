import type { Credentials } from '@aws-sdk/client-sts';
import type { Session } from './session.ts';

/** A session's credentials as AWS answers them. */
export const credentialsOf = ({ accessKeyId, secretAccessKey, sessionToken, expires }: Session): Credentials => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: sessionToken,
  // Whole seconds, as on the wire.
  Expiration: new Date(Math.floor(expires / 1000) * 1000),
});
