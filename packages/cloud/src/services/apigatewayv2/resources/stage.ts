import type { CreateStageRequest } from '@aws-sdk/client-apigatewayv2';
import type { ResourceType } from '../../../kernel/resourceType.ts';
import { managementArn } from '../api.ts';
import { ACCOUNT_BURST, ACCOUNT_RATE } from '../http/throttle.ts';
import { orGone } from './gone.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html */
export interface StageProperties extends CreateStageRequest {
  readonly AccessPolicyId?: string;
}

/** `AWS::ApiGatewayV2::Stage` */
export const stageResource: ResourceType<StageProperties> = {
  honours: [
    'ApiId',
    'AutoDeploy',
    'DefaultRouteSettings',
    'DeploymentId',
    'RouteSettings',
    'StageName',
    'StageVariables',
    'Tags',
  ],
  accepts: [
    'Description',
    // Every request is a hop of the trace; no log lines are written of it.
    'AccessLogSettings',
    // Of WebSocket APIs.
    'AccessPolicyId',
    'ClientCertificateId',
  ],
  scalars: {
    AutoDeploy: 'boolean',
    'DefaultRouteSettings.DataTraceEnabled': 'boolean',
    'DefaultRouteSettings.DetailedMetricsEnabled': 'boolean',
    'DefaultRouteSettings.ThrottlingBurstLimit': 'number',
    'DefaultRouteSettings.ThrottlingRateLimit': 'number',
  },

  async create({ AccessPolicyId: _, ...properties }, { aws }) {
    await aws.apigatewayv2.CreateStage(properties);
    return { physicalId: properties.StageName ?? '', attributes: {} };
  },

  async update(resource, properties, previous, { aws, region }) {
    const { ApiId, StageName, Tags = {} } = properties;
    if (ApiId !== previous.ApiId || StageName !== previous.StageName) return 'replace';
    const client = aws.apigatewayv2;
    const { AccessPolicyId: _, Tags: __, ...changes } = properties;
    const removed = Object.keys(previous.StageVariables ?? {}).map((name) => [name, '']);
    const settings = Object.keys(previous.RouteSettings ?? {}).map((key) => [key, {}]);
    await client.UpdateStage({
      ...changes,
      AutoDeploy: properties.AutoDeploy ?? false,
      DefaultRouteSettings: { ...defaultsFor(previous.DefaultRouteSettings), ...properties.DefaultRouteSettings },
      Description: properties.Description ?? '',
      RouteSettings: { ...Object.fromEntries(settings), ...properties.RouteSettings },
      StageVariables: { ...Object.fromEntries(removed), ...properties.StageVariables },
    });
    const ResourceArn = managementArn(`apis/${ApiId}/stages/${StageName}`, { region });
    const TagKeys = Object.keys(previous.Tags ?? {}).filter((key) => !(key in Tags));
    if (TagKeys.length > 0) await client.UntagResource({ ResourceArn, TagKeys });
    if (Object.keys(Tags).length > 0) await client.TagResource({ ResourceArn, Tags });
    return resource;
  },

  async delete({ physicalId: StageName }, { ApiId }, { aws }) {
    await orGone(aws.apigatewayv2.DeleteStage({ ApiId, StageName }));
  },
};

/** Limits cannot be taken away by an update: those of the account stand for none. */
const defaultsFor = (
  previous: StageProperties['DefaultRouteSettings'] = {},
): StageProperties['DefaultRouteSettings'] => ({
  ...(previous.ThrottlingBurstLimit === undefined ? {} : { ThrottlingBurstLimit: ACCOUNT_BURST }),
  ...(previous.ThrottlingRateLimit === undefined ? {} : { ThrottlingRateLimit: ACCOUNT_RATE }),
});
