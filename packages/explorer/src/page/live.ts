import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { About, ConsoleEvents, HopRecord, LogEvent, StackSummary } from './api.ts';
import { client } from './client.ts';
import { route } from './route.ts';

/** Hops and lines that the page keeps: older ones are the server's. */
const KEPT = 2_000;

const aboutNow = signal<About | undefined>(undefined);
const stacksNow = signal<readonly StackSummary[] | undefined>(undefined);
const hopsNow = signal<readonly HopRecord[]>([]);
const missedNow = signal(0);
const linesNow = signal<readonly LogEvent[]>([]);
const connectedNow = signal(false);

/** What the page knows of the cloud, kept up to date while it is open. */
export const live: {
  readonly about: ReadonlySignal<About | undefined>;
  /** Undefined until they are known. */
  readonly stacks: ReadonlySignal<readonly StackSummary[] | undefined>;
  /** Newest first. */
  readonly hops: ReadonlySignal<readonly HopRecord[]>;
  /** Hops that came too fast to be shown. */
  readonly missed: ReadonlySignal<number>;
  /** Of the log group that is looked at; oldest first. */
  readonly lines: ReadonlySignal<readonly LogEvent[]>;
  readonly connected: ReadonlySignal<boolean>;
} = { about: aboutNow, stacks: stacksNow, hops: hopsNow, missed: missedNow, lines: linesNow, connected: connectedNow };

/** Forgets the hops that are shown. */
export function clearHops(): void {
  hopsNow.value = [];
  missedNow.value = 0;
}

/** Begins to listen, and listens again for each log group that is looked at. */
export function startLive(): void {
  let group: string | undefined;
  let source: EventSource | undefined;
  effect(() => {
    const { view, subject } = route.value;
    const wanted = view === 'logs' && subject !== '' ? subject : undefined;
    if (source !== undefined && wanted === group) return;
    group = wanted;
    source?.close();
    linesNow.value = [];
    source = listen(group);
  });
}

function listen(group: string | undefined): EventSource {
  const source = new EventSource(`api/events${group === undefined ? '' : `?group=${encodeURIComponent(group)}`}`);
  const on = <Name extends keyof ConsoleEvents>(name: Name, take: (data: ConsoleEvents[Name]) => void): void => {
    source.addEventListener(name, (event) => take(JSON.parse(event.data)));
  };
  source.onopen = () => {
    connectedNow.value = true;
    linesNow.value = [];
    void catchUp();
  };
  source.onerror = () => {
    connectedNow.value = false;
  };
  on('stacks', (stacks) => {
    stacksNow.value = stacks;
  });
  on('hops', ({ hops, missed }) => {
    hopsNow.value = merge(hopsNow.value, hops);
    missedNow.value += missed;
  });
  on('logs', (lines) => {
    linesNow.value = [...linesNow.value, ...lines].slice(-KEPT);
  });
  return source;
}

/** Reads what happened before the page listened. A cloud that was started anew counts its hops from 1 again. */
async function catchUp(): Promise<void> {
  const [about, page] = await Promise.all([client.about(), client.hops(500)]);
  const newest = page.hops[0]?.id ?? 0;
  const isNewCloud = (hopsNow.value[0]?.id ?? 0) > newest;
  aboutNow.value = about;
  hopsNow.value = merge(isNewCloud ? [] : hopsNow.value, page.hops);
}

/** Hops by id, newest first, each once. */
function merge(known: readonly HopRecord[], more: readonly HopRecord[]): readonly HopRecord[] {
  const all = new Map(known.map((hop) => [hop.id, hop]));
  for (const hop of more) all.set(hop.id, hop);
  return [...all.values()].sort((a, b) => b.id - a.id).slice(0, KEPT);
}
