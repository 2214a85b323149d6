import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { JSX } from 'preact';
import type { HopRecord } from './api.ts';
import { durationOf, hueOf, shortName, timeOf } from './format.ts';
import { HopPanel } from './hopPanel.tsx';
import { clearHops, live } from './live.ts';
import { route } from './route.ts';

/** Rows that are drawn at once: more is what the filter is for. */
const SHOWN = 300;

/** Every hop as it happens. */
export function HopsView(): JSX.Element {
  const filter = useSignal(route.value.subject);
  const onlyTrouble = useSignal(false);
  /** What was shown when the list was halted; undefined: it runs. */
  const halted = useSignal<readonly HopRecord[] | undefined>(undefined);
  const selected = useSignal<number | undefined>(undefined);
  useSignalEffect(() => {
    filter.value = route.value.subject;
  });
  const matching = useComputed(() => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    return (halted.value ?? live.hops.value).filter(
      (hop) => (!onlyTrouble.value || isTrouble(hop)) && words.every((word) => textOf(hop).includes(word)),
    );
  });
  return (
    <div class={selected.value === undefined ? 'hops' : 'hops with-panel'}>
      <section aria-label="Hops">
        <div class="tools">
          <input
            type="search"
            placeholder="Filter: lambda put orders"
            aria-label="Filter hops"
            value={filter.value}
            onInput={(event) => {
              filter.value = event.currentTarget.value;
            }}
          />
          <label>
            <input
              type="checkbox"
              checked={onlyTrouble.value}
              onChange={(event) => {
                onlyTrouble.value = event.currentTarget.checked;
              }}
            />
            only what failed
          </label>
          <button
            type="button"
            aria-pressed={halted.value !== undefined}
            onClick={() => {
              halted.value = halted.value === undefined ? live.hops.value : undefined;
            }}
          >
            {halted.value === undefined ? 'Pause' : 'Go on'}
          </button>
          <button type="button" onClick={clearHops}>
            Clear
          </button>
          <span class="count">
            {matching.value.length}
            {live.missed.value > 0 && `, ${live.missed.value} came too fast`}
          </span>
        </div>
        {matching.value.length === 0 ? (
          <p class="empty">
            {live.hops.value.length === 0
              ? 'No hops yet. Call an API, or send something with an AWS SDK.'
              : 'No hop matches.'}
          </p>
        ) : (
          <table class="hop-list">
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Operation</th>
                <th scope="col">Resource</th>
                <th scope="col">By</th>
                <th scope="col">Outcome</th>
                <th scope="col" class="number">
                  Took
                </th>
              </tr>
            </thead>
            <tbody>
              {matching.value.slice(0, SHOWN).map((hop) => (
                <HopRow
                  key={hop.id}
                  hop={hop}
                  selected={selected.value === hop.id}
                  onSelect={() => {
                    selected.value = selected.value === hop.id ? undefined : hop.id;
                  }}
                />
              ))}
            </tbody>
          </table>
        )}
      </section>
      {selected.value !== undefined && (
        <HopPanel
          id={selected.value}
          onSelect={(id) => {
            selected.value = id;
          }}
          onClose={() => {
            selected.value = undefined;
          }}
        />
      )}
    </div>
  );
}

interface HopRowProps {
  readonly hop: HopRecord;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

function HopRow({ hop, selected, onSelect }: HopRowProps): JSX.Element {
  return (
    // The button in the row does the same for the keyboard.
    <tr class={selected ? 'selected' : undefined} onClick={onSelect}>
      <td class="time">{timeOf(hop.at)}</td>
      <td>
        <button
          type="button"
          class="service plain"
          style={{ '--hue': String(hueOf(hop.service)) }}
          aria-expanded={selected}
          onClick={(event) => {
            event.stopPropagation();
            onSelect();
          }}
        >
          {hop.service} <b>{hop.operation}</b>
        </button>
      </td>
      <td class="clip" title={hop.resource}>
        {shortName(hop.resource)}
      </td>
      <td class="clip quiet" title={hop.principal}>
        {shortName(hop.principal)}
      </td>
      <td>
        <Outcome hop={hop} />
      </td>
      <td class="number">{durationOf(hop.duration)}</td>
    </tr>
  );
}

/** How a hop ended. */
export function Outcome({ hop }: { readonly hop: HopRecord }): JSX.Element {
  const { outcome } = hop;
  if (outcome === 'ok') return <span class="outcome good">ok</span>;
  if (outcome === null) return <span class="outcome busy">runs</span>;
  return <span class="outcome bad">{outcome}</span>;
}

const isTrouble = ({ outcome }: HopRecord): boolean => outcome !== 'ok' && outcome !== null;

const textOf = (hop: HopRecord): string =>
  `${hop.service} ${hop.operation} ${hop.resource} ${hop.target ?? ''} ${hop.principal} ${hop.outcome ?? ''} ${hop.note ?? ''}`.toLowerCase();
