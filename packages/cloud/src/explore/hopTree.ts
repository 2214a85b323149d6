import type { Hop } from '../kernel/trace.ts';

export interface HopTreeOptions {
  /** Ids of the hops that decide the outcome: their lines are marked. */
  readonly deciding?: ReadonlySet<number>;
  /** Lines at most: hops far from the deciding ones are left out first. @default 60 */
  readonly lines?: number;
}

const MARK = '  <== here';

/** Hops as a tree, each below its cause, oldest first: one line a hop. */
export function hopTree(hops: readonly Hop[], { deciding = new Set(), lines = 60 }: HopTreeOptions = {}): string {
  const known = new Set(hops.map(({ id }) => id));
  const children = Map.groupBy(hops, ({ cause }) => (known.has(cause) ? cause : 0));
  const all: { readonly text: string; readonly isDeciding: boolean }[] = [];
  const walk = (cause: number, indent: string): void => {
    const below = children.get(cause) ?? [];
    for (const [place, hop] of below.entries()) {
      const isLast = place === below.length - 1;
      const branch = cause === 0 ? '' : isLast ? '└─ ' : '├─ ';
      const isDeciding = deciding.has(hop.id);
      all.push({ text: `${indent}${branch}${lineOf(hop)}${isDeciding ? MARK : ''}`, isDeciding });
      walk(hop.id, cause === 0 ? '' : `${indent}${isLast ? '   ' : '│  '}`);
    }
  };
  walk(0, '');
  return shortened(all, lines).join('\n');
}

/** A hop in a few words: number, what was done, to what, and what became of it unless that was `ok`. */
export function lineOf({ id, service, operation, resource, outcome, note }: Hop): string {
  const end = outcome === undefined ? ': still runs' : outcome === 'ok' ? '' : `: ${outcome}`;
  return `#${id} ${service}:${operation} ${shortName(resource)}${end}${note === undefined ? '' : ` (${note.replace(/arn:[^\s,)]+/g, shortName)})`}`;
}

/** The last part of an ARN: the name that a person gave. */
export function shortName(arn: string): string {
  if (!arn.startsWith('arn:')) return arn;
  const resource = arn.split(':').slice(5).join(':');
  return resource.replace(/^(table|function|stateMachine|rule|event-bus|parameter|role)[/:]/, '');
}

/** Leaves out lines in the middle of long stretches without a deciding one. */
function shortened(
  all: readonly { readonly text: string; readonly isDeciding: boolean }[],
  limit: number,
): readonly string[] {
  if (all.length <= limit) return all.map(({ text }) => text);
  const marks = all.flatMap(({ isDeciding }, at) => (isDeciding ? [at] : []));
  const around = marks.length === 0 ? [0] : marks;
  const distance = (at: number): number => Math.min(...around.map((mark) => Math.abs(mark - at)));
  const kept = new Set([...all.keys()].sort((a, b) => distance(a) - distance(b)).slice(0, limit));
  return all.flatMap(({ text }, at) => {
    if (kept.has(at)) return [text];
    return at === 0 || kept.has(at - 1) ? ['…'] : [];
  });
}
