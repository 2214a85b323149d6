import { describe, expect, it } from 'vitest';
import { apisOf, exampleRequest } from './apis.ts';

const resource = (type: string, physicalId: string, properties: object, attributes: object = {}) => ({
  logicalId: physicalId,
  type,
  physicalId,
  properties: { ...properties },
  attributes: { ...attributes },
  needs: [],
  deletionPolicy: 'Delete',
  path: undefined,
  updatedAt: 0,
});

describe('the APIs of an app', () => {
  const resources = [
    resource('AWS::ApiGatewayV2::Api', 'abc', { Name: 'orders' }, { ApiEndpoint: 'https://abc.aws' }),
    resource('AWS::ApiGatewayV2::Route', 'r1', { ApiId: 'abc', RouteKey: 'POST /orders' }),
    resource('AWS::ApiGatewayV2::Route', 'r2', { ApiId: 'abc', RouteKey: 'GET /orders' }),
    resource('AWS::ApiGatewayV2::Route', 'r3', { ApiId: 'other', RouteKey: 'GET /other' }),
  ];
  const stacks = [{ resources }] as unknown as Parameters<typeof apisOf>[0]['stacks']; // the parts that are looked at

  it('have their local address and their own routes', () => {
    expect(apisOf({ stacks }, (url) => url.replace('https://abc.aws', 'http://127.0.0.1:50000'))).toEqual([
      { name: 'orders', url: 'http://127.0.0.1:50000', routes: ['GET /orders', 'POST /orders'] },
    ]);
  });

  it('are left out when they do not answer here', () => {
    expect(apisOf({ stacks }, (url) => url)).toEqual([]);
  });
});

const api = (...routes: string[]) => ({ name: 'orders', url: 'http://127.0.0.1:50000', routes });

describe('the example request', () => {
  it('posts when something can be posted', () => {
    expect(exampleRequest(api('GET /orders', 'GET /orders/{id}', 'POST /orders'))).toBe(
      "curl -X POST http://127.0.0.1:50000/orders -H 'content-type: application/json' -d '{}'",
    );
  });

  it('reads when nothing can be posted', () => {
    expect(exampleRequest(api('GET /orders'))).toBe('curl http://127.0.0.1:50000/orders');
    expect(exampleRequest(api('$default'))).toBe('curl http://127.0.0.1:50000/');
  });

  it('is left out when a path has parts that nobody can guess', () => {
    expect(exampleRequest(api('GET /orders/{id}', 'ANY /{proxy+}'))).toBeUndefined();
  });
});
