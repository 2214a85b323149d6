import * as sdk from '@aws-sdk/client-lambda';
import { defineService, type Service } from '../../kernel/service.ts';
import { authorize } from './authorize.ts';
import { CodeStore } from './code/codeStore.ts';
import { Concurrency } from './concurrency.ts';
import { DeadLetters } from './deadLetters.ts';
import { startEnvironments } from './environments/index.ts';
import { Pollers } from './event-source-mappings/pollers.ts';
import { EventQueue } from './eventQueue.ts';
import { FunctionUrls } from './function-url/functionUrls.ts';
import { FunctionLogs } from './functionLogs.ts';
import { functionArn } from './functionReference.ts';
import { Functions } from './functions.ts';
import { Invoker } from './invoker.ts';
import { Layers } from './layers.ts';
import type { LambdaDependencies, LambdaStores } from './operation.ts';
import { createAlias, deleteAlias, getAlias, listAliases, updateAlias } from './operations/aliases.ts';
import { createFunction } from './operations/createFunction.ts';
import { deleteFunction } from './operations/deleteFunction.ts';
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  listFunctionEventInvokeConfigs,
  putFunctionEventInvokeConfig,
  updateFunctionEventInvokeConfig,
} from './operations/eventInvokeConfig.ts';
import {
  createEventSourceMapping,
  deleteEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
  updateEventSourceMapping,
} from './operations/eventSourceMappings.ts';
import {
  createFunctionUrlConfig,
  deleteFunctionUrlConfig,
  getFunctionUrlConfig,
  listFunctionUrlConfigs,
  updateFunctionUrlConfig,
} from './operations/functionUrls.ts';
import { getFunction, getFunctionConfiguration } from './operations/getFunction.ts';
import { invoke } from './operations/invoke.ts';
import { invokeAsync } from './operations/invokeAsync.ts';
import { invokeWithResponseStream } from './operations/invokeWithResponseStream.ts';
import {
  deleteLayerVersion,
  getLayerVersion,
  getLayerVersionByArn,
  listLayers,
  listLayerVersions,
  publishLayerVersion,
} from './operations/layers.ts';
import { listFunctions } from './operations/listFunctions.ts';
import { addPermission, getPolicy, removePermission } from './operations/permissions.ts';
import { getFunctionRecursionConfig, putFunctionRecursionConfig } from './operations/recursionConfig.ts';
import {
  deleteFunctionConcurrency,
  getAccountSettings,
  getFunctionConcurrency,
  putFunctionConcurrency,
} from './operations/reservedConcurrency.ts';
import { listTags, tagResource, untagResource } from './operations/tags.ts';
import { updateFunctionCode } from './operations/updateFunctionCode.ts';
import { updateFunctionConfiguration } from './operations/updateFunctionConfiguration.ts';
import { listVersionsByFunction, publishVersion } from './operations/versions.ts';
import { aliasResource } from './resources/alias.ts';
import { eventInvokeConfigResource } from './resources/eventInvokeConfig.ts';
import { eventSourceMappingResource } from './resources/eventSourceMapping.ts';
import { functionResource } from './resources/function.ts';
import { layerVersionResource } from './resources/layerVersion.ts';
import { permissionResource } from './resources/permission.ts';
import { urlResource } from './resources/url.ts';
import { versionResource } from './resources/version.ts';
import { AliasStore } from './stores/aliasStore.ts';
import { EventConfigStore } from './stores/eventConfigStore.ts';
import { EventSourceMappingStore } from './stores/eventSourceMappingStore.ts';
import { EventStore } from './stores/eventStore.ts';
import { FunctionStore } from './stores/functionStore.ts';
import { LayerStore } from './stores/layerStore.ts';
import { PolicyStore } from './stores/policyStore.ts';
import { RecursionStore } from './stores/recursionStore.ts';
import { UrlStore } from './stores/urlStore.ts';
import { Targets } from './targets.ts';

/** AWS Lambda: functions, run as processes of their own. */
export const lambda: Service<typeof sdk> = defineService<typeof sdk>({
  name: 'lambda',
  sdk,
  actions: 'lambda',
  start: (environment) => {
    const { store, scheduler, random, settings } = environment;
    const stores: LambdaStores = {
      functions: new FunctionStore(store),
      aliases: new AliasStore(store),
      policies: new PolicyStore(store),
      layers: new LayerStore(store),
      events: new EventStore(store),
      eventConfigs: new EventConfigStore(store),
      urls: new UrlStore(store),
      recursion: new RecursionStore(store),
      eventSourceMappings: new EventSourceMappingStore(store),
    };
    const code = new CodeStore(settings.folder, environment.temporary);
    const layers = new Layers(stores.layers);
    const targets = new Targets(stores, environment, layers.folder);
    const concurrency = new Concurrency(stores.functions, scheduler);
    const logs = new FunctionLogs(environment);
    const environments = startEnvironments(environment, logs);
    const invoker = new Invoker(environments, concurrency, environment);
    const deadLetters = new DeadLetters(environment, stores);
    const events = new EventQueue({ stores, targets, invoker, deadLetters, environment });
    const pollers = new Pollers({ targets, invoker, environment });
    const urls = new FunctionUrls({ stores, targets, invoker, environment });
    const functions = new Functions({
      stores,
      targets,
      environments,
      scheduler,
      random,
      onDelete: (scope, name) => {
        stores.events.deleteAll(functionArn(scope, name));
        stores.eventConfigs.deleteAll(scope, name);
        for (const url of stores.urls.list(scope, name)) {
          stores.urls.delete(url, name, url.qualifier);
          urls.close(url);
        }
        stores.recursion.forget(scope, name);
        concurrency.forget();
      },
    });
    const dependencies: LambdaDependencies = {
      ...environment,
      stores,
      code,
      functions,
      layers,
      targets,
      concurrency,
      invoker,
      events,
      urls,
      pollers,
    };
    return {
      operations: {
        AddPermission: addPermission(dependencies),
        CreateAlias: createAlias(dependencies),
        CreateEventSourceMapping: createEventSourceMapping(dependencies),
        CreateFunction: createFunction(dependencies),
        CreateFunctionUrlConfig: createFunctionUrlConfig(dependencies),
        DeleteAlias: deleteAlias(dependencies),
        DeleteEventSourceMapping: deleteEventSourceMapping(dependencies),
        DeleteFunction: deleteFunction(dependencies),
        DeleteFunctionConcurrency: deleteFunctionConcurrency(dependencies),
        DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig(dependencies),
        DeleteFunctionUrlConfig: deleteFunctionUrlConfig(dependencies),
        DeleteLayerVersion: deleteLayerVersion(dependencies),
        GetAccountSettings: getAccountSettings(dependencies),
        GetAlias: getAlias(dependencies),
        GetEventSourceMapping: getEventSourceMapping(dependencies),
        GetFunction: getFunction(dependencies),
        GetFunctionConcurrency: getFunctionConcurrency(dependencies),
        GetFunctionConfiguration: getFunctionConfiguration(dependencies),
        GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig(dependencies),
        GetFunctionUrlConfig: getFunctionUrlConfig(dependencies),
        GetFunctionRecursionConfig: getFunctionRecursionConfig(dependencies),
        GetLayerVersion: getLayerVersion(dependencies),
        GetLayerVersionByArn: getLayerVersionByArn(dependencies),
        GetPolicy: getPolicy(dependencies),
        Invoke: invoke(dependencies),
        InvokeAsync: invokeAsync(dependencies),
        InvokeWithResponseStream: invokeWithResponseStream(dependencies),
        ListAliases: listAliases(dependencies),
        ListEventSourceMappings: listEventSourceMappings(dependencies),
        ListFunctionEventInvokeConfigs: listFunctionEventInvokeConfigs(dependencies),
        ListFunctionUrlConfigs: listFunctionUrlConfigs(dependencies),
        ListFunctions: listFunctions(dependencies),
        ListLayerVersions: listLayerVersions(dependencies),
        ListLayers: listLayers(dependencies),
        ListTags: listTags(dependencies),
        ListVersionsByFunction: listVersionsByFunction(dependencies),
        PublishLayerVersion: publishLayerVersion(dependencies),
        PublishVersion: publishVersion(dependencies),
        PutFunctionConcurrency: putFunctionConcurrency(dependencies),
        PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig(dependencies),
        PutFunctionRecursionConfig: putFunctionRecursionConfig(dependencies),
        RemovePermission: removePermission(dependencies),
        TagResource: tagResource(dependencies),
        UntagResource: untagResource(dependencies),
        UpdateAlias: updateAlias(dependencies),
        UpdateEventSourceMapping: updateEventSourceMapping(dependencies),
        UpdateFunctionCode: updateFunctionCode(dependencies),
        UpdateFunctionConfiguration: updateFunctionConfiguration(dependencies),
        UpdateFunctionEventInvokeConfig: updateFunctionEventInvokeConfig(dependencies),
        UpdateFunctionUrlConfig: updateFunctionUrlConfig(dependencies),
      },
      authorize,
      resources: {
        'AWS::Lambda::Alias': aliasResource,
        'AWS::Lambda::EventInvokeConfig': eventInvokeConfigResource,
        'AWS::Lambda::EventSourceMapping': eventSourceMappingResource,
        'AWS::Lambda::Function': functionResource(dependencies),
        'AWS::Lambda::LayerVersion': layerVersionResource(dependencies),
        'AWS::Lambda::Permission': permissionResource,
        'AWS::Lambda::Url': urlResource,
        'AWS::Lambda::Version': versionResource(dependencies),
      },
      resume: async () => {
        code.sweep(new Set([...stores.functions.folders(), ...stores.layers.folders()]));
        events.resume();
        pollers.resume(stores.eventSourceMappings.all());
        environments.prepare(stores.functions.latest().flatMap((version) => targets.runnable(version) ?? []));
        await urls.resume();
      },
      stop: async () => {
        events.stop();
        pollers.stop();
        await environments.stop();
        await logs.flushed();
      },
    };
  },
});
