import type { PutCompositeAlarmInput, Tag } from '@aws-sdk/client-cloudwatch';
import type { ResourceType } from '../../../kernel/resourceType.ts';
import { alarmArn } from '../alarm.ts';

interface CompositeAlarmProperties extends Omit<PutCompositeAlarmInput, 'Tags' | 'AlarmName'> {
  readonly AlarmName?: string;
  readonly Tags?: readonly Tag[];
}

/** `AWS::CloudWatch::CompositeAlarm` */
export const compositeAlarmResource: ResourceType<CompositeAlarmProperties> = {
  honours: [
    'ActionsEnabled',
    'AlarmActions',
    'AlarmDescription',
    'AlarmName',
    'AlarmRule',
    'InsufficientDataActions',
    'OKActions',
    'Tags',
  ],
  // Without the suppressor, which is refused, they say nothing.
  accepts: ['ActionsSuppressor', 'ActionsSuppressorExtensionPeriod', 'ActionsSuppressorWaitPeriod'],
  scalars: {
    ActionsEnabled: 'boolean',
    ActionsSuppressorExtensionPeriod: 'number',
    ActionsSuppressorWaitPeriod: 'number',
  },
  async create({ Tags = [], ...properties }, deployment) {
    const AlarmName = properties.AlarmName ?? deployment.physicalName(255);
    await deployment.aws.cloudwatch.PutCompositeAlarm({ ...properties, AlarmName, Tags: [...Tags] });
    return { physicalId: AlarmName, attributes: { Arn: alarmArn(deployment, AlarmName) } };
  },
  async update(resource, { Tags = [], ...properties }, previous, { aws }) {
    if (properties.AlarmName !== previous.AlarmName) return 'replace';
    await aws.cloudwatch.PutCompositeAlarm({ ...properties, AlarmName: resource.physicalId });
    const ResourceARN = String(resource.attributes['Arn']);
    const kept = new Set(Tags.map(({ Key }) => Key));
    const TagKeys = (previous.Tags ?? []).flatMap(({ Key = '' }) => (kept.has(Key) ? [] : [Key]));
    if (TagKeys.length > 0) await aws.cloudwatch.UntagResource({ ResourceARN, TagKeys });
    if (Tags.length > 0) await aws.cloudwatch.TagResource({ ResourceARN, Tags: [...Tags] });
    return resource;
  },
  async delete({ physicalId }, _, { aws }) {
    await aws.cloudwatch.DeleteAlarms({ AlarmNames: [physicalId] });
  },
};
