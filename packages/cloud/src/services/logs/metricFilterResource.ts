import type { MetricTransformation } from '@aws-sdk/client-cloudwatch-logs';
import type { Deployment, Resource, ResourceType } from '../../kernel/resourceType.ts';

interface Transformation {
  readonly MetricName: string;
  readonly MetricNamespace: string;
  readonly MetricValue: string | number;
  readonly DefaultValue?: number;
  readonly Unit?: string;
  readonly Dimensions?: readonly { readonly Key: string; readonly Value: string }[];
}

interface MetricFilterProperties {
  readonly FilterName?: string;
  readonly FilterPattern: string;
  readonly LogGroupName: string;
  readonly MetricTransformations: readonly Transformation[];
  readonly ApplyOnTransformedLogs?: boolean;
}

/** `AWS::Logs::MetricFilter` */
export const metricFilter: ResourceType<MetricFilterProperties> = {
  honours: ['FilterName', 'FilterPattern', 'LogGroupName', 'MetricTransformations'],
  // Nothing transforms logs here.
  accepts: ['ApplyOnTransformedLogs'],
  scalars: { ApplyOnTransformedLogs: 'boolean', 'MetricTransformations[].DefaultValue': 'number' },
  async create(properties, deployment) {
    const name = properties.FilterName ?? deployment.physicalName(512);
    return put(name, properties, deployment);
  },
  async update(resource, properties, previous, deployment) {
    if (properties.FilterName !== previous.FilterName || properties.LogGroupName !== previous.LogGroupName)
      return 'replace';
    return put(resource.physicalId, properties, deployment);
  },
  async delete({ physicalId }, { LogGroupName }, { aws }) {
    try {
      await aws.logs.DeleteMetricFilter({ logGroupName: LogGroupName, filterName: physicalId });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
    }
  },
};

async function put(name: string, properties: MetricFilterProperties, { aws }: Deployment): Promise<Resource> {
  await aws.logs.PutMetricFilter({
    logGroupName: properties.LogGroupName,
    filterName: name,
    filterPattern: properties.FilterPattern,
    metricTransformations: properties.MetricTransformations.map(
      ({ MetricName, MetricNamespace, MetricValue, DefaultValue, Unit, Dimensions }) => ({
        metricName: MetricName,
        metricNamespace: MetricNamespace,
        metricValue: String(MetricValue),
        defaultValue: DefaultValue,
        unit: Unit as MetricTransformation['unit'], // as the template says
        dimensions:
          Dimensions === undefined ? undefined : Object.fromEntries(Dimensions.map(({ Key, Value }) => [Key, Value])),
      }),
    ),
  });
  return { physicalId: name, attributes: {} };
}
