import { Scheduler } from '@aws-sdk/client-scheduler';
import { expect, it } from 'vitest';
import { deployTemplate } from '../../../deploy/test/deployTemplate.ts';
import { startCloud } from '../../../index.ts';

it('makes a group and a schedule from a template, changes the schedule, and takes both away', async () => {
  await using cloud = await startCloud({ clock: 'virtual' });
  const scheduler = new Scheduler(cloud.clientConfiguration);
  const deploy = (Resources: object) => {
    return deployTemplate(cloud, { Resources, Outputs: {} });
  };
  const group = { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'g' } };
  const schedule = (ScheduleExpression: string) => ({
    Type: 'AWS::Scheduler::Schedule',
    Properties: {
      GroupName: { Ref: 'Group' },
      ScheduleExpression,
      FlexibleTimeWindow: { Mode: 'FLEXIBLE', MaximumWindowInMinutes: '5' },
      StartDate: '2030-01-01T00:00:00.000Z',
      Target: {
        Arn: 'arn:aws:sqs:us-east-1:000000000000:q',
        RoleArn: 'arn:aws:iam::000000000000:role/r',
        RetryPolicy: { MaximumRetryAttempts: '3' },
      },
    },
  });
  try {
    await deploy({ Group: group, Schedule: schedule('rate(1 hour)') });
    await deploy({ Group: group, Schedule: schedule('rate(2 hours)') });
    const { Schedules = [] } = await scheduler.listSchedules({ GroupName: 'g' });
    expect(Schedules.map(({ Name }) => Name)).toEqual([expect.stringMatching(/^shop-Schedule-\w+$/)]);
    expect(await scheduler.getSchedule({ Name: Schedules[0]?.Name, GroupName: 'g' })).toMatchObject({
      ScheduleExpression: 'rate(2 hours)',
      StartDate: new Date('2030-01-01T00:00:00Z'),
      FlexibleTimeWindow: { MaximumWindowInMinutes: 5 },
      Target: { RetryPolicy: { MaximumRetryAttempts: 3 } },
    });
    await deploy({ Other: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'other' } } });
    const { ScheduleGroups = [] } = await scheduler.listScheduleGroups({});
    expect(ScheduleGroups.map(({ Name }) => Name)).toEqual(['default', 'other']);
  } finally {
    scheduler.destroy();
  }
});
