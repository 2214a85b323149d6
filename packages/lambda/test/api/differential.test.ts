import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Answer, createApi } from '../../src/api/index.ts';
import { context, kinds } from './events.ts';
import { expectedOf, type OracleRequest, type OracleRoute } from './oracle.ts';

const APIS = 200;
const REQUESTS = 50;

const segment = fc.constantFrom('a', 'b', 'users', 'café', ':id', ':name', ':lat-:lng', ':other');
const pattern = fc.tuple(fc.array(segment, { maxLength: 4 }), fc.boolean()).map(([segments, wild]) => {
  const names = new Set<string>();
  const unique = segments.filter((each) => !each.startsWith(':') || (!names.has(each) && names.add(each)));
  return `/${[...unique, ...(wild ? ['*'] : [])].join('/')}`;
});
const route: fc.Arbitrary<OracleRoute> = fc.record({
  method: fc.constantFrom('GET', 'GET', 'POST', 'PUT', 'ANY', 'OPTIONS', 'HEAD'),
  path: pattern,
  status: fc.constantFrom(200, 200, 201, 204, 304, 418),
  cookies: fc.constantFrom([], ['a'], ['a', 'b', 'c']),
  header: fc.constantFrom(undefined, 'x'),
});
const text = fc.constantFrom(
  'a',
  'b',
  'users',
  'caf%C3%A9',
  'café',
  '7',
  '1-2',
  '1-2-3',
  '-',
  '%20',
  '%',
  '%C3',
  'x%2Fy',
  '',
  '%252F',
  '__proto__',
  '.',
  '..',
);
const request: fc.Arbitrary<OracleRequest> = fc.record({
  kind: fc.nat({ max: kinds.length - 1 }),
  method: fc.constantFrom('GET', 'GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'DELETE', 'BREW'),
  path: fc
    .tuple(fc.array(text, { maxLength: 5 }), fc.constantFrom('', '', '/', '//', '?a=/b'))
    .map(([parts, end]) => `/${parts.join('/')}${end}`),
  search: fc.constantFrom('', 'a=1', 'a=x+y&b=%C3%A9', 'constructor=1'),
  body: fc.constantFrom(null, '{"n":1}', '{"n":', 'text', '[]', '"x"'),
  isBase64Encoded: fc.constant(false),
});

/** What a client would see of an answer. */
function seen(answer: Answer) {
  const headers = new Map<string, string[]>();
  for (const [name, value] of Object.entries(answer.headers ?? {}))
    headers.set(name.toLowerCase(), [...(headers.get(name.toLowerCase()) ?? []), value]);
  for (const [name, values] of Object.entries(answer.multiValueHeaders ?? {})) headers.set(name.toLowerCase(), values);
  return {
    status: answer.statusCode,
    body: answer.body === '' ? '' : JSON.parse(answer.body),
    cookies: answer.cookies ?? headers.get('set-cookie') ?? [],
    header: headers.get('x-own')?.join(),
    allow: headers.get('allow')?.join(),
  };
}

function parse(body: string | null | undefined): unknown {
  try {
    return JSON.parse(body ?? 'null');
  } catch {
    return body;
  }
}

it(`answers ${APIS * REQUESTS} generated requests as the documentation says`, async () => {
  const apis = fc.sample(
    fc.tuple(
      fc.array(route, { minLength: 1, maxLength: 25 }),
      fc.array(request, { minLength: REQUESTS, maxLength: REQUESTS }),
    ),
    { numRuns: APIS, seed: 13 },
  );
  const statuses = new Map<number, number>();
  let compared = 0;
  for (const [generated, requests] of apis) {
    const api = createApi();
    // One definition per method and pattern: a second one would add to the stack of the first. Names of parameters do not tell patterns apart.
    const shape = ({ method, path }: OracleRoute): string => `${method} ${path.replace(/:(?!lat-)\w+(?=\/|$)/g, ':')}`;
    const routes = generated.filter(
      (each, index) => generated.findIndex((other) => shape(other) === shape(each)) === index,
    );
    for (const { method, path, status, cookies, header } of routes) {
      api.METHOD(method, path, async (req, res) => {
        if (cookies.length === 3) await Promise.resolve();
        for (const name of cookies) res.cookie(name, '1');
        if (header !== undefined) res.header('X-Own', header);
        res.status(status);
        const body = { route: `${method} ${path}`, params: req.params, query: req.query, body: req.body };
        if (status === 201) return body;
        return res.send(body);
      });
    }
    for (const each of requests) {
      const [, make = kinds[0]?.[1]] = kinds[each.kind] ?? [];
      if (make === undefined) throw new Error('there is no such kind');
      const changes = {
        search: each.search ?? '',
        body: each.body ?? null,
        headers: { 'content-type': 'application/json' },
      };
      const answer = await api.run(make(each.method, each.path, changes), context);
      const query = Object.fromEntries(new URLSearchParams(each.search));
      const body = parse(each.body);
      const expected = expectedOf(routes, each, query, body);
      expect({ request: each, routes, ...seen(answer) }).toEqual({ request: each, routes, ...expected });
      statuses.set(answer.statusCode, (statuses.get(answer.statusCode) ?? 0) + 1);
      compared++;
    }
  }
  expect(compared).toBe(APIS * REQUESTS);
  // The generator must reach every kind of answer, or it compares nothing.
  for (const status of [200, 201, 204, 304, 404, 405, 418]) expect(statuses.get(status) ?? 0).toBeGreaterThan(100);
}, 60_000);
