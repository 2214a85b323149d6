import { describe, expect, it } from 'vitest';
import { exampleRequest } from './apis.ts';

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
