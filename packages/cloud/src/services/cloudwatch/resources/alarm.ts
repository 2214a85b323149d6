import type { PutMetricAlarmInput, Tag } from '@aws-sdk/client-cloudwatch';
import type { Deployment, Resource, ResourceType } from '../../../kernel/resourceType.ts';
import { alarmArn } from '../alarm.ts';

interface AlarmProperties extends Omit<PutMetricAlarmInput, 'Tags' | 'AlarmName'> {
  readonly AlarmName?: string;
  readonly Tags?: readonly Tag[];
}

/** `AWS::CloudWatch::Alarm` */
export const alarmResource: ResourceType<AlarmProperties> = {
  honours: [
    'ActionsEnabled',
    'AlarmActions',
    'AlarmDescription',
    'AlarmName',
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluationPeriods',
    'ExtendedStatistic',
    'InsufficientDataActions',
    'MetricName',
    'Metrics',
    'Namespace',
    'OKActions',
    'Period',
    'Statistic',
    'Tags',
    'Threshold',
    'TreatMissingData',
    'Unit',
  ],
  // Of anomaly detection, which is refused; and of percentiles of few samples, which are evaluated always.
  accepts: ['EvaluateLowSampleCountPercentile', 'ThresholdMetricId'],
  scalars: {
    ActionsEnabled: 'boolean',
    DatapointsToAlarm: 'number',
    EvaluationPeriods: 'number',
    Period: 'number',
    Threshold: 'number',
    'Metrics[].Period': 'number',
    'Metrics[].MetricStat.Period': 'number',
    'Metrics[].ReturnData': 'boolean',
  },
  async create(properties, deployment) {
    const name = properties.AlarmName ?? deployment.physicalName(255);
    await put(name, properties, deployment);
    return resourceOf(name, deployment);
  },
  async update(resource, properties, previous, deployment) {
    if (properties.AlarmName !== previous.AlarmName) return 'replace';
    await put(resource.physicalId, properties, deployment);
    const ResourceARN = String(resource.attributes['Arn']);
    const TagKeys = (previous.Tags ?? []).map(({ Key = '' }) => Key);
    if (TagKeys.length > 0) await deployment.aws.cloudwatch.UntagResource({ ResourceARN, TagKeys });
    const Tags = [...(properties.Tags ?? [])];
    if (Tags.length > 0) await deployment.aws.cloudwatch.TagResource({ ResourceARN, Tags });
    return resource;
  },
  async delete({ physicalId }, _, { aws }) {
    await aws.cloudwatch.DeleteAlarms({ AlarmNames: [physicalId] });
  },
};

async function put(AlarmName: string, { Tags, ...properties }: AlarmProperties, { aws }: Deployment): Promise<void> {
  await aws.cloudwatch.PutMetricAlarm({ ...properties, AlarmName, Tags: [...(Tags ?? [])] });
}

const resourceOf = (name: string, { account, region }: Deployment): Resource => ({
  physicalId: name,
  attributes: { Arn: alarmArn({ account, region }, name) },
});
