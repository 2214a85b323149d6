import type { DeployedStack } from '../deploy/engine.ts';
import type { Hop } from '../kernel/trace.ts';
import type { Choice } from '../repeatable/record.ts';
import { tidy } from './labels.ts';

/** Says a text with the names that people gave, instead of those that the deploy made of them. */
export type Renaming = (text: string) => string;

/** The renaming of an app: `Shop-ChargeA1B2C3-6OIG3EYTXWAO` becomes `Charge`, as its construct or logical id is called. */
export function renamingOf(stacks: readonly DeployedStack[]): Renaming {
  const names = new Map<string, string>();
  for (const { resources } of stacks) {
    for (const { physicalId, logicalId, path } of resources) {
      // Of a queue or a topic this is a URL or an ARN, whose last part is the name.
      const made = physicalId.split(/[/:]/).at(-1) ?? '';
      if (made.length >= SHORTEST) names.set(made, nameOf(path) ?? logicalId);
    }
  }
  if (names.size === 0) return (text) => text;
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(longestFirst.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  return remembering((text) => text.replace(pattern, (made) => names.get(made) ?? made));
}

/** Remembers what it made of a text: the same few come in every run. */
function remembering(make: Renaming): Renaming {
  const known = new Map<string, string>();
  return (text) => {
    let made = known.get(text);
    if (made === undefined) {
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(text, (made = make(text)));
    }
    return made;
  };
}

const MOST_REMEMBERED = 10_000;

/** A shorter name would be found in words that have nothing to do with it. */
const SHORTEST = 8;

/** `Shop/Orders/Charge/Resource` is called `Charge`. */
const nameOf = (path: string | undefined): string | undefined =>
  path
    ?.replace(/\/(Resource|Default)$/, '')
    .split('/')
    .at(-1);

/** A renaming that also calls messages m1, m2, … in the order in which hops or choices first tell of them. */
export function withMessages(rename: Renaming): Renaming {
  const numbers = new Map<string, string>();
  const numberOf = (id: string): string => {
    const known = numbers.get(id) ?? `m${numbers.size + 1}`;
    numbers.set(id, known);
    return known;
  };
  return (text) => rename(text).replace(MESSAGE, (_, id: string) => `message ${numberOf(id)}`);
}

const MESSAGE = /\bmessage ([0-9a-f]{8}-[0-9a-f-]{27})(, delivery 1\b)?/g;

const tidied = remembering(tidy);

/** Choices with the names that people gave. */
export const renamedChoices = (choices: readonly Choice[], rename: Renaming): readonly Choice[] =>
  choices.map(({ taken, ready }) => ({ taken, ready: ready.map((label) => tidied(rename(label))) }));

/** Hops with the names that people gave, numbered from 1 up. */
export function renamedHops(hops: readonly Hop[], rename: Renaming): readonly Hop[] {
  const before = numberBefore(hops);
  return hops.map((hop) => ({
    ...hop,
    id: hop.id - before,
    cause: Math.max(hop.cause - before, 0),
    principal: rename(hop.principal),
    resource: rename(hop.resource),
    target: hop.target && rename(hop.target),
    note: hop.note && rename(hop.note),
  }));
}

/** The id of the hop before the first one: ids go on from one schedule to the next. */
export const numberBefore = (hops: readonly Hop[]): number => (hops[0]?.id ?? 1) - 1;
