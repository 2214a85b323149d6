import { useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { OutboxMessage } from './api.ts';
import { client } from './client.ts';
import { shortName, timeOf } from './format.ts';
import { live } from './live.ts';

/** E-mails and text messages that AWS would have sent. Here nobody gets them. */
export function OutboxView(): JSX.Element {
  const messages = useSignal<readonly OutboxMessage[] | undefined>(undefined);
  useSignalEffect(() => {
    // One comes with a delivery, which is a hop.
    void live.hops.value;
    client.outbox().then(
      (found) => {
        messages.value = found.toReversed();
      },
      () => {
        messages.value = [];
      },
    );
  });
  return (
    <section class="outbox" aria-label="Outbox">
      {messages.value?.length === 0 && (
        <p class="empty">Nothing yet. E-mails and text messages of topics come here instead of to people.</p>
      )}
      {messages.value?.map(({ id, at, protocol, to, subject, body, topic }) => (
        <article key={id} class="card">
          <h2>
            {to} <span class="badge">{protocol}</span>
          </h2>
          <p class="when">
            <time>{timeOf(at)}</time>
            {topic !== null && <span title={topic}> from {shortName(topic)}</span>}
          </p>
          {subject !== null && <h3>{subject}</h3>}
          <pre>{body}</pre>
        </article>
      ))}
    </section>
  );
}
