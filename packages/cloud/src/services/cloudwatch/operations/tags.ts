import type { Tag } from '@aws-sdk/client-cloudwatch';
import { parseArn } from '../../../kernel/names.ts';
import type { Context } from '../../../kernel/service.ts';
import { alarmNotFound } from '../errors.ts';
import type { CloudWatchDependencies, CloudWatchOperations } from '../operation.ts';

/** The tags of an alarm, and how others are given to it. */
interface Tagged {
  readonly tags: readonly Tag[];
  put(tags: readonly Tag[]): void;
}

const nameIn = (arn: string | undefined): string => /^alarm:(.+)$/.exec(parseArn(arn ?? '')?.resource ?? '')?.[1] ?? '';

function find(
  { stored, compositeStored }: CloudWatchDependencies,
  arn: string | undefined,
  context: Context,
): Tagged | undefined {
  const alarm = stored.find(context, nameIn(arn));
  if (alarm !== undefined) return { tags: alarm.tags, put: (tags) => stored.put({ ...alarm, tags }) };
  const composite = compositeStored.find(context, nameIn(arn));
  if (composite === undefined) return undefined;
  return { tags: composite.tags, put: (tags) => compositeStored.put({ ...composite, tags }) };
}

/** @throws ResourceNotFound */
function tagged(dependencies: CloudWatchDependencies, arn: string | undefined, context: Context): Tagged {
  const found = find(dependencies, arn, context);
  if (found === undefined) throw alarmNotFound(nameIn(arn));
  return found;
}

export const tagResource =
  (dependencies: CloudWatchDependencies): CloudWatchOperations['TagResource'] =>
  ({ ResourceARN, Tags = [] }, context) => {
    const { tags, put } = tagged(dependencies, ResourceARN, context);
    put([...tags.filter(({ Key }) => !Tags.some((tag) => tag.Key === Key)), ...Tags]);
    return {};
  };

export const untagResource =
  (dependencies: CloudWatchDependencies): CloudWatchOperations['UntagResource'] =>
  ({ ResourceARN, TagKeys = [] }, context) => {
    const { tags, put } = tagged(dependencies, ResourceARN, context);
    put(tags.filter(({ Key = '' }) => !TagKeys.includes(Key)));
    return {};
  };

/** Of an alarm that is not there AWS gives none. */
export const listTagsForResource =
  (dependencies: CloudWatchDependencies): CloudWatchOperations['ListTagsForResource'] =>
  ({ ResourceARN }, context) => ({ Tags: [...(find(dependencies, ResourceARN, context)?.tags ?? [])] });
