import type { Aws } from '../kernel/service.ts';
import type { OutboxMessage } from './api.ts';

/** A message as SNS shows it to the console. */
interface Captured {
  readonly id: number;
  readonly at: number;
  readonly topic: string | undefined;
  readonly protocol: OutboxMessage['protocol'];
  readonly endpoint: string;
  readonly subject: string | undefined;
  readonly body: string;
}

type List = (input: { after: number; limit: number }) => Promise<{ messages: readonly Captured[] }>;

/** E-mails and text messages that AWS would have sent, oldest first. @param after - an id @param limit - how many at most */
export async function outboxOf(aws: Aws, after: number, limit: number): Promise<OutboxMessage[]> {
  // SNS offers it beside AWS's operations.
  const list = Reflect.get(aws.sns, 'ListCapturedMessages') as List;
  const { messages } = await list({ after, limit });
  return messages.map(({ id, at, topic, protocol, endpoint, subject, body }) => ({
    ...{ id, at, protocol, body },
    to: endpoint,
    subject: subject ?? null,
    topic: topic ?? null,
  }));
}
