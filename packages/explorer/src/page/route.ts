import { type ReadonlySignal, signal } from '@preact/signals';

/** Where on the page the user is: what the address says after `#`. */
export interface Route {
  readonly view: 'stacks' | 'hops' | 'logs' | 'outbox';
  /** Of logs: the group. Of hops: what to filter by. */
  readonly subject: string;
}

const VIEWS: readonly Route['view'][] = ['stacks', 'hops', 'logs', 'outbox'];

const current = signal<Route>(read(location.hash));
addEventListener('hashchange', () => {
  current.value = read(location.hash);
});

/** Where the user is now. */
export const route: ReadonlySignal<Route> = current;

/** The link to a place on the page. */
export const linkTo = (view: Route['view'], subject = ''): string =>
  `#/${view}${subject === '' ? '' : `/${encodeURIComponent(subject)}`}`;

function read(hash: string): Route {
  const [, view, subject = ''] = hash.split('/');
  return { view: VIEWS.find((name) => name === view) ?? 'stacks', subject: decode(subject) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
