import { check, groupName } from '../constraints.ts';
import { invalidParameter } from '../errors.ts';
import type { LogsDependencies, LogsOperations } from '../operation.ts';

const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

export const putRetentionPolicy =
  ({ groups, retention }: LogsDependencies): LogsOperations['PutRetentionPolicy'] =>
  ({ logGroupName = '', retentionInDays }, context) => {
    check(
      groupName(logGroupName),
      retentionInDays === undefined && { at: 'retentionInDays', value: undefined, must: 'not be null' },
    );
    if (retentionInDays === undefined || !DAYS.includes(retentionInDays)) {
      throw invalidParameter(`Invalid retention value. Valid values are: [${DAYS.join(', ')}]`);
    }
    const group = groups.get(context, logGroupName);
    groups.retain(group, retentionInDays);
    retention.watch({ ...group, retentionDays: retentionInDays }, context.cause);
    return {};
  };

export const deleteRetentionPolicy =
  ({ groups }: LogsDependencies): LogsOperations['DeleteRetentionPolicy'] =>
  ({ logGroupName = '' }, context) => {
    check(groupName(logGroupName));
    groups.retain(groups.get(context, logGroupName), undefined);
    return {};
  };
