import { refusal } from '../../iam/resourcePolicy.ts';
import type { Context } from '../../kernel/service.ts';
import { accessDenied } from './errors.ts';
import type { Queue } from './queue.ts';

/** @throws AccessDenied when the queue's policy does not let the caller send */
export function checkSending({ definition, arn, scope }: Queue, { principal, sourceArn }: Context): void {
  const policy = definition.attributes['Policy'];
  if (policy === undefined) return;
  const question = { principal, action: 'sqs:SendMessage', resource: arn, sourceArn };
  const why = refusal(policy, scope.account, question, 'sqs:sendmessage');
  if (why !== undefined) throw accessDenied(why);
}
