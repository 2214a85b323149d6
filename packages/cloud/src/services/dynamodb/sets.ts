import type { AttributeValue } from './attributeValue.ts';

/** The union of two sets of one type, or undefined when they are not. Members keep their order. */
export function addMembers(set: AttributeValue, added: AttributeValue): AttributeValue | undefined {
  if (set.SS !== undefined && added.SS !== undefined) return { SS: [...new Set([...set.SS, ...added.SS])] };
  if (set.NS !== undefined && added.NS !== undefined) return { NS: [...new Set([...set.NS, ...added.NS])] };
  if (set.BS !== undefined && added.BS !== undefined) return { BS: [...new Set([...set.BS, ...added.BS])] };
  return undefined;
}

/** What remains of a set without the members of another, `'empty'` when nothing does, or undefined when they are not sets of one type. */
export function removeMembers(set: AttributeValue, removed: AttributeValue): AttributeValue | 'empty' | undefined {
  const members = set.SS ?? set.NS ?? set.BS;
  const taken = set.SS !== undefined ? removed.SS : set.NS !== undefined ? removed.NS : removed.BS;
  if (members === undefined || taken === undefined) return undefined;
  const rest = members.filter((member) => !taken.includes(member));
  if (rest.length === 0) return 'empty';
  if (set.SS !== undefined) return { SS: rest };
  return set.NS !== undefined ? { NS: rest } : { BS: rest };
}
