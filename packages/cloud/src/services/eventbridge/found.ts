import type { EventBus } from '@aws-sdk/client-eventbridge';
import type { Scope } from '../../kernel/names.ts';
import { type Bus, busArn, busOf, DEFAULT_BUS } from './bus.ts';
import { busNotFound, ruleNotFound } from './errors.ts';
import type { EventBridgeStores } from './operation.ts';
import type { Rule } from './rule.ts';
import type { BusScope } from './stores/ruleStore.ts';

/** A bus; that of the name `default` is always there. @throws ResourceNotFoundException */
export function findBus({ buses }: EventBridgeStores, scope: BusScope): Bus {
  const found = buses.find(scope, scope.bus);
  if (found !== undefined) return found;
  if (scope.bus !== DEFAULT_BUS) throw busNotFound(scope.bus);
  return {
    name: DEFAULT_BUS,
    description: undefined,
    createdAt: 0,
    modifiedAt: 0,
    statements: [],
    kmsKeyIdentifier: undefined,
    deadLetterConfig: undefined,
    logConfig: undefined,
  };
}

/** A rule of a bus that must be there. @throws ResourceNotFoundException */
export function findRule(
  stores: EventBridgeStores,
  { Name = '', EventBusName }: { readonly Name?: string | undefined; readonly EventBusName?: string | undefined },
  scope: Scope,
): Rule {
  const bus = busOf(EventBusName, scope);
  findBus(stores, bus);
  const rule = stores.rules.find(bus, Name);
  if (rule === undefined) throw ruleNotFound(Name, bus.bus);
  return rule;
}

/** Buses of an account, the default one first made if need be, by name. */
export function allBuses(stores: EventBridgeStores, scope: Scope): Bus[] {
  const kept = stores.buses.list(scope);
  if (kept.some(({ name }) => name === DEFAULT_BUS)) return kept;
  const all = [...kept, findBus(stores, { ...scope, bus: DEFAULT_BUS })];
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a bus answers of itself. */
export function describeBus(scope: Scope, bus: Bus): EventBus {
  const Arn = busArn(scope, bus.name);
  return {
    Arn,
    Name: bus.name,
    Description: bus.description,
    CreationTime: new Date(bus.createdAt),
    LastModifiedTime: new Date(bus.modifiedAt),
    Policy:
      bus.statements.length === 0 ? undefined : JSON.stringify({ Version: '2012-10-17', Statement: bus.statements }),
  };
}
