import type { Random } from '../../kernel/random.ts';

/**
 * An id as API Gateway gives: lower-case letters and digits.
 *
 * @param key - of what it is for, so that ids do not depend on what else is made
 * @param isTaken - whether another thing has it
 */
export function newId(random: Random, key: string, length: number, isTaken: (id: string) => boolean): string {
  const stream = random.of(`apigatewayv2/${key}`);
  for (;;) {
    const id = stream.letters(length).toLowerCase();
    if (!isTaken(id)) return id;
  }
}
