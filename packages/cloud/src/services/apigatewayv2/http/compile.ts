import type { Cors, RouteSettings } from '@aws-sdk/client-apigatewayv2';
import type { ServiceEnvironment } from '../../../kernel/service.ts';
import { domainNameOf } from '../api.ts';
import { type Integration, MAX_TIMEOUT_MS } from '../integration.ts';
import { integrationIdOf, type Route } from '../route.ts';
import { DEFAULT_STAGE, type Snapshot, type Stage } from '../stage.ts';
import type { OwnedApi } from '../stores/apiStore.ts';
import type { Stores } from '../stores/stores.ts';
import type { Integrate, StageFacts } from './exchange.ts';
import { httpProxy } from './httpProxy.ts';
import { lambdaProxy } from './lambdaProxy.ts';
import { ParameterMapping } from './parameterMapping.ts';
import { RouteTable } from './routeTable.ts';
import { ACCOUNT_BURST, ACCOUNT_RATE, Throttle } from './throttle.ts';

/** A route of a stage, ready to take requests. */
export interface CompiledRoute {
  readonly key: string;
  readonly integrate: Integrate;
  readonly timeoutMs: number;
  readonly throttle: Throttle | undefined;
  /** What is changed of answers, by their status. */
  readonly responses: ReadonlyMap<number, ParameterMapping>;
}

/** A stage, ready to take requests. */
export interface CompiledStage {
  readonly facts: StageFacts;
  /** What paths begin with on AWS: `/prod`, or nothing. */
  readonly prefix: string;
  readonly cors: Cors | undefined;
  readonly routes: RouteTable<CompiledRoute>;
}

/** An API, ready to take requests. */
export interface CompiledApi {
  readonly stages: ReadonlyMap<string, CompiledStage>;
  /** What answers where there is no stage: it has no route. */
  readonly absent: CompiledStage;
}

/** Reads an API's rows once, for all requests that come until they change. */
export function compileApi(owned: OwnedApi, stores: Stores, environment: ServiceEnvironment): CompiledApi {
  const { ApiId } = owned.api;
  const stages = new Map(
    stores.stages.list(ApiId).map((stage) => {
      const snapshot = snapshotOf(ApiId, stage, stores);
      return [stage.StageName, compileStage(owned, stage, snapshot, environment)];
    }),
  );
  const absent = { StageName: DEFAULT_STAGE, AutoDeploy: false };
  return { stages, absent: compileStage(owned, absent, { routes: [], integrations: [] }, environment) };
}

/** What a stage serves: its deployment's snapshot, or what the API is now. */
export function snapshotOf(apiId: string, { DeploymentId }: Stage, stores: Stores): Snapshot {
  const deployment = DeploymentId === undefined ? undefined : stores.deployments.find(apiId, DeploymentId);
  if (deployment === undefined) return { routes: [], integrations: [] };
  return deployment.snapshot ?? { routes: stores.routes.list(apiId), integrations: stores.integrations.list(apiId) };
}

function compileStage(
  { account, region, api }: OwnedApi,
  stage: Stage,
  { routes, integrations }: Snapshot,
  environment: ServiceEnvironment,
): CompiledStage {
  const { StageName, StageVariables = {}, DefaultRouteSettings, RouteSettings = {} } = stage;
  const facts: StageFacts = {
    account,
    region,
    apiId: api.ApiId,
    domainName: domainNameOf(api.ApiId, region),
    name: StageName,
    variables: Object.keys(StageVariables).length === 0 ? undefined : StageVariables,
  };
  const byId = new Map(integrations.map((integration) => [integration.IntegrationId, integration]));
  const compileRoute = ({ RouteKey, Target }: Route) => {
    const integration = byId.get(integrationIdOf(Target) ?? '');
    if (integration === undefined) return [];
    const target: CompiledRoute = {
      key: RouteKey,
      integrate: integrateWith(integration, facts, environment),
      timeoutMs: integration.TimeoutInMillis ?? MAX_TIMEOUT_MS,
      responses: new Map(
        Object.entries(integration.ResponseParameters ?? {}).map(([status, parameters]) => [
          Number(status),
          new ParameterMapping(parameters),
        ]),
      ),
      throttle: throttleOf({ ...DefaultRouteSettings, ...RouteSettings[RouteKey] }, environment.scheduler.now),
    };
    return [{ key: RouteKey, target }];
  };
  return {
    facts,
    prefix: StageName === DEFAULT_STAGE ? '' : `/${StageName}`,
    cors: api.CorsConfiguration,
    routes: new RouteTable(routes.flatMap(compileRoute)),
  };
}

function integrateWith(integration: Integration, stage: StageFacts, environment: ServiceEnvironment): Integrate {
  const integrate = integration.IntegrationType === 'AWS_PROXY' ? lambdaProxy : httpProxy;
  return integrate(integration, stage, environment);
}

function throttleOf({ ThrottlingRateLimit, ThrottlingBurstLimit }: RouteSettings, now: number): Throttle | undefined {
  if (ThrottlingRateLimit === undefined && ThrottlingBurstLimit === undefined) return undefined;
  const rate = ThrottlingRateLimit ?? ACCOUNT_RATE;
  return new Throttle(rate, ThrottlingBurstLimit ?? ACCOUNT_BURST, now);
}
