import type { PutFunctionEventInvokeConfigRequest } from '@aws-sdk/client-lambda';
import type { ResourceType } from '../../../kernel/resourceType.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html */
export type EventInvokeConfigProperties = PutFunctionEventInvokeConfigRequest;

/** `AWS::Lambda::EventInvokeConfig` */
export const eventInvokeConfigResource: ResourceType<EventInvokeConfigProperties> = {
  honours: ['FunctionName', 'Qualifier', 'MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'DestinationConfig'],
  accepts: [],
  scalars: { MaximumEventAgeInSeconds: 'number', MaximumRetryAttempts: 'number' },

  async create(properties, deployment) {
    await deployment.aws.lambda.PutFunctionEventInvokeConfig(properties);
    return { physicalId: `${deployment.stackName}-${deployment.logicalId}`, attributes: {} };
  },

  async update(resource, properties, previous, deployment) {
    if (properties.FunctionName !== previous.FunctionName || properties.Qualifier !== previous.Qualifier)
      return 'replace';
    await deployment.aws.lambda.PutFunctionEventInvokeConfig(properties);
    return resource;
  },

  async delete(_resource, { FunctionName, Qualifier }, deployment) {
    await orGone(deployment.aws.lambda.DeleteFunctionEventInvokeConfig({ FunctionName, Qualifier }));
  },
};
