import type { OutboxMessage } from './api.ts';
import type { ConsoleSource } from './source.ts';

/** E-mails and text messages that AWS would have sent, oldest first. @param after - an id @param limit - how many at most */
export async function outboxOf({ views }: ConsoleSource, after: number, limit: number): Promise<OutboxMessage[]> {
  const messages = (await views('sns')).outbox(after, limit);
  return messages.map(({ id, at, topic, protocol, endpoint, subject, body }) => ({
    ...{ id, at, protocol, body },
    to: endpoint,
    subject: subject ?? null,
    topic: topic ?? null,
  }));
}
