import { type Endpoint, type EndpointOptions, Endpoints } from '../kernel/endpoints.ts';
import type { Store } from '../kernel/store.ts';
import type { Gate } from './gate.ts';
import type { TestClient } from './testClient.ts';

/** Endpoints whose requests wait for their turn. */
export class OrderedEndpoints extends Endpoints {
  readonly #gate: Gate;
  readonly #client: TestClient;

  constructor(store: Store, host: string, gate: Gate, client: TestClient) {
    super(store, host);
    this.#gate = gate;
    this.#client = client;
  }

  override async open(options: EndpointOptions): Promise<Endpoint> {
    const endpoint = await super.open({ ...options, handle: this.#gate.endpoint(options.handle) });
    this.#client.add(endpoint.url);
    return endpoint;
  }
}
