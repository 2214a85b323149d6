import { jsonPattern } from './jsonPattern.ts';
import { spacePattern } from './spacePattern.ts';
import { termPattern } from './termPattern.ts';

/** Whether a message is what a pattern looks for. */
export type Matcher = (message: string) => boolean;

const everything: Matcher = () => true;

/**
 * Reads a filter pattern: terms, `{ $.field = value }` for JSON, or `[a, b, …]` for columns. Empty: everything.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 *
 * @throws InvalidParameterException
 */
export function parseFilterPattern(pattern: string): Matcher {
  const text = pattern.trim();
  if (text === '') return everything;
  if (text.startsWith('{')) return jsonPattern(text);
  return text.startsWith('[') ? spacePattern(text) : termPattern(text);
}
