import type { ResourceType } from '../../../kernel/resourceType.ts';
import { unlessGone } from './properties.ts';

interface AccessKeyProperties {
  readonly UserName: string;
  readonly Status?: 'Active' | 'Inactive';
  readonly Serial?: number;
}

/** `AWS::IAM::AccessKey` */
export const accessKey: ResourceType<AccessKeyProperties> = {
  honours: ['UserName', 'Status', 'Serial'],
  accepts: [],
  async create({ UserName, Status }, { aws }) {
    const { AccessKey } = await aws.iam.CreateAccessKey({ UserName });
    const AccessKeyId = AccessKey?.AccessKeyId ?? '';
    if (Status === 'Inactive') await aws.iam.UpdateAccessKey({ UserName, AccessKeyId, Status });
    return { physicalId: AccessKeyId, attributes: { SecretAccessKey: AccessKey?.SecretAccessKey } };
  },
  async update(resource, { UserName, Status = 'Active', Serial }, previous, { aws }) {
    // A new serial number is the way to ask for a new key.
    if (UserName !== previous.UserName || Serial !== previous.Serial) return 'replace';
    await aws.iam.UpdateAccessKey({ UserName, AccessKeyId: resource.physicalId, Status });
    return resource;
  },
  async delete({ physicalId }, { UserName }, { aws }) {
    await unlessGone(aws.iam.DeleteAccessKey({ UserName, AccessKeyId: physicalId }));
  },
};
