import type { Deployment, Resource, ResourceType } from '../../../kernel/resourceType.ts';
import { type HeldPolicies, holdPolicies, releasePolicies, roleHolder } from './holder.ts';
import { allTags, difference, documentText, type TagProperty, unlessGone } from './properties.ts';

interface RoleProperties extends HeldPolicies {
  readonly AssumeRolePolicyDocument: unknown;
  readonly RoleName?: string;
  readonly Path?: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly TagProperty[];
}

/** `AWS::IAM::Role` */
export const role: ResourceType<RoleProperties> = {
  honours: [
    'AssumeRolePolicyDocument',
    'RoleName',
    'Path',
    'Description',
    'MaxSessionDuration',
    'PermissionsBoundary',
    'Policies',
    'ManagedPolicyArns',
    'Tags',
  ],
  accepts: [],
  scalars: { MaxSessionDuration: 'number' },
  async create(properties, deployment) {
    const RoleName = properties.RoleName ?? deployment.physicalName(64);
    const { MaxSessionDuration, Description, Path, PermissionsBoundary } = properties;
    await deployment.aws.iam.CreateRole({
      RoleName,
      Path,
      Description,
      PermissionsBoundary,
      AssumeRolePolicyDocument: documentText(properties.AssumeRolePolicyDocument),
      MaxSessionDuration,
      Tags: allTags(properties.Tags, deployment),
    });
    await holdPolicies(roleHolder, RoleName, properties, {}, deployment);
    return roleResource(RoleName, deployment);
  },
  async update({ physicalId: RoleName }, properties, previous, deployment) {
    if (properties.RoleName !== previous.RoleName || properties.Path !== previous.Path) return 'replace';
    const { iam } = deployment.aws;
    await iam.UpdateAssumeRolePolicy({ RoleName, PolicyDocument: documentText(properties.AssumeRolePolicyDocument) });
    await iam.UpdateRole({
      RoleName,
      Description: properties.Description ?? '',
      MaxSessionDuration: properties.MaxSessionDuration ?? 3600,
    });
    const { PermissionsBoundary } = properties;
    if (PermissionsBoundary !== undefined) await iam.PutRolePermissionsBoundary({ RoleName, PermissionsBoundary });
    else if (previous.PermissionsBoundary !== undefined) await iam.DeleteRolePermissionsBoundary({ RoleName });
    await holdPolicies(roleHolder, RoleName, properties, previous, deployment);
    const tags = allTags(properties.Tags, deployment);
    const { removed } = difference(
      tags.map(({ Key }) => Key),
      previous.Tags?.map(({ Key }) => Key),
    );
    if (removed.length > 0) await iam.UntagRole({ RoleName, TagKeys: [...removed] });
    if (tags.length > 0) await iam.TagRole({ RoleName, Tags: tags });
    return roleResource(RoleName, deployment);
  },
  async delete({ physicalId: RoleName }, _, { aws }) {
    await unlessGone(
      (async () => {
        const { PolicyNames } = await aws.iam.ListRolePolicies({ RoleName });
        const { AttachedPolicies } = await aws.iam.ListAttachedRolePolicies({ RoleName });
        await releasePolicies(roleHolder, RoleName, { inline: PolicyNames, attached: AttachedPolicies }, aws);
        await aws.iam.DeleteRole({ RoleName });
      })(),
    );
  },
};

async function roleResource(RoleName: string, { aws }: Deployment): Promise<Resource> {
  const { Role } = await aws.iam.GetRole({ RoleName });
  return { physicalId: RoleName, attributes: { Arn: Role?.Arn, RoleId: Role?.RoleId } };
}

interface ServiceLinkedRoleProperties {
  readonly AWSServiceName: string;
  readonly CustomSuffix?: string;
  readonly Description?: string;
}

/** `AWS::IAM::ServiceLinkedRole` */
export const serviceLinkedRole: ResourceType<ServiceLinkedRoleProperties> = {
  honours: ['AWSServiceName', 'CustomSuffix', 'Description'],
  accepts: [],
  async create(properties, { aws }) {
    const { Role } = await aws.iam.CreateServiceLinkedRole(properties);
    return { physicalId: Role?.RoleName ?? '', attributes: { RoleName: Role?.RoleName } };
  },
  update: (resource, properties, previous) =>
    properties.AWSServiceName === previous.AWSServiceName &&
    properties.CustomSuffix === previous.CustomSuffix &&
    properties.Description === previous.Description
      ? resource
      : 'replace',
  async delete({ physicalId }, _, { aws }) {
    await unlessGone(aws.iam.DeleteServiceLinkedRole({ RoleName: physicalId }));
  },
};
