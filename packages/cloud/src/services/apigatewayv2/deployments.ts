import type { Random } from '../../kernel/random.ts';
import type { Scheduler } from '../../kernel/scheduler.ts';
import { badRequest } from './errors.ts';
import type { Gateway } from './http/gateway.ts';
import { newId } from './newId.ts';
import type { Deployment, Stage } from './stage.ts';
import type { Stores } from './stores/stores.ts';

interface Tools {
  readonly stores: Stores;
  readonly gateway: Gateway;
  readonly scheduler: Scheduler;
  readonly random: Random;
}

/** Brings what an API is now to its stages: when it is asked to, or at each change where a stage deploys by itself. */
export class Deployments {
  readonly #tools: Tools;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** Deploys the API as it is now. @throws BadRequestException when it has no route */
  create(apiId: string, description: string | undefined): Deployment {
    const { stores } = this.#tools;
    const routes = stores.routes.list(apiId);
    if (routes.length === 0) throw badRequest('At least one route is required before creating the Deployment.');
    const snapshot = { routes, integrations: stores.integrations.list(apiId) };
    const deployment: Deployment = { ...this.#new(apiId, false), Description: description, snapshot };
    stores.deployments.put(apiId, deployment);
    return deployment;
  }

  /** Tells that routes, integrations or settings of an API changed. */
  changed(apiId: string): void {
    const { stores, gateway } = this.#tools;
    for (const stage of stores.stages.list(apiId)) if (stage.AutoDeploy) this.deployTo(apiId, stage);
    gateway.changed(apiId);
  }

  /** Gives a stage that deploys by itself a deployment of what the API is now; the one that it had goes. */
  deployTo(apiId: string, stage: Stage): Stage {
    const { stores, scheduler, gateway } = this.#tools;
    const before = stage.DeploymentId === undefined ? undefined : stores.deployments.find(apiId, stage.DeploymentId);
    if (before?.AutoDeployed === true) stores.deployments.remove(apiId, before.DeploymentId);
    const deployment = this.#new(apiId, true);
    stores.deployments.put(apiId, deployment);
    const deployed: Stage = {
      ...stage,
      DeploymentId: deployment.DeploymentId,
      LastDeploymentStatusMessage: `Successfully deployed stage with deployment ID '${deployment.DeploymentId}'`,
      LastUpdatedDate: new Date(scheduler.now),
    };
    stores.stages.put(apiId, deployed);
    gateway.changed(apiId);
    return deployed;
  }

  /** Keeps what a stage serves now, for it no longer deploys by itself. */
  freeze(apiId: string, stage: Stage): void {
    const { stores } = this.#tools;
    const deployment =
      stage.DeploymentId === undefined ? undefined : stores.deployments.find(apiId, stage.DeploymentId);
    if (deployment === undefined || deployment.snapshot !== undefined) return;
    const snapshot = { routes: stores.routes.list(apiId), integrations: stores.integrations.list(apiId) };
    stores.deployments.put(apiId, { ...deployment, snapshot });
  }

  #new(apiId: string, AutoDeployed: boolean): Deployment {
    const { stores, random, scheduler } = this.#tools;
    const DeploymentId = newId(
      random,
      `${apiId}/deployment`,
      6,
      (id) => stores.deployments.find(apiId, id) !== undefined,
    );
    return {
      AutoDeployed,
      CreatedDate: new Date(scheduler.now),
      DeploymentId,
      DeploymentStatus: 'DEPLOYED',
      Description: AutoDeployed ? 'Automatic deployment triggered by changes to the Api configuration' : undefined,
    };
  }
}
