import { parseArn } from '../../kernel/names.ts';
import { invalidValue } from './errors.ts';
import type { Queue } from './queue.ts';
import type { QueueAttributes } from './queueAttributes.ts';
import type { Queues } from './queues.ts';
import { allowsSource, parseRedriveAllowPolicy, parseRedrivePolicy } from './redrive.ts';

/**
 * Checks that a queue may have these policies of redrive.
 *
 * @throws InvalidParameterValue
 */
export function checkRedrive(queues: Queues, source: Pick<Queue, 'arn' | 'isFifo'>, attributes: QueueAttributes): void {
  const { RedrivePolicy = '', RedriveAllowPolicy = '' } = attributes;
  if (RedriveAllowPolicy !== '') parseRedriveAllowPolicy(RedriveAllowPolicy);
  if (RedrivePolicy === '') return;
  const refuse = (reason: string): Error => invalidValue(RedrivePolicy, 'RedrivePolicy', reason);
  const { deadLetterTargetArn } = parseRedrivePolicy(RedrivePolicy);
  const from = parseArn(source.arn);
  const to = parseArn(deadLetterTargetArn);
  if (to === undefined || to.account !== from?.account || to.region !== from.region) {
    throw refuse('Dead letter target owner should be same as the source.');
  }
  const target = queues.findByArn(to);
  if (target === undefined) throw refuse('Dead letter target does not exist.');
  if (target.isFifo !== source.isFifo) throw refuse('Dead-letter queue must be same type of queue as the source.');
  if (!allowsSource(target.definition.attributes['RedriveAllowPolicy'], source.arn)) {
    throw refuse(`Queue ${source.arn} is not allowed to use ${target.arn} as its dead-letter queue.`);
  }
}
