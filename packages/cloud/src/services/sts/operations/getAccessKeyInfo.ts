import { check } from '../constraints.ts';
import type { StsDependencies, StsOperations } from '../operation.ts';

export const getAccessKeyInfo =
  ({ credentials }: StsDependencies): StsOperations['GetAccessKeyInfo'] =>
  ({ AccessKeyId }) => {
    const at = 'accessKeyId';
    check(
      AccessKeyId === undefined && { at, value: undefined, must: 'not be null' },
      AccessKeyId !== undefined &&
        AccessKeyId.length < 16 && { at, value: AccessKeyId, must: 'have length greater than or equal to 16' },
      AccessKeyId !== undefined &&
        !/^\w*$/.test(AccessKeyId) && { at, value: AccessKeyId, must: 'satisfy regular expression pattern: [\\w]*' },
    );
    return { Account: credentials.identify(AccessKeyId ?? '').principal.account };
  };
