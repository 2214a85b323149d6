import type { Deployment } from '../../../kernel/resourceType.ts';
import type { Aws } from '../../../kernel/service.ts';
import {
  difference,
  documentText,
  type InlinePolicyProperty,
  noticeUnknownPolicies,
  unlessGone,
} from './properties.ts';

/** The operations on the policies of one kind of entity. */
export interface Holder {
  put(aws: Aws, name: string, PolicyName: string, PolicyDocument: string): Promise<unknown>;
  remove(aws: Aws, name: string, PolicyName: string): Promise<unknown>;
  attach(aws: Aws, name: string, PolicyArn: string): Promise<unknown>;
  detach(aws: Aws, name: string, PolicyArn: string): Promise<unknown>;
}

export const roleHolder: Holder = {
  put: (aws, RoleName, PolicyName, PolicyDocument) => aws.iam.PutRolePolicy({ RoleName, PolicyName, PolicyDocument }),
  remove: (aws, RoleName, PolicyName) => aws.iam.DeleteRolePolicy({ RoleName, PolicyName }),
  attach: (aws, RoleName, PolicyArn) => aws.iam.AttachRolePolicy({ RoleName, PolicyArn }),
  detach: (aws, RoleName, PolicyArn) => aws.iam.DetachRolePolicy({ RoleName, PolicyArn }),
};

export const userHolder: Holder = {
  put: (aws, UserName, PolicyName, PolicyDocument) => aws.iam.PutUserPolicy({ UserName, PolicyName, PolicyDocument }),
  remove: (aws, UserName, PolicyName) => aws.iam.DeleteUserPolicy({ UserName, PolicyName }),
  attach: (aws, UserName, PolicyArn) => aws.iam.AttachUserPolicy({ UserName, PolicyArn }),
  detach: (aws, UserName, PolicyArn) => aws.iam.DetachUserPolicy({ UserName, PolicyArn }),
};

export const groupHolder: Holder = {
  put: (aws, GroupName, PolicyName, PolicyDocument) =>
    aws.iam.PutGroupPolicy({ GroupName, PolicyName, PolicyDocument }),
  remove: (aws, GroupName, PolicyName) => aws.iam.DeleteGroupPolicy({ GroupName, PolicyName }),
  attach: (aws, GroupName, PolicyArn) => aws.iam.AttachGroupPolicy({ GroupName, PolicyArn }),
  detach: (aws, GroupName, PolicyArn) => aws.iam.DetachGroupPolicy({ GroupName, PolicyArn }),
};

/** The policies that stand in a role, user or group of a template. */
export interface HeldPolicies {
  readonly Policies?: readonly InlinePolicyProperty[];
  readonly ManagedPolicyArns?: readonly string[];
}

/** Gives an entity the policies that it should have, and takes those that it should have no more. */
export async function holdPolicies(
  holder: Holder,
  name: string,
  wanted: HeldPolicies,
  previous: HeldPolicies,
  deployment: Deployment,
): Promise<void> {
  const { aws } = deployment;
  const names = (policies: readonly InlinePolicyProperty[] = []) => policies.map(({ PolicyName }) => PolicyName);
  const managed = difference(wanted.ManagedPolicyArns, previous.ManagedPolicyArns);
  noticeUnknownPolicies(managed.added, deployment);
  for (const arn of managed.removed) await unlessGone(holder.detach(aws, name, arn));
  for (const policy of difference(names(wanted.Policies), names(previous.Policies)).removed) {
    await unlessGone(holder.remove(aws, name, policy));
  }
  for (const arn of managed.added) await holder.attach(aws, name, arn);
  for (const { PolicyName, PolicyDocument } of wanted.Policies ?? []) {
    await holder.put(aws, name, PolicyName, documentText(PolicyDocument));
  }
}

/** Takes an entity's policies, so that it can be deleted: also those that others of the stack gave it. */
export async function releasePolicies(
  holder: Holder,
  name: string,
  {
    inline,
    attached,
  }: { inline: readonly string[] | undefined; attached: readonly { PolicyArn?: string | undefined }[] | undefined },
  aws: Aws,
): Promise<void> {
  for (const policy of inline ?? []) await unlessGone(holder.remove(aws, name, policy));
  for (const { PolicyArn = '' } of attached ?? []) await unlessGone(holder.detach(aws, name, PolicyArn));
}
