import { credentialsOf } from '../answers.ts';
import { check, duration } from '../constraints.ts';
import { accessDenied } from '../errors.ts';
import type { StsDependencies, StsOperations } from '../operation.ts';

const DAY = 86_400;
const HOUR = 3_600;

export const getSessionToken =
  ({ sessions }: StsDependencies): StsOperations['GetSessionToken'] =>
  ({ DurationSeconds }, { principal }) => {
    const isOwner = principal.kind === 'root';
    check(duration(DurationSeconds, isOwner ? HOUR : 36 * HOUR));
    if (principal.kind === 'role') throw accessDenied('Cannot call GetSessionToken with session credentials');
    const session = sessions.begin(
      { principal, policies: [], tags: [], sourceIdentity: undefined },
      DurationSeconds ?? (isOwner ? HOUR : DAY / 2),
    );
    return { Credentials: credentialsOf(session) };
  };
