import { invalidParameter } from './errors.ts';

const MOST_TAGS = 50;

/** Checks tags that a group is to have. @throws InvalidParameterException */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > MOST_TAGS) throw invalidParameter(`A resource can have at most ${MOST_TAGS} tags.`);
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || value.length > 256) {
      throw invalidParameter('Tag keys must have 1 to 128 characters, and tag values up to 256.');
    }
    if (key.toLowerCase().startsWith('aws:')) {
      throw invalidParameter('aws: prefixed tag key names are not allowed for external use.');
    }
  }
}
