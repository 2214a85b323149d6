import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { LogEvent, LogGroup } from './api.ts';
import { client } from './client.ts';
import { timeOf } from './format.ts';
import { live } from './live.ts';
import { readLogLine } from './logLine.ts';
import { linkTo, route } from './route.ts';

/** Log groups, and what is written to one of them. */
export function LogsView(): JSX.Element {
  const groups = useSignal<readonly LogGroup[] | undefined>(undefined);
  useSignalEffect(() => {
    // A group comes to be with the first invocation or deploy.
    void live.stacks.value;
    void route.value;
    client.logGroups().then(
      (found) => {
        groups.value = found;
      },
      () => {
        groups.value = [];
      },
    );
  });
  const { subject } = route.value;
  return (
    <div class="logs">
      <nav aria-label="Log groups">
        {groups.value?.length === 0 && <p class="empty">No log groups yet.</p>}
        {groups.value?.map(({ name }) => (
          <a key={name} href={linkTo('logs', name)} title={name} aria-current={name === subject ? 'page' : undefined}>
            {name.replace(/^\/aws\/lambda\//, '')}
          </a>
        ))}
      </nav>
      {subject === '' ? <p class="empty">Choose a log group.</p> : <Lines group={subject} />}
    </div>
  );
}

function Lines({ group }: { readonly group: string }): JSX.Element {
  const filter = useSignal('');
  const follow = useSignal(true);
  const box = useRef<HTMLOListElement>(null);
  const shown = useComputed(() => {
    const words = filter.value.toLowerCase();
    return words === ''
      ? live.lines.value
      : live.lines.value.filter(({ message }) => message.toLowerCase().includes(words));
  });
  useLayoutEffect(() => {
    const { current } = box;
    if (current !== null && follow.value) current.scrollTop = current.scrollHeight;
  }, [shown.value, follow.value]);
  return (
    <section aria-label={`Log of ${group}`}>
      <div class="tools">
        <h1>{group}</h1>
        <input
          type="search"
          placeholder="Filter"
          aria-label="Filter lines"
          value={filter.value}
          onInput={(event) => {
            filter.value = event.currentTarget.value;
          }}
        />
        <label>
          <input
            type="checkbox"
            checked={follow.value}
            onChange={(event) => {
              follow.value = event.currentTarget.checked;
            }}
          />
          follow
        </label>
      </div>
      {shown.value.length === 0 ? (
        <p class="empty">{live.lines.value.length === 0 ? 'Nothing was written yet.' : 'No line matches.'}</p>
      ) : (
        <ol class="lines" ref={box}>
          {shown.value.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Line({ line: { at, message, stream } }: { readonly line: LogEvent }): JSX.Element {
  const { text, kind } = readLogLine(message);
  return (
    <li class={kind} title={stream}>
      <time>{timeOf(at)}</time>
      <span>{text}</span>
    </li>
  );
}
