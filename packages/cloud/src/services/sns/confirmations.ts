import { hash } from 'node:crypto';
import type { ServiceEnvironment } from '../../kernel/service.ts';
import type { Deliveries } from './deliveries.ts';
import type { Message } from './message.ts';
import { subscribeUrl } from './notification.ts';
import type { Subscription } from './subscription.ts';

/** Asks endpoints whether they want to be subscribed. */
export class Confirmations {
  readonly #environment: ServiceEnvironment;
  readonly #deliveries: Deliveries;

  constructor(environment: ServiceEnvironment, deliveries: Deliveries) {
    this.#environment = environment;
    this.#deliveries = deliveries;
  }

  newToken(topic: string): string {
    const stream = this.#environment.random.of(`${topic}/tokens`);
    return `${hash('sha512', stream.uuid())}${hash('sha512', stream.uuid())}`;
  }

  /** Sends the message whose address confirms a subscription. */
  ask(subscription: Subscription, cause: number): void {
    const { topic, protocol, token } = subscription;
    const { scheduler, random, settings } = this.#environment;
    const isMail = protocol === 'email' || protocol === 'email-json';
    const text = `You have chosen to subscribe to the topic ${topic}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`;
    const message: Message = {
      topic,
      messageId: random.of(topic).uuid(),
      publishedAt: scheduler.now,
      cause,
      content: {
        type: 'SubscriptionConfirmation',
        subject: isMail ? 'AWS Notification - Subscription Confirmation' : undefined,
        body: isMail ? `${text}\n${subscribeUrl(settings.endpoint, topic, token)}` : text,
        attributes: {},
        token,
      },
    };
    this.#deliveries.add(message, [subscription], false);
  }
}
