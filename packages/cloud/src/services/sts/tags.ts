import type { Tag } from '@aws-sdk/client-sts';
import { invalidParameterValue } from './errors.ts';
import type { SessionTag } from './session.ts';

/**
 * The tags of a new session: those that are asked for, and those that go on from the caller's own session.
 *
 * @throws InvalidParameterValue
 */
export function sessionTags(
  { Tags = [], TransitiveTagKeys = [] }: { Tags?: Tag[] | undefined; TransitiveTagKeys?: string[] | undefined },
  callers: readonly SessionTag[],
): SessionTag[] {
  const keys = Tags.map(({ Key = '' }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw invalidParameterValue('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  const transitive = new Set(TransitiveTagKeys.map((key) => key.toLowerCase()));
  if (![...transitive].every((key) => keys.includes(key))) {
    throw invalidParameterValue('The specified transitive tag key must be included in the requested tags.');
  }
  const inherited = callers.filter((tag) => tag.transitive);
  if (inherited.some(({ key }) => keys.includes(key.toLowerCase()))) {
    throw invalidParameterValue(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const own = Tags.map(({ Key = '', Value = '' }) => ({
    key: Key,
    value: Value,
    transitive: transitive.has(Key.toLowerCase()),
  }));
  return [...inherited, ...own];
}
