import type { ResourceType } from '../../../kernel/resourceType.ts';
import { type HeldPolicies, holdPolicies, releasePolicies, userHolder } from './holder.ts';
import { allTags, difference, type TagProperty, unlessGone } from './properties.ts';

interface UserProperties extends HeldPolicies {
  readonly UserName?: string;
  readonly Path?: string;
  readonly Groups?: readonly string[];
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly TagProperty[];
  readonly LoginProfile?: unknown;
}

/** `AWS::IAM::User` */
export const user: ResourceType<UserProperties> = {
  honours: ['UserName', 'Path', 'Groups', 'PermissionsBoundary', 'Policies', 'ManagedPolicyArns', 'Tags'],
  // There is no console to log in to.
  accepts: ['LoginProfile'],
  async create(properties, deployment) {
    const UserName = properties.UserName ?? deployment.physicalName(64);
    const { iam } = deployment.aws;
    const { User } = await iam.CreateUser({
      UserName,
      Path: properties.Path,
      PermissionsBoundary: properties.PermissionsBoundary,
      Tags: allTags(properties.Tags, deployment),
    });
    for (const GroupName of properties.Groups ?? []) await iam.AddUserToGroup({ GroupName, UserName });
    await holdPolicies(userHolder, UserName, properties, {}, deployment);
    return { physicalId: UserName, attributes: { Arn: User?.Arn } };
  },
  async update(resource, properties, previous, deployment) {
    if (properties.UserName !== previous.UserName || properties.Path !== previous.Path) return 'replace';
    const UserName = resource.physicalId;
    const { iam } = deployment.aws;
    const { PermissionsBoundary } = properties;
    if (PermissionsBoundary !== undefined) await iam.PutUserPermissionsBoundary({ UserName, PermissionsBoundary });
    else if (previous.PermissionsBoundary !== undefined) await iam.DeleteUserPermissionsBoundary({ UserName });
    const groups = difference(properties.Groups, previous.Groups);
    for (const GroupName of groups.removed) await unlessGone(iam.RemoveUserFromGroup({ GroupName, UserName }));
    for (const GroupName of groups.added) await iam.AddUserToGroup({ GroupName, UserName });
    await holdPolicies(userHolder, UserName, properties, previous, deployment);
    const Tags = allTags(properties.Tags, deployment);
    const { removed } = difference(
      Tags.map(({ Key }) => Key),
      previous.Tags?.map(({ Key }) => Key),
    );
    if (removed.length > 0) await iam.UntagUser({ UserName, TagKeys: [...removed] });
    if (Tags.length > 0) await iam.TagUser({ UserName, Tags });
    return resource;
  },
  async delete({ physicalId: UserName }, _, { aws }) {
    await unlessGone(
      (async () => {
        const { Groups = [] } = await aws.iam.ListGroupsForUser({ UserName });
        for (const { GroupName } of Groups) await aws.iam.RemoveUserFromGroup({ GroupName, UserName });
        const { PolicyNames } = await aws.iam.ListUserPolicies({ UserName });
        const { AttachedPolicies } = await aws.iam.ListAttachedUserPolicies({ UserName });
        await releasePolicies(userHolder, UserName, { inline: PolicyNames, attached: AttachedPolicies }, aws);
        await aws.iam.DeleteUser({ UserName });
      })(),
    );
  },
};
