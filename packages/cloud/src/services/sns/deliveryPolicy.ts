import { invalidParameter } from './errors.ts';
import type { Subscription } from './subscription.ts';
import type { Topic } from './topic.ts';

/** How often and when a delivery over HTTP is tried again. Delays in seconds. https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
export interface RetryPolicy {
  readonly minDelayTarget: number;
  readonly maxDelayTarget: number;
  readonly numRetries: number;
  readonly numMaxDelayRetries: number;
  readonly numNoDelayRetries: number;
  readonly numMinDelayRetries: number;
  readonly backoffFunction: string;
}

const DEFAULT_RETRIES: RetryPolicy = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
};
const DEFAULT_CONTENT_TYPE = 'text/plain; charset=UTF-8';
const FUNCTIONS = ['linear', 'arithmetic', 'geometric', 'exponential'];

type Json = Readonly<Record<string, unknown>>;

/** @throws InvalidParameter when a topic's policy is none */
export function checkTopicDeliveryPolicy(text: string, reason: string): void {
  if (text !== '') check(objectAt(read(text, reason), 'http')['defaultHealthyRetryPolicy'], reason);
}

/** @throws InvalidParameter when a subscription's policy is none */
export function checkDeliveryPolicy(text: string, reason: string): void {
  if (text !== '') check(read(text, reason)['healthyRetryPolicy'], reason);
}

/** The policies of a topic, completed, as `EffectiveDeliveryPolicy` gives them. */
export function effectiveTopicPolicy({ attributes }: Pick<Topic, 'attributes'>): object {
  const http = objectAt(readOrNone(attributes['DeliveryPolicy']), 'http');
  return {
    http: {
      defaultHealthyRetryPolicy: { ...DEFAULT_RETRIES, ...objectAt(http, 'defaultHealthyRetryPolicy') },
      disableSubscriptionOverrides: http['disableSubscriptionOverrides'] === true,
      defaultRequestPolicy: {
        headerContentType: objectAt(http, 'defaultRequestPolicy')['headerContentType'] ?? DEFAULT_CONTENT_TYPE,
      },
    },
  };
}

/** What holds for a subscription: its own policies, unless the topic's forbid them, else the topic's. */
export function effectivePolicy(
  topic: Pick<Topic, 'attributes'>,
  { attributes }: Pick<Subscription, 'attributes'>,
): { readonly retries: RetryPolicy; readonly contentType: string } {
  const http = objectAt(readOrNone(topic.attributes['DeliveryPolicy']), 'http');
  const own = http['disableSubscriptionOverrides'] === true ? {} : readOrNone(attributes['DeliveryPolicy']);
  const retries = own['healthyRetryPolicy'] ?? http['defaultHealthyRetryPolicy'];
  const contentType =
    objectAt(own, 'requestPolicy')['headerContentType'] ?? objectAt(http, 'defaultRequestPolicy')['headerContentType'];
  return {
    retries: { ...DEFAULT_RETRIES, ...(retries as Partial<RetryPolicy> | undefined) }, // checked when it was set
    contentType: typeof contentType === 'string' ? contentType : DEFAULT_CONTENT_TYPE,
  };
}

/** A subscription's `EffectiveDeliveryPolicy`. */
export function describePolicy(
  topic: Pick<Topic, 'attributes'>,
  subscription: Pick<Subscription, 'attributes'>,
): object {
  const { retries, contentType } = effectivePolicy(topic, subscription);
  return {
    healthyRetryPolicy: retries,
    sicklyRetryPolicy: null,
    throttlePolicy: null,
    requestPolicy: { headerContentType: contentType },
    guaranteed: false,
  };
}

/** Milliseconds before the n-th retry (1 is the first), or undefined when there is none. */
export function httpRetryDelay(policy: RetryPolicy, retry: number): number | undefined {
  if (retry > policy.numRetries) return undefined;
  const backoffStart = policy.numNoDelayRetries + policy.numMinDelayRetries;
  const backoffs = policy.numRetries - backoffStart - policy.numMaxDelayRetries;
  if (retry <= policy.numNoDelayRetries) return 0;
  if (retry <= backoffStart) return policy.minDelayTarget * 1000;
  const step = retry - backoffStart;
  if (step > backoffs) return policy.maxDelayTarget * 1000;
  const share = backoffs <= 1 ? 0 : (step - 1) / (backoffs - 1);
  const { minDelayTarget: from, maxDelayTarget: to } = policy;
  return Math.round(1000 * between(policy.backoffFunction, from, to, share));
}

/** From the smallest to the largest delay, on the curve of that name. */
function between(curve: string, from: number, to: number, share: number): number {
  if (curve === 'arithmetic') return from + (to - from) * share ** 2;
  if (curve === 'geometric') return from + (to - from) * share ** 3;
  if (curve === 'exponential') return from * (to / from) ** share;
  return from + (to - from) * share;
}

/** Milliseconds before the n-th retry of a delivery to a service of AWS: it is tried for 23 days. */
export function serviceRetryDelay(retry: number): number | undefined {
  if (retry <= 3) return 0;
  if (retry <= 5) return 1000;
  if (retry <= 15) return Math.round(1000 * 20 ** ((retry - 6) / 9));
  return retry <= 100_015 ? 20_000 : undefined;
}

function check(policy: unknown, reason: string): void {
  if (policy === undefined || policy === null) return;
  const { minDelayTarget, maxDelayTarget, numRetries, backoffFunction, ...counts } = {
    ...DEFAULT_RETRIES,
    ...(policy as Partial<RetryPolicy>), // each member is checked below
  };
  const refuse = (what: string) => invalidParameter(`${reason}DeliveryPolicy: ${what}`);
  if (!whole(minDelayTarget, 1, 3600)) throw refuse('minDelayTarget must be between 1 and 3600');
  if (!whole(maxDelayTarget, minDelayTarget, 3600))
    throw refuse('maxDelayTarget must be between minDelayTarget and 3600');
  if (!whole(numRetries, 0, 100)) throw refuse('numRetries must be between 0 and 100');
  if (!FUNCTIONS.includes(backoffFunction)) throw refuse(`backoffFunction must be one of ${FUNCTIONS.join(', ')}`);
  const { numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries } = counts;
  for (const count of [numNoDelayRetries, numMinDelayRetries, numMaxDelayRetries])
    if (!whole(count, 0, numRetries)) throw refuse('the numbers of retries must be between 0 and numRetries');
  if (numNoDelayRetries + numMinDelayRetries + numMaxDelayRetries > numRetries)
    throw refuse('the numbers of retries must not exceed numRetries');
}

const whole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

function read(text: string, reason: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Json; // an object
  } catch {
    // said below
  }
  throw invalidParameter(`${reason}DeliveryPolicy: failed to parse JSON.`);
}

const readOrNone = (text: string | undefined): Json =>
  text === undefined || text === '' ? {} : (JSON.parse(text) as Json); // checked when it was set

function objectAt(value: Json, name: string): Json {
  const found = value[name];
  return typeof found === 'object' && found !== null ? (found as Json) : {}; // an object
}
