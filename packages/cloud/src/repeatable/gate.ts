import type { HttpHandler } from '../kernel/endpoints.ts';
import type { Lane } from '../kernel/lanes.ts';
import type { Scheduler } from '../kernel/scheduler.ts';
import type { WireRequest, WireResponse } from '../protocols/wire.ts';
import { CLIENT, SEQUENCE, type TestClient } from './testClient.ts';

/** Where requests wait for their turn. */
export class Gate {
  readonly #scheduler: Scheduler;
  readonly #client: TestClient;

  constructor(scheduler: Scheduler, client: TestClient) {
    this.#scheduler = scheduler;
    this.#client = client;
  }

  /** Has an AWS request wait for its turn, and then be answered. */
  request(
    request: WireRequest,
    answer: () => WireResponse | Promise<WireResponse>,
  ): WireResponse | Promise<WireResponse> {
    if (!this.#scheduler.isOrdered) return answer();
    return this.#pass(request.headers[SEQUENCE], whatOf(request), answer);
  }

  /** What answers at an endpoint, each request in its turn. */
  endpoint(handle: HttpHandler): HttpHandler {
    return async (request) => {
      const isSequence = ([name]: readonly [string, string]): boolean => name.toLowerCase() === SEQUENCE;
      const plain = { ...request, headers: request.headers.filter((header) => !isSequence(header)) };
      if (!this.#scheduler.isOrdered) return handle(plain);
      const sequence = request.headers.find(isSequence)?.[1];
      return this.#pass(sequence, `${request.method} ${request.path}`, () => handle(plain));
    };
  }

  #pass<Answer>(
    sequence: string | undefined,
    what: string,
    answer: () => Answer | Promise<Answer>,
  ): Answer | Promise<Answer> {
    const [lane = '', digits] = sequence?.split(' ') ?? [];
    const owner: Pick<Lane, 'hold'> | undefined = lane === CLIENT ? this.#client : this.#scheduler.lanes.get(lane);
    if (owner === undefined) {
      this.#scheduler.spoil(
        `a request (${what}) came that is neither the test's nor a function's, so its place in the order is chance`,
        'send requests from the test itself, with fetch, node:http or the SDK, or from functions',
        what,
      );
      return answer();
    }
    const number = Number(digits);
    const held = owner.hold(number);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const end = (finish: () => void): void => {
      held[Symbol.dispose]();
      finish();
    };
    const step = (): void => {
      try {
        const output = answer();
        if (!(output instanceof Promise)) end(() => resolve(output));
        else
          output.then(
            (value) => end(() => resolve(value)),
            (error: unknown) => end(() => reject(error)),
          );
      } catch (error) {
        end(() => reject(error));
      }
    };
    this.#scheduler.lanes.step({ lane, number, label: `${lane} ${what}` }, step);
    return promise;
  }
}

/** `GetItem`, or what is known of it before it is read. */
function whatOf({ method, path, headers }: WireRequest): string {
  const target = headers['x-amz-target'];
  return target === undefined ? `${method} ${path}` : target.slice(target.lastIndexOf('.') + 1);
}
