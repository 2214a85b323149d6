import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { StackResource, StackSummary } from './api.ts';
import { client } from './client.ts';
import { CopyButton } from './copyButton.tsx';
import { hueOf, serviceOfType, statusWords, typeName } from './format.ts';
import { live } from './live.ts';
import { linkTo } from './route.ts';

/** All stacks, with what they gave out and what they are made of. */
export function StacksView(): JSX.Element {
  const stacks = live.stacks.value;
  if (stacks === undefined) return <p class="empty">Reading the stacks…</p>;
  if (stacks.length === 0) {
    return (
      <div class="empty">
        <h1>Nothing is deployed yet</h1>
        <p>
          Deploy an app with <code>skein dev</code> in its folder. It shows up here by itself.
        </p>
      </div>
    );
  }
  return (
    <>
      {stacks.map((stack) => (
        <Stack key={stack.id} stack={stack} />
      ))}
    </>
  );
}

function Stack({ stack }: { readonly stack: StackSummary }): JSX.Element {
  return (
    <section class="card" aria-labelledby={`stack-${stack.name}`}>
      <div class="title">
        <h1 id={`stack-${stack.name}`}>{stack.name}</h1>
        <Badge status={stack.status} />
        {stack.description !== null && <p>{stack.description}</p>}
      </div>
      {stack.reason !== null && <p class="reason">{stack.reason}</p>}
      {stack.outputs.length > 0 && (
        <>
          <h2>Outputs</h2>
          <dl class="pairs">
            {stack.outputs.map(({ name, value, description }) => (
              <div key={name}>
                <dt title={description ?? undefined}>{name}</dt>
                <dd>
                  {/^https?:\/\//.test(value) ? (
                    <a href={value} target="_blank" rel="noreferrer">
                      {value}
                    </a>
                  ) : (
                    <code>{value}</code>
                  )}
                  <CopyButton text={value} what={name} />
                </dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {stack.parameters.length > 0 && (
        <details>
          <summary>
            Parameters <span class="count">{stack.parameters.length}</span>
          </summary>
          <dl class="pairs">
            {stack.parameters.map(({ name, value }) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>
                  <code>{value}</code>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      <Resources stack={stack} />
    </section>
  );
}

function Resources({ stack }: { readonly stack: StackSummary }): JSX.Element {
  const resources = useSignal<readonly StackResource[]>([]);
  const failure = useSignal<string | undefined>(undefined);
  const { name } = stack;
  useSignalEffect(() => {
    // A stack that changed has other resources.
    void live.stacks.value;
    client.resources(name).then(
      (found) => {
        resources.value = found;
        failure.value = undefined;
      },
      (error) => {
        failure.value = String(error.message);
      },
    );
  });
  const shown = useComputed(() =>
    resources.value
      .filter(({ type }) => type !== 'AWS::CDK::Metadata')
      .toSorted(
        (a, b) =>
          weightOf(a.type) - weightOf(b.type) || a.type.localeCompare(b.type) || a.logicalId.localeCompare(b.logicalId),
      ),
  );
  return (
    <>
      <h2>
        Resources <span class="count">{shown.value.length}</span>
      </h2>
      {failure.value !== undefined && <p class="reason">{failure.value}</p>}
      <table class="resources">
        <thead>
          <tr>
            <th scope="col">Type</th>
            <th scope="col">Logical id</th>
            <th scope="col">Physical id</th>
            <th scope="col">
              <span class="unseen">Links</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.value.map((resource) => (
            <Resource key={resource.logicalId} resource={resource} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Resource({ resource }: { readonly resource: StackResource }): JSX.Element {
  const { logicalId, physicalId, type, status, reason, logGroup } = resource;
  return (
    <tr>
      <td>
        <span class="service" style={{ '--hue': String(hueOf(serviceOfType(type))) }}>
          {typeName(type)}
        </span>
      </td>
      <td>
        {logicalId}
        {status !== '' && !status.endsWith('_COMPLETE') && <Badge status={status} />}
        {reason !== null && <p class="reason">{reason}</p>}
      </td>
      <td class="physical">
        <code title={physicalId}>{physicalId}</code>
      </td>
      <td class="links">
        {physicalId !== '' && weightOf(type) === 0 && <a href={linkTo('hops', physicalId)}>hops</a>}
        {logGroup !== null && <a href={linkTo('logs', logGroup)}>logs</a>}
      </td>
    </tr>
  );
}

/** What people look for first comes first; roles and permissions come last. */
function weightOf(type: string): number {
  if (/^AWS::IAM::|Permission$|^AWS::Logs::/.test(type)) return 2;
  return /::(Function|Table|Api|RestApi|Queue|Topic|Bucket|StateMachine)$/.test(type) ? 0 : 1;
}

function Badge({ status }: { readonly status: string }): JSX.Element {
  const kind = /FAILED|ROLLBACK/.test(status) ? 'bad' : status.endsWith('_COMPLETE') ? 'good' : 'busy';
  return <span class={`badge ${kind}`}>{statusWords(status)}</span>;
}
