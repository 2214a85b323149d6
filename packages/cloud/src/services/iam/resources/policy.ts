import type { Deployment, ResourceType } from '../../../kernel/resourceType.ts';
import { groupHolder, type Holder, roleHolder, userHolder } from './holder.ts';
import { difference, documentText, unlessGone } from './properties.ts';

type SinglePolicyProperties<Member extends string> = {
  readonly PolicyName: string;
  readonly PolicyDocument?: unknown;
} & { readonly [Key in Member]: string };

interface PolicyProperties {
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
  readonly Roles?: readonly string[];
  readonly Users?: readonly string[];
  readonly Groups?: readonly string[];
}

const HOLDERS = { Roles: roleHolder, Users: userHolder, Groups: groupHolder } as const;
const MEMBERS = ['Roles', 'Users', 'Groups'] as const;

/** `AWS::IAM::Policy`: one inline policy in several roles, users and groups. */
export const policy: ResourceType<PolicyProperties> = {
  honours: ['PolicyName', 'PolicyDocument', 'Roles', 'Users', 'Groups'],
  accepts: [],
  async create(properties, deployment) {
    await putIntoAll(properties, deployment);
    return { physicalId: deployment.physicalName(128), attributes: {} };
  },
  async update(resource, properties, previous, deployment) {
    const renamed = properties.PolicyName !== previous.PolicyName;
    for (const member of MEMBERS) {
      const gone = renamed ? (previous[member] ?? []) : difference(properties[member], previous[member]).removed;
      for (const name of gone) await unlessGone(HOLDERS[member].remove(deployment.aws, name, previous.PolicyName));
    }
    await putIntoAll(properties, deployment);
    return resource;
  },
  async delete(_, properties, { aws }) {
    for (const member of MEMBERS) {
      for (const name of properties[member] ?? []) {
        await unlessGone(HOLDERS[member].remove(aws, name, properties.PolicyName));
      }
    }
  },
};

async function putIntoAll(properties: PolicyProperties, { aws }: Deployment): Promise<void> {
  const document = documentText(properties.PolicyDocument);
  for (const member of MEMBERS) {
    for (const name of properties[member] ?? []) {
      await HOLDERS[member].put(aws, name, properties.PolicyName, document);
    }
  }
}

/** A type for one inline policy of one entity, which `member` names. */
function singlePolicy<Member extends string>(
  member: Member,
  holder: Holder,
): ResourceType<SinglePolicyProperties<Member>> {
  return {
    honours: ['PolicyName', 'PolicyDocument', member],
    accepts: [],
    async create(properties, { aws }) {
      if (properties.PolicyDocument !== undefined) {
        await holder.put(aws, properties[member], properties.PolicyName, documentText(properties.PolicyDocument));
      }
      return { physicalId: `${properties.PolicyName}|${properties[member]}`, attributes: {} };
    },
    async update(resource, properties, previous, { aws }) {
      if (properties.PolicyName !== previous.PolicyName || properties[member] !== previous[member]) return 'replace';
      await holder.put(aws, properties[member], properties.PolicyName, documentText(properties.PolicyDocument));
      return resource;
    },
    async delete(_, properties, { aws }) {
      await unlessGone(holder.remove(aws, properties[member], properties.PolicyName));
    },
  };
}

/** `AWS::IAM::RolePolicy` */
export const rolePolicy: ResourceType<SinglePolicyProperties<'RoleName'>> = singlePolicy('RoleName', roleHolder);

/** `AWS::IAM::UserPolicy` */
export const userPolicy: ResourceType<SinglePolicyProperties<'UserName'>> = singlePolicy('UserName', userHolder);

/** `AWS::IAM::GroupPolicy` */
export const groupPolicy: ResourceType<SinglePolicyProperties<'GroupName'>> = singlePolicy('GroupName', groupHolder);
