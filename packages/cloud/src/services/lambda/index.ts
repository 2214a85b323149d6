import * as sdk from '@aws-sdk/client-lambda';
import { defineService, type Service } from '../../kernel/service.ts';
import { authorize } from './authorize.ts';
import { CodeStore } from './code/codeStore.ts';
import { Concurrency } from './concurrency.ts';
import { DeadLetters } from './deadLetters.ts';
import { startEnvironments } from './environments/index.ts';
import { EventQueue } from './eventQueue.ts';
import { FunctionLogs } from './functionLogs.ts';
import { functionArn } from './functionReference.ts';
import { Functions } from './functions.ts';
import { Invoker } from './invoker.ts';
import { Layers } from './layers.ts';
import type { LambdaDependencies, LambdaStores } from './operation.ts';
import { createFunction } from './operations/createFunction.ts';
import { deleteFunction } from './operations/deleteFunction.ts';
import { getFunction, getFunctionConfiguration } from './operations/getFunction.ts';
import { invoke } from './operations/invoke.ts';
import { addPermission, getPolicy, removePermission } from './operations/permissions.ts';
import { updateFunctionCode } from './operations/updateFunctionCode.ts';
import { updateFunctionConfiguration } from './operations/updateFunctionConfiguration.ts';
import { functionResource } from './resources/function.ts';
import { permissionResource } from './resources/permission.ts';
import { AliasStore } from './stores/aliasStore.ts';
import { EventConfigStore } from './stores/eventConfigStore.ts';
import { EventStore } from './stores/eventStore.ts';
import { FunctionStore } from './stores/functionStore.ts';
import { LayerStore } from './stores/layerStore.ts';
import { PolicyStore } from './stores/policyStore.ts';
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
    };
    const code = new CodeStore(settings.folder);
    const layers = new Layers(stores.layers);
    const targets = new Targets(stores, random, layers.folder);
    const concurrency = new Concurrency(stores.functions);
    const logs = new FunctionLogs(environment);
    const environments = startEnvironments(environment, logs);
    const invoker = new Invoker(environments, concurrency, scheduler, random);
    const deadLetters = new DeadLetters(environment, stores);
    const events = new EventQueue({ stores, targets, invoker, deadLetters, environment });
    const functions = new Functions({
      stores,
      targets,
      environments,
      scheduler,
      random,
      onDelete: (scope, name) => {
        stores.events.deleteAll(functionArn(scope, name));
        stores.eventConfigs.deleteAll(scope, name);
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
    };
    return {
      operations: {
        AddPermission: addPermission(dependencies),
        CreateFunction: createFunction(dependencies),
        DeleteFunction: deleteFunction(dependencies),
        GetFunction: getFunction(dependencies),
        GetFunctionConfiguration: getFunctionConfiguration(dependencies),
        GetPolicy: getPolicy(dependencies),
        Invoke: invoke(dependencies),
        RemovePermission: removePermission(dependencies),
        UpdateFunctionCode: updateFunctionCode(dependencies),
        UpdateFunctionConfiguration: updateFunctionConfiguration(dependencies),
      },
      authorize,
      resources: {
        'AWS::Lambda::Function': functionResource(dependencies),
        'AWS::Lambda::Permission': permissionResource,
      },
      resume: () => {
        code.sweep(new Set([...stores.functions.folders(), ...stores.layers.folders()]));
        events.resume();
      },
      stop: async () => {
        await environments.stop();
        await logs.flushed();
        code.close();
      },
    };
  },
});
