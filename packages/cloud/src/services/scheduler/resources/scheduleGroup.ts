import type { Tag } from '@aws-sdk/client-scheduler';
import type { Deployment, Resource, ResourceType } from '../../../kernel/resourceType.ts';
import { groupArn } from '../schedule.ts';
import { orGone } from './schedule.ts';

interface ScheduleGroupProperties {
  readonly Name?: string;
  readonly Tags?: readonly Tag[];
}

/** `AWS::Scheduler::ScheduleGroup` */
export const scheduleGroupResource: ResourceType<ScheduleGroupProperties> = {
  honours: ['Name', 'Tags'],
  accepts: [],
  async create(properties, deployment) {
    const name = properties.Name ?? deployment.physicalName(64);
    const Tags = [...(properties.Tags ?? [])];
    await deployment.aws.scheduler.CreateScheduleGroup({ Name: name, Tags });
    return resourceOf(name, deployment);
  },
  async update(resource, properties, previous, { aws }) {
    if (properties.Name !== previous.Name) return 'replace';
    const ResourceArn = String(resource.attributes['Arn']);
    const TagKeys = (previous.Tags ?? []).map(({ Key = '' }) => Key);
    if (TagKeys.length > 0) await aws.scheduler.UntagResource({ ResourceArn, TagKeys });
    const Tags = [...(properties.Tags ?? [])];
    if (Tags.length > 0) await aws.scheduler.TagResource({ ResourceArn, Tags });
    return resource;
  },
  async delete({ physicalId }, _, { aws }) {
    await orGone(aws.scheduler.DeleteScheduleGroup({ Name: physicalId }));
  },
};

const resourceOf = (name: string, { account, region }: Deployment): Resource => ({
  physicalId: name,
  attributes: { Arn: groupArn({ account, region }, name), State: 'ACTIVE' },
});
