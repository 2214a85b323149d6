import { parseArn } from '../../kernel/names.ts';
import { invalidValue } from './errors.ts';

/** Where messages go that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

const refuse = (policy: string, reason: string): Error => invalidValue(policy, 'RedrivePolicy', reason);

/** A redrive policy as a queue has it. @throws InvalidParameterValue when it is none */
export function parseRedrivePolicy(text: string): RedrivePolicy {
  const policy = parseMap(text);
  if (policy === undefined) throw refuse(text, 'Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount } = policy;
  for (const name of ['deadLetterTargetArn', 'maxReceiveCount']) {
    if (policy[name] === undefined) throw refuse(text, `Redrive policy does not contain mandatory attribute: ${name}.`);
  }
  if (typeof deadLetterTargetArn !== 'string' || parseArn(deadLetterTargetArn)?.service !== 'sqs') {
    throw refuse(text, 'Invalid value for deadLetterTargetArn.');
  }
  const count = Number(maxReceiveCount);
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw refuse(
      text,
      `Invalid value for maxReceiveCount: ${String(maxReceiveCount)}, valid values are from 1 to 1000 both inclusive.`,
    );
  }
  return { deadLetterTargetArn, maxReceiveCount: count };
}

/** Who may name a queue as their dead-letter queue. */
export interface RedriveAllowPolicy {
  readonly redrivePermission: 'allowAll' | 'denyAll' | 'byQueue';
  readonly sourceQueueArns: readonly string[];
}

/** @throws InvalidParameterValue when it is none */
export function parseRedriveAllowPolicy(text: string): RedriveAllowPolicy {
  const invalid = (reason: string): Error => invalidValue(text, 'RedriveAllowPolicy', reason);
  const policy = parseMap(text);
  if (policy === undefined) throw invalid('Redrive allow policy is not a valid JSON map.');
  const { redrivePermission, sourceQueueArns = [] } = policy;
  if (redrivePermission !== 'allowAll' && redrivePermission !== 'denyAll' && redrivePermission !== 'byQueue') {
    throw invalid('redrivePermission must be one of allowAll, denyAll and byQueue.');
  }
  if (!Array.isArray(sourceQueueArns) || sourceQueueArns.length > 10) {
    throw invalid('sourceQueueArns must be a list of at most 10 ARNs.');
  }
  if ((redrivePermission === 'byQueue') !== sourceQueueArns.length > 0) {
    throw invalid('sourceQueueArns must be given with byQueue, and only then.');
  }
  return { redrivePermission, sourceQueueArns: sourceQueueArns.map(String) };
}

/** Whether a queue with this policy may be the dead-letter queue of another. */
export function allowsSource(policy: string | undefined, sourceArn: string): boolean {
  if (policy === undefined) return true;
  const { redrivePermission, sourceQueueArns } = parseRedriveAllowPolicy(policy);
  return redrivePermission === 'allowAll' || (redrivePermission === 'byQueue' && sourceQueueArns.includes(sourceArn));
}

function parseMap(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>) // a JSON object
      : undefined;
  } catch {
    return undefined;
  }
}
