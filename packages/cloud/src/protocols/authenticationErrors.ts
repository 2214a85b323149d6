import { AwsError } from '../kernel/awsError.ts';
import type { ProtocolSettings } from './wire.ts';

/** What can be wrong with who a request says that it is from. */
export type AuthenticationFailure =
  | 'missing'
  | 'incomplete'
  | 'unknownKey'
  | 'wrongToken'
  | 'expiredToken'
  | 'mismatch'
  | 'expired'
  | 'expiredUrl';

/** How AWS says it: the families of its services differ in codes and status. */
type Family = 'json' | 'rest' | 'query' | 's3';
type Said = readonly [code: string, status: number, message?: string];

const WORDS: Readonly<Record<AuthenticationFailure, string>> = {
  missing: 'Missing Authentication Token',
  incomplete:
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  unknownKey: 'The security token included in the request is invalid.',
  wrongToken: 'The security token included in the request is invalid.',
  expiredToken: 'The security token included in the request is expired',
  mismatch:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  expired: 'Signature expired',
  expiredUrl: 'Signature expired',
};

const SAID: Readonly<Record<Family, Readonly<Record<AuthenticationFailure, Said>>>> = {
  json: {
    missing: ['MissingAuthenticationTokenException', 400],
    incomplete: ['IncompleteSignatureException', 400],
    unknownKey: ['UnrecognizedClientException', 400],
    wrongToken: ['UnrecognizedClientException', 400],
    expiredToken: ['ExpiredTokenException', 400],
    mismatch: ['InvalidSignatureException', 400],
    expired: ['InvalidSignatureException', 400],
    expiredUrl: ['InvalidSignatureException', 400],
  },
  rest: {
    missing: ['MissingAuthenticationTokenException', 403],
    incomplete: ['IncompleteSignatureException', 403],
    unknownKey: ['UnrecognizedClientException', 403],
    wrongToken: ['UnrecognizedClientException', 403],
    expiredToken: ['ExpiredTokenException', 403],
    mismatch: ['InvalidSignatureException', 403],
    expired: ['InvalidSignatureException', 403],
    expiredUrl: ['InvalidSignatureException', 403],
  },
  query: {
    missing: ['MissingAuthenticationToken', 403],
    incomplete: ['IncompleteSignature', 400],
    unknownKey: ['InvalidClientTokenId', 403],
    wrongToken: ['InvalidClientTokenId', 403],
    expiredToken: ['ExpiredToken', 403],
    mismatch: ['SignatureDoesNotMatch', 403],
    expired: ['SignatureDoesNotMatch', 403],
    expiredUrl: ['SignatureDoesNotMatch', 403],
  },
  s3: {
    missing: ['AccessDenied', 403, 'Access Denied'],
    incomplete: ['AuthorizationHeaderMalformed', 400, 'The authorization header is malformed.'],
    unknownKey: ['InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
    wrongToken: ['InvalidToken', 400, 'The provided token is malformed or otherwise invalid.'],
    expiredToken: ['ExpiredToken', 400, 'The provided token has expired.'],
    mismatch: [
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ],
    expired: [
      'RequestTimeTooSkewed',
      403,
      'The difference between the request time and the current time is too large.',
    ],
    expiredUrl: ['AccessDenied', 403, 'Request has expired'],
  },
};

/**
 * The error of a request whose sender is not accepted, in the words of its service's family.
 *
 * @param detail - what more is known, where AWS says it
 */
export function authenticationError(
  failure: AuthenticationFailure,
  protocol: ProtocolSettings,
  detail?: string,
): AwsError {
  const [code, status, message = detail ?? WORDS[failure]] = SAID[familyOf(protocol)][failure];
  return new AwsError(code, status, message);
}

function familyOf({ kind, s3 }: ProtocolSettings): Family {
  if (s3 === true) return 's3';
  if (kind === 'query') return 'query';
  return kind === 'json' ? 'json' : 'rest';
}
