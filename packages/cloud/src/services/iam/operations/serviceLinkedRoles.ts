import { partitionOf } from '../../../kernel/names.ts';
import { roleAnswer } from '../answers.ts';
import { check } from '../constraints.ts';
import { isServiceLinked } from '../entity.ts';
import { entityNotFound, invalidInput, noSuchEntity } from '../errors.ts';
import { createEntity } from '../newEntity.ts';
import type { IamDependencies, IamOperations } from '../operation.ts';
import { serviceLinkedRole } from '../serviceLinkedRole.ts';

export const createServiceLinkedRole =
  (dependencies: IamDependencies): IamOperations['CreateServiceLinkedRole'] =>
  ({ AWSServiceName, CustomSuffix, Description }, context) => {
    check(AWSServiceName === undefined && { at: 'aWSServiceName', must: 'not be null' });
    const service = AWSServiceName ?? '';
    const { name: base, policy, customSuffix } = serviceLinkedRole(service);
    if (CustomSuffix !== undefined && !customSuffix) {
      throw invalidInput(`Custom suffix is not allowed for ${service}`);
    }
    const name = CustomSuffix === undefined ? base : `${base}_${CustomSuffix}`;
    const { entities, policies } = dependencies;
    if (entities.find(context, 'role', name) !== undefined) {
      throw invalidInput(`Service role name ${name} has been taken in this account, please try a different suffix.`);
    }
    const role = createEntity(dependencies, context, 'role', {
      name,
      path: `/aws-service-role/${service}/`,
      description: Description,
      maxSessionSeconds: 3600,
      trustPolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [service] } }],
      }),
    });
    policies.attach(role, `arn:${partitionOf(context.region)}:iam::aws:policy/aws-service-role/${policy}`);
    const { MaxSessionDuration: _, ...answer } = roleAnswer(role, context);
    return { Role: answer };
  };

/** Deletes the role at once. AWS takes its time: the task that it answers has succeeded here. */
export const deleteServiceLinkedRole =
  ({ entities, policies, tags, random }: IamDependencies): IamOperations['DeleteServiceLinkedRole'] =>
  ({ RoleName = '' }, context) => {
    const role = entities.get(context, 'role', RoleName);
    if (!isServiceLinked(role)) throw entityNotFound('role', RoleName);
    for (const arn of policies.attachedTo(role)) policies.detach(role, arn);
    tags.removeAll(role.id);
    entities.remove(role);
    return { DeletionTaskId: `task${role.path}${role.name}/${random.of(`deletion/${role.id}`).uuid()}` };
  };

export const getServiceLinkedRoleDeletionStatus =
  ({ entities }: IamDependencies): IamOperations['GetServiceLinkedRoleDeletionStatus'] =>
  ({ DeletionTaskId = '' }, context) => {
    const [, name = ''] = /^task\/aws-service-role\/[^/]+\/([^/]+)\/[0-9a-f-]{36}$/.exec(DeletionTaskId) ?? [];
    if (name === '' || entities.find(context, 'role', name) !== undefined) {
      throw noSuchEntity(`The deletion task with id ${DeletionTaskId} cannot be found.`);
    }
    return { Status: 'SUCCEEDED' };
  };
