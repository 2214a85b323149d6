import { invalidParameter } from './errors.ts';

const MAX_TAGS = 50;

/** @throws InvalidParameterValueException when there are too many */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > MAX_TAGS) throw invalidParameter('Number of tags exceeds resource tag limit.');
}

/** A tag as CloudFormation writes it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** Tags as the service keeps them. */
export const tagsOf = (tags: readonly Tag[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
