import type { Tag } from '@aws-sdk/client-iam';
import { invalidInput, limitExceeded } from './errors.ts';

const MOST_TAGS = 50;

/** Checks tags that an entity is to have. @throws InvalidInput, LimitExceeded */
export function checkTags(tags: readonly Tag[] = []): void {
  const keys = tags.map(({ Key = '' }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length) {
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (keys.length > MOST_TAGS) throw limitExceeded(`Cannot exceed quota for TagsPerEntity: ${MOST_TAGS}`);
  if (keys.some((key) => key.startsWith('aws:'))) {
    throw invalidInput('Tag keys that begin with aws: are reserved for AWS use.');
  }
}
