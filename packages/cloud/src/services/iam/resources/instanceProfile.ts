import type { ResourceType } from '../../../kernel/resourceType.ts';
import { difference, unlessGone } from './properties.ts';

interface InstanceProfileProperties {
  readonly Roles: readonly string[];
  readonly InstanceProfileName?: string;
  readonly Path?: string;
}

/** `AWS::IAM::InstanceProfile` */
export const instanceProfile: ResourceType<InstanceProfileProperties> = {
  honours: ['Roles', 'InstanceProfileName', 'Path'],
  accepts: [],
  async create({ Roles, InstanceProfileName, Path }, deployment) {
    const name = InstanceProfileName ?? deployment.physicalName(128);
    const { InstanceProfile } = await deployment.aws.iam.CreateInstanceProfile({ InstanceProfileName: name, Path });
    for (const RoleName of Roles) {
      await deployment.aws.iam.AddRoleToInstanceProfile({ InstanceProfileName: name, RoleName });
    }
    return { physicalId: name, attributes: { Arn: InstanceProfile?.Arn } };
  },
  async update(resource, properties, previous, { aws }) {
    if (properties.InstanceProfileName !== previous.InstanceProfileName || properties.Path !== previous.Path) {
      return 'replace';
    }
    const InstanceProfileName = resource.physicalId;
    const { added, removed } = difference(properties.Roles, previous.Roles);
    for (const RoleName of removed) {
      await unlessGone(aws.iam.RemoveRoleFromInstanceProfile({ InstanceProfileName, RoleName }));
    }
    for (const RoleName of added) await aws.iam.AddRoleToInstanceProfile({ InstanceProfileName, RoleName });
    return resource;
  },
  async delete({ physicalId: InstanceProfileName }, { Roles }, { aws }) {
    for (const RoleName of Roles) {
      await unlessGone(aws.iam.RemoveRoleFromInstanceProfile({ InstanceProfileName, RoleName }));
    }
    await unlessGone(aws.iam.DeleteInstanceProfile({ InstanceProfileName }));
  },
};
