import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EVENTS, type EventsCloud, startEvents } from './test/events.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let tested: EventsCloud;
let server: Server;
let received: Received[];
let statuses: number[];
let address: string;
beforeEach(async () => {
  received = [];
  statuses = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.writeHead(statuses.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
  tested = await startEvents();
});
afterEach(async () => {
  await tested[Symbol.asyncDispose]();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function destination(path = '/'): Promise<string> {
  const { ConnectionArn } = await tested.events.createConnection({
    Name: 'c',
    AuthorizationType: 'API_KEY',
    AuthParameters: {
      ApiKeyAuthParameters: { ApiKeyName: 'x-key', ApiKeyValue: 'secret' },
      InvocationHttpParameters: {
        BodyParameters: [{ Key: 'added', Value: 'yes' }],
        QueryStringParameters: [{ Key: 'q', Value: '1' }],
      },
    },
  });
  const { ApiDestinationArn = '' } = await tested.events.createApiDestination({
    Name: 'd',
    ConnectionArn,
    HttpMethod: 'POST',
    InvocationEndpoint: `${address}${path}`,
  });
  return ApiDestinationArn;
}

describe('an API destination', () => {
  it('is given the event with what its connection and the target add', async () => {
    const Arn = await destination('/orders/*');
    const HttpParameters = { PathParameterValues: ['7'], HeaderParameters: { 'x-more': 'm' } };
    await tested.rule('out', { Arn, InputPath: '$.detail', HttpParameters });
    await tested.put({ n: 1 });
    await tested.cloud.settle();
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/orders/7?q=1',
      headers: { 'x-key': 'secret', 'x-more': 'm', 'content-type': 'application/json; charset=utf-8' },
    });
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ n: 1, added: 'yes' });
    const [hop] = tested.cloud.trace.of(Arn).filter(({ operation }) => operation === 'InvokeApiDestination');
    expect(hop).toMatchObject({ outcome: 'ok', note: 'answered 200' });
  });

  it('is tried again after 503 and 429, and not after 400', async () => {
    await tested.rule('out', { Arn: await destination() });
    statuses = [503, 429];
    await tested.put({ n: 1 });
    await tested.cloud.settle({ advance: true });
    expect(received).toHaveLength(3);
    statuses = [400];
    await tested.put({ n: 2 });
    await tested.cloud.settle({ advance: true });
    expect(received).toHaveLength(4);
    const [lost] = tested.cloud.trace.of(`${EVENTS}:rule/out`).filter(({ operation }) => operation === 'DeliverEvent');
    expect(lost).toMatchObject({ outcome: 'dropped' });
    expect(lost?.note).toContain('answered 400');
  });
});

describe('a connection', () => {
  it('is described without its secrets', async () => {
    await destination();
    const { AuthParameters, ConnectionState } = await tested.events.describeConnection({ Name: 'c' });
    expect(ConnectionState).toBe('AUTHORIZED');
    expect(AuthParameters?.ApiKeyAuthParameters).toEqual({ ApiKeyName: 'x-key' });
    await tested.events.deleteConnection({ Name: 'c' });
    await expect(tested.events.describeConnection({ Name: 'c' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Failed to describe the connection(s). Connection 'c' does not exist.",
    });
    expect(await tested.events.describeApiDestination({ Name: 'd' })).toMatchObject({
      ApiDestinationState: 'INACTIVE',
    });
  });

  it('refuses an unknown kind and a destination without connection', async () => {
    const wrong = { Name: 'x', AuthorizationType: 'NO' as 'BASIC', AuthParameters: {} };
    await expect(tested.events.createConnection(wrong)).rejects.toMatchObject({
      message:
        "1 validation error detected: Value 'NO' at 'authorizationType' failed to satisfy constraint: Member must satisfy enum value set: [BASIC, OAUTH_CLIENT_CREDENTIALS, API_KEY]",
    });
  });
});
