import { refusal } from '../../iam/resourcePolicy.ts';
import { ownerOf } from '../../kernel/credentials.ts';
import type { Context } from '../../kernel/service.ts';
import { busArn } from './bus.ts';
import { accessDenied } from './errors.ts';
import type { BusScope } from './stores/ruleStore.ts';

/** @param policy - the bus's @throws AccessDeniedException when it does not let the caller put events on the bus */
export function checkPutting(scope: BusScope, policy: string | undefined, { principal, sourceArn }: Context): void {
  if (policy === undefined) return;
  // What a service brings, a rule of another bus first of all, comes for the account that it works for.
  const caller = principal.kind === 'service' ? ownerOf(principal.account) : principal;
  const question = { principal: caller, action: 'events:PutEvents', resource: busArn(scope, scope.bus), sourceArn };
  const why = refusal(policy, scope.account, question);
  if (why !== undefined) throw accessDenied(why);
}
