import type { Endpoint, HttpHandler, HttpRequest, HttpResponse } from '../../../kernel/endpoints.ts';
import { RowCache } from '../../../kernel/rowCache.ts';
import type { ServiceEnvironment } from '../../../kernel/service.ts';
import { apiEndpointOf } from '../api.ts';
import { DEFAULT_STAGE } from '../stage.ts';
import type { Stores } from '../stores/stores.ts';
import { NOT_FOUND } from './answers.ts';
import { type CompiledApi, compileApi } from './compile.ts';
import { serve } from './serve.ts';

/** The addresses of all APIs and their stages, and what stands behind them: compiled at the first request, forgotten at each change. */
export class Gateway {
  readonly #environment: ServiceEnvironment;
  readonly #stores: Stores;
  readonly #compiled: RowCache<string, CompiledApi>;
  readonly #endpoints = new Map<string, Endpoint>();

  constructor(environment: ServiceEnvironment, stores: Stores) {
    this.#environment = environment;
    this.#stores = stores;
    this.#compiled = new RowCache(environment.scheduler);
  }

  /** Gives an API its address: that of its `$default` stage, where its other stages also are, below their names. */
  openApi(apiId: string, region: string): Promise<void> {
    return this.#open(endpointKey(apiId), apiEndpointOf(apiId, region), (request) => this.#handleApi(apiId, request));
  }

  /** Gives a named stage an address of its own, on which nothing stands before its paths. */
  async openStage(apiId: string, region: string, stage: string): Promise<void> {
    if (stage === DEFAULT_STAGE) return;
    await this.#open(endpointKey(apiId, stage), `${apiEndpointOf(apiId, region)}/${stage}`, (request) =>
      this.#handleStage(apiId, stage, request, request.path),
    );
  }

  /** Gives all APIs and stages the addresses that they had. */
  async openAll(): Promise<void> {
    for (const { api, region } of this.#stores.apis.all()) {
      await this.openApi(api.ApiId, region);
      for (const { StageName } of this.#stores.stages.list(api.ApiId))
        await this.openStage(api.ApiId, region, StageName);
    }
  }

  /** Takes the address of an API, or of one of its stages, away. */
  async close(apiId: string, stage?: string): Promise<void> {
    const key = endpointKey(apiId, stage);
    const endpoint = this.#endpoints.get(key);
    this.#endpoints.delete(key);
    await endpoint?.close();
  }

  /** Forgets what was compiled of an API. */
  changed(apiId: string): void {
    this.#compiled.delete(apiId);
  }

  async #open(key: string, awsUrl: string, handle: HttpHandler): Promise<void> {
    this.#endpoints.set(key, await this.#environment.endpoints.open({ key, awsUrl, handle }));
  }

  #handleApi(apiId: string, request: HttpRequest): Promise<HttpResponse> {
    const slash = request.path.indexOf('/', 1);
    const first = slash < 0 ? request.path.slice(1) : request.path.slice(1, slash);
    if (first !== DEFAULT_STAGE && this.#api(apiId)?.stages.has(first) === true) {
      return this.#handleStage(apiId, first, request, slash < 0 ? '/' : request.path.slice(slash));
    }
    return this.#handleStage(apiId, DEFAULT_STAGE, request, request.path);
  }

  #handleStage(apiId: string, name: string, request: HttpRequest, path: string): Promise<HttpResponse> {
    const api = this.#api(apiId);
    if (api === undefined) return Promise.resolve(NOT_FOUND); // it is being deleted
    return serve(api.stages.get(name) ?? api.absent, request, path, this.#environment);
  }

  #api(apiId: string): CompiledApi | undefined {
    const known = this.#compiled.get(apiId);
    if (known !== undefined) return known;
    const owned = this.#stores.apis.find(apiId);
    if (owned === undefined) return undefined;
    const compiled = compileApi(owned, this.#stores, this.#environment);
    this.#compiled.set(apiId, compiled);
    return compiled;
  }
}

const endpointKey = (apiId: string, stage?: string): string =>
  stage === undefined ? `apigatewayv2/${apiId}` : `apigatewayv2/${apiId}/${stage}`;
