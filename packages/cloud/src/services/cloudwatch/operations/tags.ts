import { parseArn } from '../../../kernel/names.ts';
import type { Context } from '../../../kernel/service.ts';
import type { Alarm } from '../alarm.ts';
import { alarmNotFound } from '../errors.ts';
import type { CloudWatchDependencies, CloudWatchOperations } from '../operation.ts';

/** @throws ResourceNotFound */
function tagged({ stored }: CloudWatchDependencies, arn: string | undefined, context: Context): Alarm {
  const name = /^alarm:(.+)$/.exec(parseArn(arn ?? '')?.resource ?? '')?.[1] ?? '';
  const alarm = stored.find(context, name);
  if (alarm === undefined) throw alarmNotFound(name);
  return alarm;
}

export const tagResource =
  (dependencies: CloudWatchDependencies): CloudWatchOperations['TagResource'] =>
  ({ ResourceARN, Tags = [] }, context) => {
    const alarm = tagged(dependencies, ResourceARN, context);
    const kept = alarm.tags.filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
    dependencies.stored.put({ ...alarm, tags: [...kept, ...Tags] });
    return {};
  };

export const untagResource =
  (dependencies: CloudWatchDependencies): CloudWatchOperations['UntagResource'] =>
  ({ ResourceARN, TagKeys = [] }, context) => {
    const alarm = tagged(dependencies, ResourceARN, context);
    dependencies.stored.put({ ...alarm, tags: alarm.tags.filter(({ Key = '' }) => !TagKeys.includes(Key)) });
    return {};
  };

export const listTagsForResource =
  (dependencies: CloudWatchDependencies): CloudWatchOperations['ListTagsForResource'] =>
  ({ ResourceARN }, context) => ({ Tags: [...tagged(dependencies, ResourceARN, context).tags] });
