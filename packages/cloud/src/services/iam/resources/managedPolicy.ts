import type { ResourceType } from '../../../kernel/resourceType.ts';
import { groupHolder, roleHolder, userHolder } from './holder.ts';
import { allTags, difference, documentText, type TagProperty, unlessGone } from './properties.ts';

interface ManagedPolicyProperties {
  readonly PolicyDocument: unknown;
  readonly ManagedPolicyName?: string;
  readonly Path?: string;
  readonly Description?: string;
  readonly Roles?: readonly string[];
  readonly Users?: readonly string[];
  readonly Groups?: readonly string[];
  readonly Tags?: readonly TagProperty[];
}

const HOLDERS = { Roles: roleHolder, Users: userHolder, Groups: groupHolder } as const;
const MEMBERS = ['Roles', 'Users', 'Groups'] as const;

/** `AWS::IAM::ManagedPolicy` */
export const managedPolicy: ResourceType<ManagedPolicyProperties> = {
  honours: ['PolicyDocument', 'ManagedPolicyName', 'Path', 'Description', 'Roles', 'Users', 'Groups', 'Tags'],
  accepts: [],
  async create(properties, deployment) {
    const { aws } = deployment;
    const { Policy } = await aws.iam.CreatePolicy({
      PolicyName: properties.ManagedPolicyName ?? deployment.physicalName(128),
      Path: properties.Path,
      Description: properties.Description,
      PolicyDocument: documentText(properties.PolicyDocument),
      Tags: allTags(properties.Tags, deployment),
    });
    const arn = Policy?.Arn ?? '';
    for (const member of MEMBERS) {
      for (const name of properties[member] ?? []) await HOLDERS[member].attach(aws, name, arn);
    }
    return { physicalId: arn, attributes: { PolicyArn: arn, PolicyId: Policy?.PolicyId } };
  },
  async update(resource, properties, previous, { aws }) {
    const { ManagedPolicyName, Path, Description } = properties;
    if (
      ManagedPolicyName !== previous.ManagedPolicyName ||
      Path !== previous.Path ||
      Description !== previous.Description
    ) {
      return 'replace';
    }
    const PolicyArn = resource.physicalId;
    const document = documentText(properties.PolicyDocument);
    if (document !== documentText(previous.PolicyDocument)) {
      // As CloudFormation: the new version is the default, and the oldest makes room for it.
      const { Versions = [] } = await aws.iam.ListPolicyVersions({ PolicyArn });
      const oldest = Versions.filter(({ IsDefaultVersion }) => IsDefaultVersion !== true).at(-1);
      if (Versions.length > 4 && oldest !== undefined) {
        await aws.iam.DeletePolicyVersion({ PolicyArn, VersionId: oldest.VersionId });
      }
      await aws.iam.CreatePolicyVersion({ PolicyArn, PolicyDocument: document, SetAsDefault: true });
    }
    for (const member of MEMBERS) {
      const { added, removed } = difference(properties[member], previous[member]);
      for (const name of removed) await unlessGone(HOLDERS[member].detach(aws, name, PolicyArn));
      for (const name of added) await HOLDERS[member].attach(aws, name, PolicyArn);
    }
    return resource;
  },
  async delete({ physicalId: PolicyArn }, properties, { aws }) {
    for (const member of MEMBERS) {
      for (const name of properties[member] ?? []) await unlessGone(HOLDERS[member].detach(aws, name, PolicyArn));
    }
    await unlessGone(
      (async () => {
        const { Versions = [] } = await aws.iam.ListPolicyVersions({ PolicyArn });
        for (const { VersionId, IsDefaultVersion } of Versions) {
          if (IsDefaultVersion !== true) await aws.iam.DeletePolicyVersion({ PolicyArn, VersionId });
        }
        await aws.iam.DeletePolicy({ PolicyArn });
      })(),
    );
  },
};
