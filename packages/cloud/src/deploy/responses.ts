import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a custom resource's function tells CloudFormation. */
export interface CustomResourceResponse {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId?: string;
  readonly Data?: Readonly<Record<string, unknown>>;
}

/** Where response URLs lie on the main port. */
const PATH = '/_skein/response/';

/** The response URLs of custom resources: each is answered once, by whoever has it. */
export class Responses {
  readonly #expected = new Map<string, (response: CustomResourceResponse) => void>();

  /** Waits for the response to a token. */
  expect(token: string): {
    readonly path: string;
    readonly response: Promise<CustomResourceResponse>;
    readonly cancel: () => void;
  } {
    const { promise, resolve } = Promise.withResolvers<CustomResourceResponse>();
    this.#expected.set(token, resolve);
    return { path: `${PATH}${token}`, response: promise, cancel: () => void this.#expected.delete(token) };
  }

  /** Takes a request to a response URL: true when it is one. */
  handleHttp(incoming: IncomingMessage, outgoing: ServerResponse): boolean {
    if (incoming.url?.startsWith(PATH) !== true) return false;
    void this.#receive(incoming.url.slice(PATH.length).split('?')[0] ?? '', incoming, outgoing);
    return true;
  }

  async #receive(token: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
    const accept = this.#expected.get(token);
    const response = read(Buffer.concat(chunks).toString('utf8'));
    if (incoming.method !== 'PUT' || accept === undefined || response === undefined) {
      outgoing.writeHead(accept === undefined ? 403 : 400).end();
      return;
    }
    this.#expected.delete(token);
    outgoing.writeHead(200).end();
    accept(response);
  }
}

function read(text: string): CustomResourceResponse | undefined {
  try {
    const value = JSON.parse(text) as Partial<CustomResourceResponse> | null;
    return value?.Status === 'SUCCESS' || value?.Status === 'FAILED' ? (value as CustomResourceResponse) : undefined; // Status is what makes it one
  } catch {
    return undefined;
  }
}
