import * as sdk from '@aws-sdk/client-eventbridge';
import { DeliveryQueue } from '../../kernel/deliveryQueue.ts';
import { Outgoing } from '../../kernel/outgoing.ts';
import { defineService, type Service } from '../../kernel/service.ts';
import { ApiDestinations } from './apiDestinations.ts';
import { Authorizations } from './authorizations.ts';
import { authorize } from './authorize.ts';
import { Buses } from './buses.ts';
import { BusFaults } from './busFaults.ts';
import type { EventBridgeDependencies, EventBridgeStores } from './operation.ts';
import {
  createApiDestination,
  deleteApiDestination,
  describeApiDestination,
  listApiDestinations,
  updateApiDestination,
} from './operations/apiDestinations.ts';
import { createArchive, deleteArchive, describeArchive, listArchives, updateArchive } from './operations/archives.ts';
import {
  createConnection,
  deauthorizeConnection,
  deleteConnection,
  describeConnection,
  listConnections,
  updateConnection,
} from './operations/connections.ts';
import {
  createEventBus,
  deleteEventBus,
  describeEventBus,
  listEventBuses,
  putPermission,
  removePermission,
  updateEventBus,
} from './operations/eventBuses.ts';
import { putEvents } from './operations/putEvents.ts';
import { cancelReplay, describeReplay, listReplays, startReplay } from './operations/replays.ts';
import {
  deleteRule,
  describeRule,
  disableRule,
  enableRule,
  listRuleNamesByTarget,
  listRules,
  putRule,
  testEventPattern,
} from './operations/rules.ts';
import { listTagsForResource, tagResource, untagResource } from './operations/tags.ts';
import { listTargetsByRule, putTargets, removeTargets } from './operations/targets.ts';
import { Replays } from './replays.ts';
import { apiDestinationResource } from './resources/apiDestination.ts';
import { archiveResource } from './resources/archive.ts';
import { connectionResource } from './resources/connection.ts';
import { eventBusResource } from './resources/eventBus.ts';
import { eventBusPolicyResource } from './resources/eventBusPolicy.ts';
import { ruleResource } from './resources/rule.ts';
import { RuleClock } from './ruleClock.ts';
import { RuleMetrics } from './ruleMetrics.ts';
import { ArchivedEventStore } from './stores/archivedEventStore.ts';
import { NounStore } from './stores/nounStore.ts';
import { RuleStore } from './stores/ruleStore.ts';
import { TagStore } from './stores/tagStore.ts';
import { rulesOf, Targets } from './targets.ts';

/** Amazon EventBridge: buses, rules, archives, API destinations. */
export const eventbridge: Service = defineService({
  name: 'eventbridge',
  sdk,
  actions: 'events',
  start: (environment) => {
    const { store, scheduler, random } = environment;
    const stores: EventBridgeStores = {
      buses: new NounStore(store, 'events_bus'),
      rules: new RuleStore(store),
      tags: new TagStore(store),
      archives: new NounStore(store, 'events_archive'),
      archived: new ArchivedEventStore(store),
      replays: new NounStore(store, 'events_replay'),
      connections: new NounStore(store, 'events_connection'),
      destinations: new NounStore(store, 'events_api_destination'),
    };
    const faults = new BusFaults(environment);
    const ruleMetrics = new RuleMetrics(environment.metrics);
    const outgoing = new Outgoing(scheduler, environment.endpoints);
    const authorizations = new Authorizations(environment, stores.connections, outgoing);
    const destinations = new ApiDestinations(environment, stores, authorizations, outgoing);
    const targets = new Targets(environment, destinations, faults, ruleMetrics);
    const deliveries = new DeliveryQueue({
      table: 'events_delivery',
      environment,
      rulesOf,
      order: (owner, due) => faults.order(owner, due),
      pace: (delivery) => targets.paceOf(delivery),
      jitter: ({ owner }) => 0.5 + random.of(`retry/${owner}`).fraction() / 2,
      send: (delivery, activity) => targets.send(delivery, activity),
      giveUp: (delivery, failure) => targets.giveUp(delivery, failure),
    });
    const buses = new Buses(stores, deliveries, scheduler, faults, ruleMetrics);
    const ruleClock = new RuleClock(environment, stores.rules, buses);
    const replayer = new Replays(environment, stores, buses);
    const dependencies: EventBridgeDependencies = {
      ...environment,
      stores,
      buses,
      ruleClock,
      replayer,
      authorizations,
    };
    return {
      operations: {
        CancelReplay: cancelReplay(dependencies),
        CreateApiDestination: createApiDestination(dependencies),
        CreateArchive: createArchive(dependencies),
        CreateConnection: createConnection(dependencies),
        CreateEventBus: createEventBus(dependencies),
        DeauthorizeConnection: deauthorizeConnection(dependencies),
        DeleteApiDestination: deleteApiDestination(dependencies),
        DeleteArchive: deleteArchive(dependencies),
        DeleteConnection: deleteConnection(dependencies),
        DeleteEventBus: deleteEventBus(dependencies),
        DeleteRule: deleteRule(dependencies),
        DescribeApiDestination: describeApiDestination(dependencies),
        DescribeArchive: describeArchive(dependencies),
        DescribeConnection: describeConnection(dependencies),
        DescribeEventBus: describeEventBus(dependencies),
        DescribeReplay: describeReplay(dependencies),
        DescribeRule: describeRule(dependencies),
        DisableRule: disableRule(dependencies),
        EnableRule: enableRule(dependencies),
        ListApiDestinations: listApiDestinations(dependencies),
        ListArchives: listArchives(dependencies),
        ListConnections: listConnections(dependencies),
        ListEventBuses: listEventBuses(dependencies),
        ListReplays: listReplays(dependencies),
        ListRuleNamesByTarget: listRuleNamesByTarget(dependencies),
        ListRules: listRules(dependencies),
        ListTagsForResource: listTagsForResource(dependencies),
        ListTargetsByRule: listTargetsByRule(dependencies),
        PutEvents: putEvents(dependencies),
        PutPermission: putPermission(dependencies),
        PutRule: putRule(dependencies),
        PutTargets: putTargets(dependencies),
        RemovePermission: removePermission(dependencies),
        RemoveTargets: removeTargets(dependencies),
        StartReplay: startReplay(dependencies),
        TagResource: tagResource(dependencies),
        TestEventPattern: testEventPattern(),
        UntagResource: untagResource(dependencies),
        UpdateApiDestination: updateApiDestination(dependencies),
        UpdateArchive: updateArchive(dependencies),
        UpdateConnection: updateConnection(dependencies),
        UpdateEventBus: updateEventBus(dependencies),
      },
      authorize,
      resources: {
        'AWS::Events::ApiDestination': apiDestinationResource,
        'AWS::Events::Archive': archiveResource,
        'AWS::Events::Connection': connectionResource,
        'AWS::Events::EventBus': eventBusResource,
        'AWS::Events::EventBusPolicy': eventBusPolicyResource,
        'AWS::Events::Rule': ruleResource,
      },
      resume: () => {
        deliveries.resume();
        ruleClock.arm();
        replayer.resume();
        authorizations.resume();
      },
      stop: async () => {
        deliveries.stop();
        authorizations.stop();
      },
    };
  },
});
