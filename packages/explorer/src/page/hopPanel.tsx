import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { HopRecord, HopTree } from './api.ts';
import { client } from './client.ts';
import { durationOf, hueOf, shortName, timeOf } from './format.ts';
import { Outcome } from './hopsView.tsx';

export interface HopPanelProps {
  readonly id: number;
  readonly onSelect: (id: number) => void;
  readonly onClose: () => void;
}

/** One hop: where it comes from, what came of it, and all that is known of it. */
export function HopPanel({ id, onSelect, onClose }: HopPanelProps): JSX.Element {
  const tree = useSignal<HopTree | undefined>(undefined);
  const failure = useSignal<string | undefined>(undefined);
  useEffect(() => {
    let wanted = true;
    client.tree(id).then(
      (found) => {
        if (wanted) tree.value = found;
      },
      (error) => {
        if (wanted) failure.value = String(error.message);
      },
    );
    return () => {
      wanted = false;
    };
  }, [id]);
  const hop = tree.value === undefined ? undefined : find(tree.value, id);
  return (
    <aside
      aria-label={`Hop ${id}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <div class="title">
        <h1>Hop {id}</h1>
        <button type="button" class="plain" aria-label="Close" onClick={onClose}>
          ✕
        </button>
      </div>
      {failure.value !== undefined && <p class="reason">{failure.value}</p>}
      {tree.value !== undefined && (
        <>
          <h2>Cause and effect</h2>
          <ul class="tree">
            <Branch tree={tree.value} selected={id} onSelect={onSelect} />
          </ul>
        </>
      )}
      {hop !== undefined && <Details hop={hop} />}
    </aside>
  );
}

interface BranchProps {
  readonly tree: HopTree;
  readonly selected: number;
  readonly onSelect: (id: number) => void;
}

function Branch({ tree: { hop, caused }, selected, onSelect }: BranchProps): JSX.Element {
  return (
    <li>
      <button
        type="button"
        class="service plain"
        style={{ '--hue': String(hueOf(hop.service)) }}
        aria-current={hop.id === selected ? 'true' : undefined}
        onClick={() => onSelect(hop.id)}
      >
        {hop.service} <b>{hop.operation}</b> <span class="quiet">{shortName(hop.resource)}</span>
        <span class="number">{durationOf(hop.duration)}</span>
        {hop.outcome !== 'ok' && <Outcome hop={hop} />}
      </button>
      {caused.length > 0 && (
        <ul>
          {caused.map((branch) => (
            <Branch key={branch.hop.id} tree={branch} selected={selected} onSelect={onSelect} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Details({ hop }: { readonly hop: HopRecord }): JSX.Element {
  const rows: readonly (readonly [string, string | null])[] = [
    ['Operation', `${hop.service}:${hop.operation}`],
    ['Resource', hop.resource],
    ['Target', hop.target],
    ['Principal', hop.principal],
    ['Outcome', hop.outcome ?? 'runs'],
    ['At', timeOf(hop.at)],
    ['Took', durationOf(hop.duration)],
    ['Request body', `${hop.bytes} bytes`],
    ['Note', hop.note],
  ];
  return (
    <>
      <h2>Details</h2>
      <dl class="pairs">
        {rows.map(([name, value]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ),
        )}
      </dl>
    </>
  );
}

function find(tree: HopTree, id: number): HopRecord | undefined {
  if (tree.hop.id === id) return tree.hop;
  for (const branch of tree.caused) {
    const found = find(branch, id);
    if (found !== undefined) return found;
  }
  return undefined;
}
