import type { ResourceType } from '../../../kernel/resourceType.ts';
import { groupHolder, type HeldPolicies, holdPolicies, releasePolicies } from './holder.ts';
import { difference, unlessGone } from './properties.ts';

interface GroupProperties extends HeldPolicies {
  readonly GroupName?: string;
  readonly Path?: string;
}

/** `AWS::IAM::Group` */
export const group: ResourceType<GroupProperties> = {
  honours: ['GroupName', 'Path', 'Policies', 'ManagedPolicyArns'],
  accepts: [],
  async create(properties, deployment) {
    const GroupName = properties.GroupName ?? deployment.physicalName(128);
    const { Group } = await deployment.aws.iam.CreateGroup({ GroupName, Path: properties.Path });
    await holdPolicies(groupHolder, GroupName, properties, {}, deployment);
    return { physicalId: GroupName, attributes: { Arn: Group?.Arn } };
  },
  async update(resource, properties, previous, deployment) {
    if (properties.GroupName !== previous.GroupName || properties.Path !== previous.Path) return 'replace';
    await holdPolicies(groupHolder, resource.physicalId, properties, previous, deployment);
    return resource;
  },
  async delete({ physicalId: GroupName }, _, { aws }) {
    await unlessGone(
      (async () => {
        const { PolicyNames } = await aws.iam.ListGroupPolicies({ GroupName });
        const { AttachedPolicies } = await aws.iam.ListAttachedGroupPolicies({ GroupName });
        await releasePolicies(groupHolder, GroupName, { inline: PolicyNames, attached: AttachedPolicies }, aws);
        await aws.iam.DeleteGroup({ GroupName });
      })(),
    );
  },
};

interface UserToGroupAdditionProperties {
  readonly GroupName: string;
  readonly Users: readonly string[];
}

/** `AWS::IAM::UserToGroupAddition` */
export const userToGroupAddition: ResourceType<UserToGroupAdditionProperties> = {
  honours: ['GroupName', 'Users'],
  accepts: [],
  async create({ GroupName, Users }, deployment) {
    for (const UserName of Users) await deployment.aws.iam.AddUserToGroup({ GroupName, UserName });
    return { physicalId: deployment.physicalName(128), attributes: {} };
  },
  async update(resource, { GroupName, Users }, previous, { aws }) {
    if (GroupName !== previous.GroupName) return 'replace';
    const { added, removed } = difference(Users, previous.Users);
    for (const UserName of removed) await unlessGone(aws.iam.RemoveUserFromGroup({ GroupName, UserName }));
    for (const UserName of added) await aws.iam.AddUserToGroup({ GroupName, UserName });
    return resource;
  },
  async delete(_, { GroupName, Users }, { aws }) {
    for (const UserName of Users) await unlessGone(aws.iam.RemoveUserFromGroup({ GroupName, UserName }));
  },
};
