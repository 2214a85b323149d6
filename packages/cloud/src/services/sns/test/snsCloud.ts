import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SNS } from '@aws-sdk/client-sns';
import { type Cloud, type CloudOptions, startCloud } from '../../../cloud.ts';

/** A cloud whose clock stands still, with a client of SNS, for tests. */
export interface SnsCloud extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly sns: SNS;
  /** The ARN of a new topic. */
  topic(name?: string, attributes?: Record<string, string>): Promise<string>;
}

/** Starts it. */
export async function startSns(options: CloudOptions = {}): Promise<SnsCloud> {
  const cloud = await startCloud({ clock: 'virtual', now: new Date('2026-03-01T12:00:00Z'), ...options });
  const sns = new SNS({ ...cloud.clientConfiguration, maxAttempts: 1 });
  return {
    cloud,
    sns,
    topic: async (Name = 'orders', Attributes = {}) => (await sns.createTopic({ Name, Attributes })).TopicArn ?? '',
    async [Symbol.asyncDispose]() {
      sns.destroy();
      await cloud.stop();
    },
  };
}

/** A request that came to a receiver. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that keeps what comes. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly received: Received[];
  /** What it answers next; the last one stays. */
  statuses: number[];
}

/** Starts it on a free port. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const receiver = { statuses: [200] };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      const status = receiver.statuses.length > 1 ? receiver.statuses.shift() : receiver.statuses[0];
      response.writeHead(status ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return Object.assign(receiver, {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
