import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FUNCTION_ARN, startTestGateway, type TestGateway } from './testing.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
});

afterAll(() => gateway[Symbol.asyncDispose]());

beforeEach(() => {
  gateway.events.length = 0;
  gateway.callers.length = 0;
});

describe('an HTTP API in front of a function', () => {
  it('invokes the function that a route leads to, as API Gateway, because of the request', async () => {
    gateway.handle(({ pathParameters }) => ({ id: pathParameters.id }));
    const apiId = await gateway.api(['GET /orders/{id}']);
    const response = await fetch(`${gateway.url(apiId)}/orders/7`);
    expect([response.status, await response.json()]).toEqual([200, { id: '7' }]);
    const [hop] = gateway.trace.of(`arn:aws:execute-api:us-east-1:000000000000:${apiId}/$default/GET/orders/{id}`);
    expect(hop).toMatchObject({ service: 'apigateway', operation: 'GET /orders/{id}', outcome: 'ok', cause: 0 });
    expect(gateway.callers).toMatchObject([{ principal: { arn: 'apigateway.amazonaws.com' }, cause: hop?.id }]);
    expect(FUNCTION_ARN).toContain('worker');
  });
});
