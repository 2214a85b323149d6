import * as sdk from '@aws-sdk/client-cloudwatch';
import type { Scope } from '../../kernel/names.ts';
import { type Access, type Context, defineService, type Service } from '../../kernel/service.ts';
import { Actions } from './actions.ts';
import { alarmArn } from './alarm.ts';
import { Alarms } from './alarms.ts';
import { CompositeAlarms } from './compositeAlarms.ts';
import type { CloudWatchDependencies } from './operation.ts';
import {
  deleteAlarms,
  describeAlarmHistory,
  describeAlarms,
  describeAlarmsForMetric,
  disableAlarmActions,
  enableAlarmActions,
  putMetricAlarm,
  setAlarmState,
} from './operations/alarms.ts';
import { putCompositeAlarm } from './operations/compositeAlarms.ts';
import { getMetricData, getMetricStatistics, listMetrics, putMetricData } from './operations/metrics.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import { alarmResource } from './resources/alarm.ts';
import { compositeAlarmResource } from './resources/compositeAlarm.ts';
import { dashboardResource } from './resources/dashboard.ts';
import { AlarmStore } from './stores/alarmStore.ts';
import { CompositeAlarmStore } from './stores/compositeAlarmStore.ts';

/** Amazon CloudWatch: metrics and alarms. */
export const cloudwatch: Service = defineService({
  name: 'cloudwatch',
  sdk,
  actions: 'cloudwatch',
  start: (environment) => {
    const stored = new AlarmStore(environment.store);
    const compositeStored = new CompositeAlarmStore(environment.store);
    const actions = new Actions(environment, stored, compositeStored);
    const composites = new CompositeAlarms(environment.scheduler, compositeStored, stored, actions);
    const alarms = new Alarms(environment, stored, actions, composites);
    const dependencies: CloudWatchDependencies = { ...environment, stored, alarms, compositeStored, composites };
    return {
      operations: {
        DeleteAlarms: deleteAlarms(dependencies),
        DescribeAlarmHistory: describeAlarmHistory(dependencies),
        DescribeAlarms: describeAlarms(dependencies),
        DescribeAlarmsForMetric: describeAlarmsForMetric(dependencies),
        DisableAlarmActions: disableAlarmActions(dependencies),
        EnableAlarmActions: enableAlarmActions(dependencies),
        GetMetricData: getMetricData(dependencies),
        GetMetricStatistics: getMetricStatistics(dependencies),
        ListMetrics: listMetrics(dependencies),
        ListTagsForResource: listTagsForResource(dependencies),
        PutCompositeAlarm: putCompositeAlarm(dependencies),
        PutMetricAlarm: putMetricAlarm(dependencies),
        PutMetricData: putMetricData(dependencies),
        SetAlarmState: setAlarmState(dependencies),
        TagResource: tagResource(dependencies),
        UntagResource: untagResource(dependencies),
      },
      authorize: {
        DeleteAlarms: (input, context) => onAlarms('cloudwatch:DeleteAlarms', input, context),
        DescribeAlarmHistory: ({ AlarmName }, context) =>
          AlarmName === undefined ? '*' : alarmArn(context, AlarmName),
        DescribeAlarms: () => '*',
        DescribeAlarmsForMetric: () => '*',
        DisableAlarmActions: (input, context) => onAlarms('cloudwatch:DisableAlarmActions', input, context),
        EnableAlarmActions: (input, context) => onAlarms('cloudwatch:EnableAlarmActions', input, context),
        GetMetricData: () => '*',
        GetMetricStatistics: () => '*',
        ListMetrics: () => '*',
        ListTagsForResource: ({ ResourceARN = '*' }) => ResourceARN,
        PutCompositeAlarm: onAlarm,
        PutMetricAlarm: onAlarm,
        PutMetricData: () => '*',
        SetAlarmState: onAlarm,
        TagResource: ({ ResourceARN = '*' }) => ResourceARN,
        UntagResource: ({ ResourceARN = '*' }) => ResourceARN,
      },
      resources: {
        'AWS::CloudWatch::Alarm': alarmResource,
        'AWS::CloudWatch::CompositeAlarm': compositeAlarmResource,
        'AWS::CloudWatch::Dashboard': dashboardResource,
      },
      resume: () => {
        actions.resume();
        alarms.resume();
      },
      stop: async () => actions.stop(),
    };
  },
});

const onAlarm = ({ AlarmName = '' }: { readonly AlarmName?: string | undefined }, scope: Scope): string =>
  alarmArn(scope, AlarmName);

const onAlarms = (
  action: string,
  { AlarmNames = [] }: { readonly AlarmNames?: readonly string[] | undefined },
  context: Context,
): readonly Access[] => AlarmNames.map((name) => ({ action, resource: alarmArn(context, name) }));
