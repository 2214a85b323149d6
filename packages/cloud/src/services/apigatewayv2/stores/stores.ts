import type { Store } from '../../../kernel/store.ts';
import { ApiStore } from './apiStore.ts';
import { PartStore } from './partStore.ts';

/** All that the service keeps. */
export class Stores {
  readonly apis: ApiStore;
  readonly routes: PartStore<'Route'>;
  readonly integrations: PartStore<'Integration'>;
  readonly stages: PartStore<'Stage'>;
  readonly deployments: PartStore<'Deployment'>;

  constructor(store: Store) {
    this.apis = new ApiStore(store);
    this.routes = new PartStore(store, 'Route', ({ RouteId }) => RouteId);
    this.integrations = new PartStore(store, 'Integration', ({ IntegrationId }) => IntegrationId);
    this.stages = new PartStore(store, 'Stage', ({ StageName }) => StageName);
    this.deployments = new PartStore(store, 'Deployment', ({ DeploymentId }) => DeploymentId);
  }

  /** Removes an API and all that it consists of. */
  removeApi(apiId: string): void {
    for (const parts of [this.routes, this.integrations, this.stages, this.deployments]) parts.clear(apiId);
    this.apis.remove(apiId);
  }
}
