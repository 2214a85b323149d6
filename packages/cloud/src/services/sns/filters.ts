import { EventPattern, EventPatternError, PatternIndex } from '../../kernel/eventPattern.ts';
import { invalidParameter } from './errors.ts';
import type { Content } from './message.ts';
import type { Subscription } from './subscription.ts';
import type { SubscriptionStore } from './subscriptionStore.ts';

const MAX_KEYS = 5;
const MAX_COMBINATIONS = 150;
const MAX_BYTES = 153_600;
/** Topics whose filters are kept compiled. */
const MAX_COMPILED = 1000;

type Scope = 'MessageAttributes' | 'MessageBody';

/** @param reason - what AWS puts before its words @throws InvalidParameter when a filter policy is none, or beyond the limits */
export function checkFilterPolicy(text: string, scope: string, reason: string): void {
  const refuse = (what: string) => invalidParameter(`${reason}FilterPolicy: ${what}`);
  if (Buffer.byteLength(text) > MAX_BYTES) throw refuse('Filter policy is too large');
  const { size } = compile(text, scope, refuse);
  if (scope === 'MessageAttributes' && size.depth > 1)
    throw invalidParameter(`${reason}Filter policy scope MessageAttributes does not support nested filter policy`);
  if (size.keys > MAX_KEYS) throw refuse(`Filter policy can not have more than ${MAX_KEYS} keys`);
  if (size.combinations > MAX_COMBINATIONS) throw refuse('Filter policy is too complex');
}

function compile(text: string, scope: string, refuse: (what: string) => Error): EventPattern {
  try {
    return new EventPattern(text, { absentIsNull: scope === 'MessageAttributes' });
  } catch (error) {
    if (!(error instanceof EventPatternError)) throw error;
    throw refuse(error.isSyntax ? `failed to parse JSON. ${error.message}` : error.message);
  }
}

export const scopeOf = ({ attributes }: Pick<Subscription, 'attributes'>): Scope =>
  attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';

/** The subscriptions of a topic, ready to be asked who wants a message. */
interface Compiled {
  readonly unfiltered: readonly Subscription[];
  readonly filtered: Readonly<Record<Scope, PatternIndex<Subscription>>>;
  readonly scopes: ReadonlySet<Scope>;
}

/** Which subscriptions a message is for: their filter policies are compiled once per topic, into an index. */
export class Filters {
  readonly #subscriptions: () => SubscriptionStore;
  readonly #compiled = new Map<string, Compiled>();

  /** @param subscriptions - the store, which is made with {@link forget} and so after this */
  constructor(subscriptions: () => SubscriptionStore) {
    this.#subscriptions = subscriptions;
  }

  /** Must be called when a topic's subscriptions change. */
  forget(topic: string): void {
    this.#compiled.delete(topic);
  }

  /** Those who want a message. */
  of(topic: string, content: Content): readonly Subscription[] {
    const { unfiltered, filtered, scopes } = this.#of(topic);
    const wanting = [...unfiltered];
    if (scopes.has('MessageAttributes'))
      wanting.push(...filtered.MessageAttributes.match(valuesOf(content.attributes)));
    if (scopes.has('MessageBody')) wanting.push(...filtered.MessageBody.match(parsed(content.body)));
    return wanting;
  }

  #of(topic: string): Compiled {
    const known = this.#compiled.get(topic);
    if (known !== undefined) return known;
    const unfiltered: Subscription[] = [];
    const scopes = new Set<Scope>();
    const filtered = {
      MessageAttributes: new PatternIndex<Subscription>(),
      MessageBody: new PatternIndex<Subscription>(),
    };
    for (const { subscription } of this.#subscriptions().ofTopic(topic)) {
      if (!subscription.isConfirmed) continue;
      const policy = subscription.attributes['FilterPolicy'];
      const scope = scopeOf(subscription);
      if (policy === undefined) unfiltered.push(subscription);
      else {
        filtered[scope].set(subscription, new EventPattern(policy, { absentIsNull: scope === 'MessageAttributes' }));
        scopes.add(scope);
      }
    }
    const compiled = { unfiltered, filtered, scopes };
    const [oldest] = this.#compiled.keys();
    if (oldest !== undefined && this.#compiled.size >= MAX_COMPILED) this.#compiled.delete(oldest);
    this.#compiled.set(topic, compiled);
    return compiled;
  }
}

/** Attributes as a policy sees them: numbers, texts, and arrays where they say so. Binary ones are there, and equal nothing. */
function valuesOf(attributes: Content['attributes']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { Type, Value }]) => {
      if (Type === 'String.Array') return [name, parsed(Value) ?? Value];
      if (/^Number\b/.test(Type)) return [name, Number(Value)];
      return [name, /^Binary\b/.test(Type) ? {} : Value];
    }),
  );
}

/** Undefined when it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
