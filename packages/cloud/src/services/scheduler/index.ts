import * as sdk from '@aws-sdk/client-scheduler';
import { DeliveryQueue } from '../../kernel/deliveryQueue.ts';
import type { Scope } from '../../kernel/names.ts';
import { type Access, type Context, defineService, type Service } from '../../kernel/service.ts';
import type { SchedulerDependencies } from './operation.ts';
import {
  createScheduleGroup,
  deleteScheduleGroup,
  getScheduleGroup,
  listScheduleGroups,
  listTagsForResource,
  tagResource,
  untagResource,
} from './operations/groups.ts';
import { createSchedule, deleteSchedule, getSchedule, listSchedules, updateSchedule } from './operations/schedules.ts';
import { scheduleResource } from './resources/schedule.ts';
import { scheduleGroupResource } from './resources/scheduleGroup.ts';
import { DEFAULT_GROUP, groupArn, scheduleArn } from './schedule.ts';
import { Schedules } from './schedules.ts';
import { GroupStore } from './stores/groupStore.ts';
import { ScheduleStore } from './stores/scheduleStore.ts';
import { rulesOf, Targets } from './targets.ts';

/** Amazon EventBridge Scheduler. */
export const scheduler: Service = defineService({
  name: 'scheduler',
  sdk,
  actions: 'scheduler',
  start: (environment) => {
    const stored = new ScheduleStore(environment);
    const targets = new Targets(environment);
    const deliveries = new DeliveryQueue({
      table: 'scheduler_delivery',
      environment,
      rulesOf,
      send: (delivery) => targets.send(delivery),
      giveUp: (delivery, failure) => targets.giveUp(delivery, failure),
    });
    const schedules = new Schedules({ environment, stored, deliveries, targets });
    const groups = new GroupStore(environment.store);
    const dependencies: SchedulerDependencies = { ...environment, stored, groups, schedules };
    return {
      operations: {
        CreateSchedule: createSchedule(dependencies),
        CreateScheduleGroup: createScheduleGroup(dependencies),
        DeleteSchedule: deleteSchedule(dependencies),
        DeleteScheduleGroup: deleteScheduleGroup(dependencies),
        GetSchedule: getSchedule(dependencies),
        GetScheduleGroup: getScheduleGroup(dependencies),
        ListScheduleGroups: listScheduleGroups(dependencies),
        ListSchedules: listSchedules(dependencies),
        ListTagsForResource: listTagsForResource(dependencies),
        TagResource: tagResource(dependencies),
        UntagResource: untagResource(dependencies),
        UpdateSchedule: updateSchedule(dependencies),
      },
      authorize: {
        CreateSchedule: (input, context) => withRole('scheduler:CreateSchedule', input, context),
        CreateScheduleGroup: onGroup,
        DeleteSchedule: onSchedule,
        DeleteScheduleGroup: onGroup,
        GetSchedule: onSchedule,
        GetScheduleGroup: onGroup,
        ListScheduleGroups: () => '*',
        ListSchedules: () => '*',
        ListTagsForResource: onTagged,
        TagResource: onTagged,
        UntagResource: onTagged,
        UpdateSchedule: (input, context) => withRole('scheduler:UpdateSchedule', input, context),
      },
      resources: {
        'AWS::Scheduler::Schedule': scheduleResource,
        'AWS::Scheduler::ScheduleGroup': scheduleGroupResource,
      },
      resume: () => {
        deliveries.resume();
        schedules.resume();
      },
      stop: async () => deliveries.stop(),
    };
  },
});

interface Named {
  readonly Name?: string | undefined;
  readonly GroupName?: string | undefined;
}

const onSchedule = ({ Name = '', GroupName = DEFAULT_GROUP }: Named, { account, region }: Scope): string =>
  scheduleArn({ account, region, group: GroupName, name: Name });

const onGroup = ({ Name = '' }: Named, scope: Scope): string => groupArn(scope, Name);

const onTagged = ({ ResourceArn = '*' }: { readonly ResourceArn?: string | undefined }): string => ResourceArn;

/** A schedule hands its role to the service. */
function withRole(
  action: string,
  input: Named & { readonly Target?: sdk.Target | undefined },
  context: Context,
): readonly Access[] {
  const role = input.Target?.RoleArn;
  return [
    { action, resource: onSchedule(input, context) },
    ...(role === undefined ? [] : [{ action: 'iam:PassRole', resource: role }]),
  ];
}
