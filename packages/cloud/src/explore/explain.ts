import type { Hop } from '../kernel/trace.ts';
import type { Choice } from '../repeatable/record.ts';
import { shortName } from './hopTree.ts';
import { ownerOf, stepOf } from './labels.ts';
import { faultOf } from './tally.ts';

/**
 * Says in one sentence how a run differs from the plain order: from the labels of the choices that were not the oldest, and the faults that
 * struck.
 *
 * @example
 * explain(choices, hops); // oldest first, except that Charge.1 makes its PutItem while Charge.0 is between its GetItem and its PutItem
 */
export function explain(choices: readonly Choice[], hops: readonly Hop[]): string {
  const isChosen = choices.some(isFault);
  const exceptions = [
    ...(isChosen ? choices.filter(isFault).flatMap(struck) : faultsInWords(hops)),
    ...merged(choices.flatMap((choice, at) => (isFault(choice) ? [] : deviation(choices, at)))),
  ];
  if (exceptions.length === 0) return 'oldest first: it fails in the plain order, without any race';
  return `oldest first, except that ${listInWords(exceptions)}`;
}

/** Whether a choice is not about what comes next but about what goes wrong: its first label says that nothing does. */
const isFault = ({ ready }: Choice): boolean =>
  / (arrives|lives|is answered)$|^the message at place 0 comes next$/.test(ready[0] ?? '');

const struck = ({ taken, ready }: Choice): readonly string[] => (taken === 0 ? [] : [ready[taken] ?? '']);

/** A step that was not the oldest, and what it went before. */
interface Deviation {
  readonly owner: string;
  readonly steps: readonly string[];
  /** The rest of the clause: `while Charge.0 is between …`, `before Charge.0's …`. */
  readonly place: string;
}

function deviation(choices: readonly Choice[], at: number): readonly Deviation[] {
  const choice = choices[at];
  const taken = choice?.ready[choice.taken];
  const passed = choice?.ready[0];
  if (choice === undefined || choice.taken === 0 || taken === undefined || passed === undefined) return [];
  return [{ owner: ownerOf(taken), steps: [stepOf(taken)], place: placeOf(choices, at, ownerOf(taken), passed) }];
}

/** Where a step went, by the one that it went before. */
function placeOf(choices: readonly Choice[], at: number, owner: string, passed: string): string {
  const other = ownerOf(passed);
  if (stepOf(passed) === '') return `before ${other}`;
  if (other === owner) return `before its ${stepOf(passed)}`;
  const before = choices
    .slice(0, at)
    .filter((choice) => !isFault(choice))
    .map(({ taken, ready }) => ready[taken] ?? '')
    .findLast((label) => ownerOf(label) === other);
  return before === undefined
    ? `before ${other}'s ${stepOf(passed)}`
    : `while ${other} is between its ${stepOf(before)} and its ${stepOf(passed)}`;
}

/** What happens at one place is one exception. */
function merged(deviations: readonly Deviation[]): readonly string[] {
  const places: { readonly place: string; readonly doings: Deviation[] }[] = [];
  for (const next of deviations) {
    const at = places.at(-1);
    if (at?.place !== next.place) {
      places.push({ place: next.place, doings: [next] });
      continue;
    }
    const last = at.doings.at(-1);
    if (last?.owner === next.owner) at.doings.splice(-1, 1, { ...last, steps: [...last.steps, ...next.steps] });
    else at.doings.push(next);
  }
  return places.map(
    ({ place, doings }) => `${listInWords(doings.map(({ owner, steps }) => `${owner} ${workOf(steps)}`))} ${place}`,
  );
}

function workOf(all: readonly string[]): string {
  if (all.every((step) => step === '')) return 'come';
  // That who does something has started goes without saying.
  const steps = all.filter((step) => step !== START);
  if (steps.length === 0) return 'starts';
  return steps.length <= 3 ? `does ${listInWords(steps)}` : `goes on from ${steps[0]} to ${steps.at(-1)}`;
}

const START = 'start';

const VERBS: Readonly<Record<string, string>> = {
  DuplicateMessage: 'is delivered twice',
  DropMessage: 'is lost on its way and delivered again',
  DelayMessage: 'is delayed',
  ReorderMessage: 'is delivered out of order',
  DuplicateEvent: 'is delivered twice',
  DropEvent: 'is lost on its way and delivered again',
  throttled: 'is throttled',
};

const faultsInWords = (hops: readonly Hop[]): readonly string[] =>
  hops.flatMap((hop) =>
    faultOf(hop).map((fault) => {
      // The note says when: `killed by a fault before operation 1, dynamodb:UpdateItem`.
      if (fault === 'killed') return `${shortName(hop.resource)} is ${hop.note ?? 'killed'}`;
      const what = hop.note ?? `${hop.operation} of ${hop.resource.split(/[:/]/).at(-1) ?? hop.resource}`;
      return `${what} ${VERBS[fault] ?? fault}`;
    }),
  );

const listInWords = (words: readonly string[]): string =>
  words.length <= 1 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
