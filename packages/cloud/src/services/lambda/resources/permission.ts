import type { AddPermissionRequest } from '@aws-sdk/client-lambda';
import type { ResourceType } from '../../../kernel/resourceType.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html */
export interface PermissionProperties extends Omit<AddPermissionRequest, 'StatementId' | 'Qualifier' | 'RevisionId'> {}

/** `AWS::Lambda::Permission` */
export const permissionResource: ResourceType<PermissionProperties> = {
  honours: [
    'Action',
    'FunctionName',
    'Principal',
    'SourceArn',
    'SourceAccount',
    'EventSourceToken',
    'FunctionUrlAuthType',
    'PrincipalOrgID',
    'InvokedViaFunctionUrl',
  ],
  accepts: [],
  scalars: { InvokedViaFunctionUrl: 'boolean' },

  async create(properties, deployment) {
    const StatementId = deployment.physicalName(100);
    await deployment.aws.lambda.AddPermission({ ...properties, StatementId });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },

  // CloudFormation replaces a permission whatever changes in it.
  update: () => 'replace',

  async delete({ physicalId: StatementId }, { FunctionName }, deployment) {
    await orGone(deployment.aws.lambda.RemovePermission({ FunctionName, StatementId }));
  },
};
