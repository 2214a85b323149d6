import { refusal } from '../../iam/resourcePolicy.ts';
import type { Context } from '../../kernel/service.ts';
import { authorizationError } from './errors.ts';
import type { Topic } from './topic.ts';

/** @throws AuthorizationError when the topic's policy does not let the caller publish */
export function checkPolicy({ attributes, arn, account }: Topic, { principal, sourceArn }: Context): void {
  const policy = attributes['Policy'];
  if (policy === undefined) return;
  const question = { principal, action: 'sns:Publish', resource: arn, sourceArn };
  const why = refusal(policy, account, question, 'SNS:Publish');
  if (why !== undefined) throw authorizationError(why);
}
