import type { Deployment as DeploymentOutput, Stage as StageOutput } from '@aws-sdk/client-apigatewayv2';
import type { Integration } from './integration.ts';
import type { Route } from './route.ts';

/** A stage of an API: one deployment of it under an address. */
export interface Stage extends Omit<StageOutput, 'StageName'> {
  readonly StageName: string;
  readonly AutoDeploy: boolean;
}

export const DEFAULT_STAGE = '$default';

/** The routes and integrations of an API at one time. */
export interface Snapshot {
  readonly routes: readonly Route[];
  readonly integrations: readonly Integration[];
}

/** A deployment: the API as it was then. */
export interface Deployment extends Omit<DeploymentOutput, 'DeploymentId'> {
  readonly DeploymentId: string;
  readonly AutoDeployed: boolean;
  /** What was deployed. None while a stage deploys by itself: then it is what the API is now. */
  readonly snapshot?: Snapshot | undefined;
}

/** A deployment as clients see it. */
export const deploymentOutput = ({ snapshot: _, ...output }: Deployment): DeploymentOutput => output;
