import type * as sdk from '@aws-sdk/client-lambda';
import type { OperationsOf, ServiceEnvironment } from '../../kernel/service.ts';
import type { CodeStore } from './code/codeStore.ts';
import type { Concurrency } from './concurrency.ts';
import type { Pollers } from './event-source-mappings/pollers.ts';
import type { EventQueue } from './eventQueue.ts';
import type { FunctionUrls } from './function-url/functionUrls.ts';
import type { Functions } from './functions.ts';
import type { Invoker } from './invoker.ts';
import type { Layers } from './layers.ts';
import type { AliasStore } from './stores/aliasStore.ts';
import type { EventConfigStore } from './stores/eventConfigStore.ts';
import type { EventSourceMappingStore } from './stores/eventSourceMappingStore.ts';
import type { EventStore } from './stores/eventStore.ts';
import type { FunctionStore } from './stores/functionStore.ts';
import type { LayerStore } from './stores/layerStore.ts';
import type { PolicyStore } from './stores/policyStore.ts';
import type { RecursionStore } from './stores/recursionStore.ts';
import type { UrlStore } from './stores/urlStore.ts';
import type { Targets } from './targets.ts';

export type LambdaOperations = OperationsOf<typeof sdk>;

/** All that is kept of functions, by noun. */
export interface LambdaStores {
  readonly functions: FunctionStore;
  readonly aliases: AliasStore;
  readonly policies: PolicyStore;
  readonly layers: LayerStore;
  readonly events: EventStore;
  readonly eventConfigs: EventConfigStore;
  readonly urls: UrlStore;
  readonly recursion: RecursionStore;
  readonly eventSourceMappings: EventSourceMappingStore;
}

/** All that a Lambda operation may use. */
export interface LambdaDependencies extends ServiceEnvironment {
  readonly stores: LambdaStores;
  readonly code: CodeStore;
  /** Makes, changes and deletes functions. */
  readonly functions: Functions;
  /** Finds what an invocation is for. */
  readonly targets: Targets;
  readonly concurrency: Concurrency;
  readonly invoker: Invoker;
  /** Asynchronous invocations. */
  readonly events: EventQueue;
  readonly layers: Layers;
  readonly urls: FunctionUrls;
  /** The pollers of event source mappings. */
  readonly pollers: Pollers;
}
