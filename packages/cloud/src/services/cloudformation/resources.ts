import type { ResourceType } from '../../kernel/resourceType.ts';

/** `AWS::CloudFormation::WaitConditionHandle`: has no properties; the CDK uses it where a template needs a resource that does nothing. */
export const waitConditionHandle: ResourceType<Record<string, never>> = {
  honours: [],
  accepts: [],
  create: (_properties, deployment) => ({ physicalId: deployment.physicalName(128), attributes: {} }),
  update: (resource) => resource,
  delete: () => undefined,
};
