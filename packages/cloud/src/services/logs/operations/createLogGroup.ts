import { check, groupName } from '../constraints.ts';
import { alreadyExists } from '../errors.ts';
import { LOG_GROUP_CLASSES } from '../logGroup.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';
import { checkTags } from '../tags.ts';

export const createLogGroup =
  ({ groups, scheduler }: LogsDependencies): LogsOperations['CreateLogGroup'] =>
  (
    { logGroupName = '', kmsKeyId, tags = {}, logGroupClass = 'STANDARD', deletionProtectionEnabled = false },
    context,
  ) => {
    const known = LOG_GROUP_CLASSES.find((candidate) => candidate === logGroupClass);
    check(
      groupName(logGroupName),
      known === undefined && {
        at: 'logGroupClass',
        value: logGroupClass,
        must: `satisfy enum value set: [${LOG_GROUP_CLASSES.join(', ')}]`,
      },
    );
    checkTags(tags);
    if (groups.find(context, logGroupName) !== undefined) throw alreadyExists('log group');
    const id = groups.insert({
      account: context.account,
      region: context.region,
      name: logGroupName,
      createdAt: scheduler.now,
      logGroupClass: known ?? 'STANDARD',
      kmsKeyId,
      deletionProtection: deletionProtectionEnabled,
    });
    groups.tag({ id }, tags);
    return {};
  };
