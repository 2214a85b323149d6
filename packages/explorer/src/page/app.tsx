import type { JSX } from 'preact';
import { HopsView } from './hopsView.tsx';
import { live } from './live.ts';
import { LogsView } from './logsView.tsx';
import { OutboxView } from './outboxView.tsx';
import { linkTo, type Route, route } from './route.ts';
import { StacksView } from './stacksView.tsx';

const VIEWS: readonly { readonly view: Route['view']; readonly title: string }[] = [
  { view: 'stacks', title: 'Stacks' },
  { view: 'hops', title: 'Hops' },
  { view: 'logs', title: 'Logs' },
  { view: 'outbox', title: 'Outbox' },
];

/** The whole page. */
export function App(): JSX.Element {
  const { view } = route.value;
  return (
    <>
      <header>
        <a class="brand" href={linkTo('stacks')}>
          <svg viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 8c4-5 12-5 16 0s-4 12-8 8-4-8 0-8 8 6 4 10" />
            <path d="M4 8c-3 5 0 12 8 12" />
          </svg>
          Skein
        </a>
        <nav aria-label="Views">
          {VIEWS.map(({ view: name, title }) => (
            <a key={name} href={linkTo(name)} aria-current={name === view ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <Status />
      </header>
      <main>
        {view === 'stacks' && <StacksView />}
        {view === 'hops' && <HopsView />}
        {view === 'logs' && <LogsView />}
        {view === 'outbox' && <OutboxView />}
      </main>
    </>
  );
}

function Status(): JSX.Element {
  const about = live.about.value;
  const connected = live.connected.value;
  return (
    <p class="status" role="status">
      {about !== undefined && (
        <>
          <code class="endpoint">{about.endpoint}</code>
          <span class="where">
            {about.region} · {about.account}
            {about.clock === 'virtual' && ' · virtual clock'}
          </span>
        </>
      )}
      <span class={connected ? 'dot on' : 'dot off'} aria-hidden="true" />
      {connected ? 'live' : 'not connected'}
    </p>
  );
}
