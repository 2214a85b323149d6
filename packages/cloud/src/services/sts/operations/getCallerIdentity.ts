import type { Principal } from '../../../kernel/credentials.ts';
import type { StsDependencies, StsOperations } from '../operation.ts';

export const getCallerIdentity =
  (_: StsDependencies): StsOperations['GetCallerIdentity'] =>
  (_input, { principal }) => ({ UserId: idOf(principal), Account: principal.account, Arn: principal.arn });

/** An owner's id is the account's. */
const idOf = (principal: Principal): string => ('id' in principal ? principal.id : principal.account);
