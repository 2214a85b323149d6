import type { CreateScheduleInput } from '@aws-sdk/client-scheduler';
import type { Deployment, Resource, ResourceType } from '../../../kernel/resourceType.ts';
import { DEFAULT_GROUP, scheduleArn } from '../schedule.ts';
import { undeliverable } from '../targets.ts';

type ScheduleProperties = Omit<CreateScheduleInput, 'StartDate' | 'EndDate' | 'ClientToken' | 'Name'> & {
  readonly Name?: string;
  readonly StartDate?: string;
  readonly EndDate?: string;
};

/** `AWS::Scheduler::Schedule` */
export const scheduleResource: ResourceType<ScheduleProperties> = {
  honours: [
    'Name',
    'GroupName',
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'StartDate',
    'EndDate',
    'Description',
    'State',
    'Target',
    'FlexibleTimeWindow',
  ],
  // There is no KMS here.
  accepts: ['KmsKeyArn'],
  scalars: {
    'FlexibleTimeWindow.MaximumWindowInMinutes': 'number',
    'Target.RetryPolicy.MaximumEventAgeInSeconds': 'number',
    'Target.RetryPolicy.MaximumRetryAttempts': 'number',
  },
  async create(properties, deployment) {
    const name = properties.Name ?? deployment.physicalName(64);
    await deployment.aws.scheduler.CreateSchedule(inputOf(name, properties));
    return resourceOf(name, properties, deployment);
  },
  async update({ physicalId }, properties, previous, deployment) {
    if (properties.Name !== previous.Name || properties.GroupName !== previous.GroupName) return 'replace';
    await deployment.aws.scheduler.UpdateSchedule(inputOf(physicalId, properties));
    return resourceOf(physicalId, properties, deployment);
  },
  async delete({ physicalId }, { GroupName }, { aws }) {
    await orGone(aws.scheduler.DeleteSchedule({ Name: physicalId, GroupName }));
  },
};

const inputOf = (Name: string, { StartDate, EndDate, ...properties }: ScheduleProperties): CreateScheduleInput => ({
  ...properties,
  Name,
  StartDate: StartDate === undefined ? undefined : new Date(StartDate),
  EndDate: EndDate === undefined ? undefined : new Date(EndDate),
});

function resourceOf(
  name: string,
  { GroupName = DEFAULT_GROUP, Target }: ScheduleProperties,
  deployment: Deployment,
): Resource {
  const { account, region } = deployment;
  const why = undeliverable(Target?.Arn ?? '');
  if (why !== undefined)
    deployment.notice(`${why}: what ${name} sends there is dropped, or goes to its dead-letter queue`);
  return { physicalId: name, attributes: { Arn: scheduleArn({ account, region, group: GroupName, name }) } };
}

/** Waits for a deletion, of what may be gone already. */
export async function orGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
  }
}
