import type { Cors, FunctionUrlAuthType, InvokeMode } from '@aws-sdk/client-lambda';
import type { ResourceType } from '../../../kernel/resourceType.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-url.html */
export interface UrlProperties {
  readonly TargetFunctionArn: string;
  readonly Qualifier?: string;
  readonly AuthType: FunctionUrlAuthType;
  readonly InvokeMode?: InvokeMode;
  readonly Cors?: Cors;
}

/** `AWS::Lambda::Url` */
export const urlResource: ResourceType<UrlProperties> = {
  honours: ['TargetFunctionArn', 'Qualifier', 'AuthType', 'Cors', 'InvokeMode'],
  accepts: [],
  scalars: { 'Cors.AllowCredentials': 'boolean', 'Cors.MaxAge': 'number' },

  async create({ TargetFunctionArn, Qualifier, AuthType, InvokeMode, Cors }, deployment) {
    const input = { FunctionName: TargetFunctionArn, Qualifier, AuthType, InvokeMode, Cors };
    const { FunctionArn = '', FunctionUrl } = await deployment.aws.lambda.CreateFunctionUrlConfig(input);
    if (InvokeMode === 'RESPONSE_STREAM') {
      deployment.notice(
        'the answers of a function URL are not streamed here: a client gets them whole when they are complete',
      );
    }
    return { physicalId: FunctionArn, attributes: { FunctionArn, FunctionUrl } };
  },

  async update(
    resource,
    { TargetFunctionArn, Qualifier, AuthType, InvokeMode = 'BUFFERED', Cors = {} },
    previous,
    deployment,
  ) {
    if (TargetFunctionArn !== previous.TargetFunctionArn || Qualifier !== previous.Qualifier) return 'replace';
    const FunctionName = TargetFunctionArn;
    await deployment.aws.lambda.UpdateFunctionUrlConfig({ FunctionName, Qualifier, AuthType, InvokeMode, Cors });
    return resource;
  },

  async delete(_resource, { TargetFunctionArn, Qualifier }, deployment) {
    await orGone(deployment.aws.lambda.DeleteFunctionUrlConfig({ FunctionName: TargetFunctionArn, Qualifier }));
  },
};
