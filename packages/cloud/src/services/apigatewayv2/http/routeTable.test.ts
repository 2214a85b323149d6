import { describe, expect, it } from 'vitest';
import { RouteTable } from './routeTable.ts';

const table = (...keys: string[]) => new RouteTable(keys.map((key) => ({ key, target: key })));

describe('route selection', () => {
  // The examples of the developer guide.
  const pets = table('GET /pets/dog/1', 'GET /pets/dog/{id}', 'GET /pets/{proxy+}', 'ANY /{proxy+}', '$default');

  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1', undefined],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}', { proxy: 'cat/1' }],
    ['POST', '/test/5', 'ANY /{proxy+}', { proxy: 'test/5' }],
    ['GET', '/', '$default', undefined],
  ])('takes the most specific: %s %s -> %s', (method, path, target, parameters) => {
    expect(pets.match(method, path)).toEqual({ target, parameters });
  });

  it.each([
    ['a method before ANY', ['ANY /a', 'GET /a'], 'GET', '/a', 'GET /a'],
    ['ANY for other methods', ['ANY /a', 'GET /a'], 'PUT', '/a', 'ANY /a'],
    [
      'a literal path with ANY before a greedy one with the method',
      ['GET /{proxy+}', 'ANY /a/b'],
      'GET',
      '/a/b',
      'ANY /a/b',
    ],
    [
      'parameters before a greedy path, however literal that is',
      ['GET /a/{proxy+}', 'GET /{x}/{y}'],
      'GET',
      '/a/b',
      'GET /{x}/{y}',
    ],
    ['the greedy path with more literal parts', ['GET /{proxy+}', 'GET /a/{proxy+}'], 'GET', '/a/b', 'GET /a/{proxy+}'],
    ['a literal part before a parameter', ['GET /{x}/b', 'GET /a/{y}'], 'GET', '/a/b', 'GET /a/{y}'],
    ['the next path when a method is missing', ['POST /a/{id}', 'GET /a/{proxy+}'], 'GET', '/a/1', 'GET /a/{proxy+}'],
    ['names of parameters by method', ['GET /a/{id}', 'PUT /a/{name}'], 'PUT', '/a/1', 'PUT /a/{name}'],
    ['the rest after a slash, also when it is empty', ['GET /a/{proxy+}'], 'GET', '/a/', 'GET /a/{proxy+}'],
  ])('takes %s', (_, keys, method, path, expected) => {
    expect(table(...keys).match(method, path)?.target).toBe(expected);
  });

  it.each([
    ['a trailing slash', ['GET /a', 'GET /b/{id}'], 'GET', '/a/'],
    ['a trailing slash after a parameter', ['GET /b/{id}'], 'GET', '/b/1/'],
    ['an empty parameter', ['GET /b/{id}'], 'GET', '/b/'],
    ['a longer path', ['GET /a'], 'GET', '/a/b'],
    ['another method', ['GET /a'], 'POST', '/a'],
    ['the root for a greedy path', ['ANY /{proxy+}'], 'GET', '/'],
    ['the path above a greedy parameter', ['GET /a/{proxy+}'], 'GET', '/a'],
    ['another case', ['GET /a'], 'GET', '/A'],
  ])('refuses %s', (_, keys, method, path) => {
    expect(table(...keys).match(method, path)).toBeUndefined();
  });
});
