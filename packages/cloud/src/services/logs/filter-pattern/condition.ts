import type { Cursor } from './cursor.ts';

/** Whether something of a message holds. */
export type Condition<Subject> = (subject: Subject) => boolean;

/** Reads conditions joined by `||` and `&&`, which binds closer, with parentheses. @throws InvalidParameterException */
export function readAlternatives<Subject>(
  cursor: Cursor,
  readOne: (cursor: Cursor) => Condition<Subject>,
): Condition<Subject> {
  const readAtom = (): Condition<Subject> => {
    if (!cursor.take('(')) return readOne(cursor);
    const inner = readAlternatives(cursor, readOne);
    cursor.expect(')');
    return inner;
  };
  const readAll = (): Condition<Subject> => {
    const all = [readAtom()];
    while (cursor.take('&&')) all.push(readAtom());
    return (subject) => all.every((holds) => holds(subject));
  };
  const any = [readAll()];
  while (cursor.take('||')) any.push(readAll());
  return (subject) => any.some((holds) => holds(subject));
}
