import type { Direction, EventPosition } from './eventStore.ts';

const DIGITS = 56;
const SHIFT = 144n;

/** The id of an event: 56 digits that say its place, so that ids are in the order of events. */
export const eventId = ({ at, sequence }: EventPosition): string =>
  ((BigInt(at) << SHIFT) | BigInt(sequence)).toString().padStart(DIGITS, '0');

/** The place that an event's id says, or undefined when it is none. */
export function positionOf(id: string): EventPosition | undefined {
  if (!/^\d{56}$/.test(id)) return undefined;
  const number = BigInt(id);
  const at = Number(number >> SHIFT);
  const sequence = Number(number & ((1n << SHIFT) - 1n));
  return Number.isSafeInteger(at) && Number.isSafeInteger(sequence) ? { at, sequence } : undefined;
}

/** A token that says from where a search goes on, and which way. */
export const searchToken = (position: EventPosition, direction: Direction): string =>
  `${direction === 'forward' ? 'f' : 'b'}${eventId(position)}`;

/** What {@link searchToken} was given, or undefined when the token is none. */
export function searchPosition(token: string): { position: EventPosition; direction: Direction } | undefined {
  const position = /^[fb]/.test(token) ? positionOf(token.slice(1)) : undefined;
  return position === undefined ? undefined : { position, direction: token.startsWith('f') ? 'forward' : 'backward' };
}

/** The upload sequence token of a stream after so many batches. AWS gives it, and has ignored it since 2023. */
export const sequenceToken = (streamId: number, batches: number): string =>
  `4${String(streamId).padStart(27, '0')}${String(batches).padStart(28, '0')}`;

/** A token that says, to us alone, from where a list goes on. */
export const listToken = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');

/** What {@link listToken} was given, or undefined when the token is none of ours. */
export function positionInList(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString());
  } catch {
    return undefined;
  }
}
