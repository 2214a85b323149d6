import { TagLimitExceededException } from '@aws-sdk/client-sns';
import { invalidParameter } from './errors.ts';

const MAX_TAGS = 50;

interface Tag {
  readonly Key: string | undefined;
  readonly Value: string | undefined;
}

/** Tags as they are kept: by key. @throws InvalidParameter when a key comes twice */
export function tagsOf(list: readonly Tag[] | undefined): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const { Key = '', Value = '' } of list ?? []) {
    if (Object.hasOwn(tags, Key)) throw invalidParameter('Duplicated keys are not allowed.');
    tags[Key] = Value;
  }
  checkTags(tags);
  return tags;
}

/** @throws TagLimitExceeded */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length <= MAX_TAGS) return;
  throw new TagLimitExceededException({
    message: 'Could not complete request: tag quota of per resource exceeded',
    $metadata: {},
  });
}
