import type * as sdk from '@aws-sdk/client-dynamodb';
import { validationException } from './errors.ts';

const MAX_TAGS = 50;

/** Tags as they are kept: by key. @throws ValidationException when one comes twice, or there are too many */
export function tagsOf(list: readonly sdk.Tag[] | undefined): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const { Key = '', Value = '' } of list ?? []) {
    if (Object.hasOwn(tags, Key)) throw validationException(`Duplicate tag key: ${Key}`);
    if (Key.startsWith('aws:')) throw validationException('Tag keys must not begin with aws:');
    tags[Key] = Value;
  }
  checkTags(tags);
  return tags;
}

/** @throws ValidationException when there are too many */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > MAX_TAGS) throw validationException(`Too many tags: at most ${MAX_TAGS} per resource`);
}

/** Tags as AWS lists them. */
export const tagListOf = (tags: Readonly<Record<string, string>>): sdk.Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
