import { checkTopicDeliveryPolicy } from './deliveryPolicy.ts';
import { invalidParameter, unsupported } from './errors.ts';

const PROTOCOLS = ['HTTP', 'SQS', 'Lambda', 'Firehose', 'Application'];
const FEEDBACK = new Set(
  PROTOCOLS.flatMap((name) => [
    `${name}SuccessFeedbackRoleArn`,
    `${name}SuccessFeedbackSampleRate`,
    `${name}FailureFeedbackRoleArn`,
  ]),
);
const BOOLEANS = new Set(['ContentBasedDeduplication', 'FifoTopic']);
const TEXTS = new Set(['DisplayName', 'KmsMasterKeyId', 'TracingConfig', 'SignatureVersion', 'FifoThroughputScope']);

/** An attribute of a topic, checked, as it is kept. @throws InvalidParameter */
export function topicAttribute(name: string, value: string, reason: string): string {
  const refuse = (what: string) => invalidParameter(`${reason}${what}`);
  if (BOOLEANS.has(name)) {
    if (!/^(true|false)$/i.test(value)) throw refuse(`${name}: Invalid value [${value}]. Must be true or false.`);
    return value.toLowerCase();
  }
  if (name === 'DisplayName' && value.length > 100) throw refuse('DisplayName');
  if (name === 'SignatureVersion' && value !== '1' && value !== '2') throw refuse('SignatureVersion');
  if (name === 'TracingConfig' && value !== 'Active' && value !== 'PassThrough') throw refuse('TracingConfig');
  if (name === 'FifoThroughputScope' && value !== 'Topic' && value !== 'MessageGroup')
    throw refuse('FifoThroughputScope');
  if (name === 'Policy') checkPolicy(value, reason);
  if (name === 'DeliveryPolicy') checkTopicDeliveryPolicy(value, reason);
  if (name === 'ArchivePolicy' || name === 'DataProtectionPolicy') throw unsupported(`the topic attribute ${name}`);
  if (name === 'Policy' || name === 'DeliveryPolicy' || TEXTS.has(name) || FEEDBACK.has(name)) return value;
  throw invalidParameter(reason === '' ? 'AttributeName' : `${reason}Unknown attribute ${name}`);
}

function checkPolicy(text: string, reason: string): void {
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy === 'object' && policy !== null && 'Statement' in policy) return;
  } catch {
    // said below
  }
  throw invalidParameter(`${reason}Policy Error: null`);
}
