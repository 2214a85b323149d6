import * as sdk from '@aws-sdk/client-cloudwatch-logs';
import { defineService, type Service } from '../../kernel/service.ts';
import { EventStore } from './eventStore.ts';
import { logFollowersOf } from './follow.ts';
import { GroupStore } from './groupStore.ts';
import { groupArn, groupNameOf, streamArn } from './logGroup.ts';
import { MetricFilters } from './metricFilters.ts';
import type { LogsDependencies } from './operation.ts';
import { createLogGroup } from './operations/createLogGroup.ts';
import { createLogStream } from './operations/createLogStream.ts';
import { deleteLogGroup } from './operations/deleteLogGroup.ts';
import { deleteLogStream } from './operations/deleteLogStream.ts';
import { describeLogGroups, listLogGroups } from './operations/describeLogGroups.ts';
import { describeLogStreams } from './operations/describeLogStreams.ts';
import { filterLogEvents } from './operations/filterLogEvents.ts';
import { getLogEvents } from './operations/getLogEvents.ts';
import {
  deleteMetricFilter,
  describeMetricFilters,
  putMetricFilter,
  testMetricFilter,
} from './operations/metricFilters.ts';
import { putLogEvents } from './operations/putLogEvents.ts';
import { deleteResourcePolicy, describeResourcePolicies, putResourcePolicy } from './operations/resourcePolicies.ts';
import { deleteRetentionPolicy, putRetentionPolicy } from './operations/retentionPolicy.ts';
import {
  listTagsForResource,
  listTagsLogGroup,
  tagLogGroup,
  tagResource,
  untagLogGroup,
  untagResource,
} from './operations/tagResource.ts';
import { ResourcePolicyStore } from './resourcePolicyStore.ts';
import { resources } from './resources.ts';
import { Retention } from './retention.ts';
import { StreamStore } from './streamStore.ts';

/** Amazon CloudWatch Logs: log groups, streams and events. */
export const logs: Service = defineService({
  name: 'logs',
  sdk,
  actions: 'logs',
  start: (environment) => {
    const { store, scheduler } = environment;
    const groups = new GroupStore(store);
    const streams = new StreamStore(store);
    const events = new EventStore(store);
    const retention = new Retention({ scheduler, store, groups, streams, events });
    const dependencies: LogsDependencies = {
      ...environment,
      groups,
      streams,
      events,
      resourcePolicies: new ResourcePolicyStore(store),
      retention,
      followers: logFollowersOf(store),
      metricFilters: new MetricFilters(environment),
    };
    return {
      operations: {
        CreateLogGroup: createLogGroup(dependencies),
        CreateLogStream: createLogStream(dependencies),
        DeleteLogGroup: deleteLogGroup(dependencies),
        DeleteLogStream: deleteLogStream(dependencies),
        DeleteMetricFilter: deleteMetricFilter(dependencies),
        DeleteResourcePolicy: deleteResourcePolicy(dependencies),
        DescribeMetricFilters: describeMetricFilters(dependencies),
        DescribeResourcePolicies: describeResourcePolicies(dependencies),
        PutResourcePolicy: putResourcePolicy(dependencies),
        DeleteRetentionPolicy: deleteRetentionPolicy(dependencies),
        DescribeLogGroups: describeLogGroups(dependencies),
        DescribeLogStreams: describeLogStreams(dependencies),
        FilterLogEvents: filterLogEvents(dependencies),
        GetLogEvents: getLogEvents(dependencies),
        ListLogGroups: listLogGroups(dependencies),
        ListTagsForResource: listTagsForResource(dependencies),
        ListTagsLogGroup: listTagsLogGroup(dependencies),
        PutLogEvents: putLogEvents(dependencies),
        PutMetricFilter: putMetricFilter(dependencies),
        PutRetentionPolicy: putRetentionPolicy(dependencies),
        TagLogGroup: tagLogGroup(dependencies),
        TagResource: tagResource(dependencies),
        TestMetricFilter: testMetricFilter(),
        UntagLogGroup: untagLogGroup(dependencies),
        UntagResource: untagResource(dependencies),
      },
      authorize: {
        CreateLogGroup: onGroup,
        CreateLogStream: onStream,
        DeleteLogGroup: onGroup,
        DeleteLogStream: onStream,
        DeleteMetricFilter: onGroup,
        DeleteResourcePolicy: () => '*',
        DescribeMetricFilters: onGroup,
        DescribeResourcePolicies: () => '*',
        PutResourcePolicy: () => '*',
        DeleteRetentionPolicy: onGroup,
        DescribeLogGroups: (_, context) => streamArn('', '', context),
        DescribeLogStreams: onGroup,
        FilterLogEvents: onGroup,
        GetLogEvents: onStream,
        ListLogGroups: (_, context) => streamArn('', '', context),
        ListTagsForResource: ({ resourceArn = '' }) => resourceArn,
        ListTagsLogGroup: ({ logGroupName = '' }, context) => groupArn(logGroupName, context),
        PutLogEvents: onStream,
        PutMetricFilter: onGroup,
        PutRetentionPolicy: onGroup,
        TagLogGroup: ({ logGroupName = '' }, context) => groupArn(logGroupName, context),
        TagResource: ({ resourceArn = '' }) => resourceArn,
        TestMetricFilter: () => '*',
        UntagLogGroup: ({ logGroupName = '' }, context) => groupArn(logGroupName, context),
        UntagResource: ({ resourceArn = '' }) => resourceArn,
      },
      resources,
      resume: () => retention.resume(),
    };
  },
});

interface Named {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
  readonly logStreamName?: string | undefined;
}

const nameIn = ({ logGroupName, logGroupIdentifier = '' }: Named): string =>
  logGroupName ?? groupNameOf(logGroupIdentifier);

type Place = { readonly account: string; readonly region: string };

const onGroup = (input: Named, context: Place): string => streamArn(nameIn(input), '', context);

const onStream = (input: Named, context: Place): string => streamArn(nameIn(input), input.logStreamName ?? '', context);
