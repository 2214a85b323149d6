import type { AnyResourceType } from '../../kernel/resourceType.ts';
import { accessKey } from './resources/accessKey.ts';
import { group, userToGroupAddition } from './resources/group.ts';
import { instanceProfile } from './resources/instanceProfile.ts';
import { managedPolicy } from './resources/managedPolicy.ts';
import { groupPolicy, policy, rolePolicy, userPolicy } from './resources/policy.ts';
import { role, serviceLinkedRole } from './resources/role.ts';
import { user } from './resources/user.ts';

/** The CloudFormation resource types of IAM. */
export const resources: Readonly<Record<string, AnyResourceType>> = {
  'AWS::IAM::AccessKey': accessKey,
  'AWS::IAM::Group': group,
  'AWS::IAM::GroupPolicy': groupPolicy,
  'AWS::IAM::InstanceProfile': instanceProfile,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::IAM::RolePolicy': rolePolicy,
  'AWS::IAM::ServiceLinkedRole': serviceLinkedRole,
  'AWS::IAM::User': user,
  'AWS::IAM::UserPolicy': userPolicy,
  'AWS::IAM::UserToGroupAddition': userToGroupAddition,
};
