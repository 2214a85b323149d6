import { describe, expect, it } from 'vitest';
import { type Api, createApi, type Middleware } from '../../src/api/index.ts';
import { context, httpEvent } from './events.ts';

/** Middleware with a name that passes on. */
function named(name: string): Middleware {
  const fn: Middleware = (_req, _res, next) => next();
  Object.defineProperty(fn, 'name', { value: name });
  return fn;
}

function handler(req: { stack: string[] }): unknown {
  return { stack: req.stack };
}

async function stackOf(api: Api, method: string, path: string): Promise<unknown> {
  const { statusCode, body } = await api.run(httpEvent(method, path), context);
  return statusCode === 200 ? JSON.parse(body).stack : statusCode;
}

describe('the stack of a route', () => {
  it('has middleware of everything and of wildcards first, then that of its path, then its own', async () => {
    const api = createApi();
    api.use('/users/:id', named('exact'));
    api.use(named('global'));
    api.use('/users/*', named('wild'));
    api.get('/users/:user', named('own'), handler);
    expect(await stackOf(api, 'GET', '/users/1')).toEqual(['global', 'wild', 'exact', 'own', 'handler']);
  });

  it('is fixed when the route is defined', async () => {
    const api = createApi();
    api.get('/early', handler);
    api.use(named('global'));
    api.use('/early', named('late'));
    api.get('/late', handler);
    expect(await stackOf(api, 'GET', '/early')).toEqual(['handler']);
    expect(await stackOf(api, 'GET', '/late')).toEqual(['global', 'handler']);
  });

  it('matches middleware by the definition: a parameter is not static text', async () => {
    const api = createApi();
    api.use('/users/:id', named('param'));
    api.get('/users/me', handler);
    api.get('/users/:name', handler);
    expect(await stackOf(api, 'GET', '/users/me')).toEqual(['handler']);
    expect(await stackOf(api, 'GET', '/users/7')).toEqual(['param', 'handler']);
  });

  it('does not put middleware of a wildcard on the path in front of it', async () => {
    const api = createApi();
    api.use('/users/*', named('wild'));
    api.get('/users', handler);
    api.get('/users/:id/posts', handler);
    expect(await stackOf(api, 'GET', '/users')).toEqual(['handler']);
    expect(await stackOf(api, 'GET', '/users/1/posts')).toEqual(['wild', 'handler']);
  });

  it('takes several paths and several functions', async () => {
    const api = createApi();
    api.use(['/a', '/b/*'], named('one'), named('two'));
    api.get('/a', handler);
    api.get('/b/c', handler);
    api.get('/d', handler);
    expect(await stackOf(api, 'GET', '/a')).toEqual(['one', 'two', 'handler']);
    expect(await stackOf(api, 'GET', '/b/c')).toEqual(['one', 'two', 'handler']);
    expect(await stackOf(api, 'GET', '/d')).toEqual(['handler']);
  });

  it('inherits middleware of method wildcards, but not their handlers', async () => {
    const api = createApi();
    api.get(named('gets'));
    api.any('/x/*', named('all'), handler);
    api.get('/x/y', handler);
    api.post('/x/y', handler);
    expect(await stackOf(api, 'GET', '/x/y')).toEqual(['gets', 'all', 'handler']);
    expect(await stackOf(api, 'POST', '/x/y')).toEqual(['all', 'handler']);
  });

  it('grows when a route is defined again', async () => {
    const api = createApi();
    api.get('/a', named('first'));
    api.get('/a', handler);
    expect(await stackOf(api, 'GET', '/a')).toEqual(['first', 'handler']);
  });

  it('keeps middleware of a registered part in its prefix', async () => {
    const api = createApi();
    api.register(
      (part) => {
        part.use(named('part'));
        part.get('/', handler);
        part.get('/in', handler);
      },
      { prefix: '/part' },
    );
    api.get('/out', handler);
    expect(await stackOf(api, 'GET', '/part')).toEqual(['part', 'handler']);
    expect(await stackOf(api, 'GET', '/part/in')).toEqual(['part', 'handler']);
    expect(await stackOf(api, 'GET', '/out')).toEqual(['handler']);
  });

  it('does not run for paths that have no route', async () => {
    const api = createApi();
    let ran = 0;
    api.use((_req, _res, next) => {
      ran++;
      return next();
    });
    api.get('/a', handler);
    expect(await stackOf(api, 'GET', '/b')).toBe(404);
    expect(ran).toBe(0);
  });
});

describe('middleware', () => {
  it('runs in order, before and after the handler', async () => {
    const seen: string[] = [];
    const api = createApi();
    api.use(async (_req, res, next) => {
      seen.push('a in');
      await next();
      seen.push(`a out ${res.statusCode}`);
      res.header('x-after', 'yes');
    });
    api.use((_req, _res, next) => {
      seen.push('b in');
      const rest = next();
      seen.push(rest === undefined ? 'b out' : 'b waits');
      return rest;
    });
    api.get('/sync', (_, res) => {
      seen.push('handler');
      res.status(201).send('done');
    });
    api.get('/async', async () => {
      seen.push('handler');
      await Promise.resolve();
      return 'done';
    });
    expect(await api.run(httpEvent('GET', '/sync'), context)).toMatchObject({
      statusCode: 201,
      body: 'done',
      headers: { 'x-after': 'yes' },
    });
    expect(seen.splice(0)).toEqual(['a in', 'b in', 'handler', 'b out', 'a out 201']);
    expect(await api.run(httpEvent('GET', '/async'), context)).toMatchObject({
      body: 'done',
      headers: { 'x-after': 'yes' },
    });
    expect(seen).toEqual(['a in', 'b in', 'handler', 'b waits', 'a out 200']);
  });

  it('may answer itself, or return the body, and then nothing after it runs', async () => {
    const api = createApi();
    api.use((req, res, next) => {
      if (req.path === '/sent') return res.status(401).send({ error: 'who are you?' });
      if (req.path === '/returned') return { from: 'middleware' };
      if (req.path === '/promised') return Promise.resolve('later');
      return next();
    });
    let ran = 0;
    for (const path of ['/sent', '/returned', '/promised', '/through']) api.get(path, () => ++ran);
    expect(await api.run(httpEvent('GET', '/sent'), context)).toMatchObject({
      statusCode: 401,
      body: '{"error":"who are you?"}',
    });
    expect(await api.run(httpEvent('GET', '/returned'), context)).toMatchObject({ body: '{"from":"middleware"}' });
    expect(await api.run(httpEvent('GET', '/promised'), context)).toMatchObject({ body: 'later' });
    expect(ran).toBe(0);
    expect(await api.run(httpEvent('GET', '/through'), context)).toMatchObject({ body: '1' });
  });

  it('may call next later, from a callback', async () => {
    const api = createApi();
    api.use((_req, _res, next) => {
      setImmediate(() => void next());
    });
    api.get('/a', () => 'late');
    api.get('/fails', () => {
      throw new Error('late failure');
    });
    expect(await api.run(httpEvent('GET', '/a'), context)).toMatchObject({ statusCode: 200, body: 'late' });
    expect(await api.run(httpEvent('GET', '/fails'), context)).toMatchObject({
      statusCode: 500,
      body: '{"error":"late failure"}',
    });
  });

  it('may pass an error to next, at once or later', async () => {
    const api = createApi();
    api.use((req, _res, next) => {
      if (req.path === '/now') return next(new Error('now'));
      setImmediate(() => void next(new Error('later')));
      return undefined;
    });
    api.get('/now', () => 1);
    api.get('/later', () => 1);
    expect(await api.run(httpEvent('GET', '/now'), context)).toMatchObject({
      statusCode: 500,
      body: '{"error":"now"}',
    });
    expect(await api.run(httpEvent('GET', '/later'), context)).toMatchObject({
      statusCode: 500,
      body: '{"error":"later"}',
    });
  });

  it('runs the rest once, however often it calls next', async () => {
    let runs = 0;
    const api = createApi();
    api.use((_req, _res, next) => {
      void next();
      return next();
    });
    api.use(async (_req, _res, next) => {
      await next();
      await next();
    });
    api.get('/a', () => ++runs);
    expect(await api.run(httpEvent('GET', '/a'), context)).toMatchObject({ body: '1' });
  });

  it('waits for the rest although it does not await it', async () => {
    const api = createApi();
    api.use(async (_req, _res, next) => void next());
    api.get('/a', async () => {
      await new Promise(setImmediate);
      return 'waited for';
    });
    expect(await api.run(httpEvent('GET', '/a'), context)).toMatchObject({ body: 'waited for' });
  });

  it('may catch what a handler throws', async () => {
    const api = createApi();
    api.use(async (_req, res, next) => {
      try {
        await next();
      } catch {
        res.status(503).send('caught');
      }
    });
    api.get('/sync', () => {
      throw new Error('no');
    });
    api.get('/async', async () => Promise.reject(new Error('no')));
    for (const path of ['/sync', '/async']) {
      expect(await api.run(httpEvent('GET', path), context)).toMatchObject({ statusCode: 503, body: 'caught' });
    }
  });

  it('that falls off the end of the stack is a route that does not exist', async () => {
    const api = createApi();
    api.get('/a', named('only'));
    expect(await api.run(httpEvent('GET', '/a'), context)).toMatchObject({ statusCode: 404 });
  });
});

describe('finally', () => {
  it('runs after everything, once, and is awaited', async () => {
    const seen: string[] = [];
    const api = createApi();
    api.finally(async (req, res) => {
      await new Promise(setImmediate);
      seen.push(`${req.path} ${res.statusCode}`);
    });
    api.get('/a', () => 1);
    api.get('/b', () => {
      throw new Error('no');
    });
    await api.run(httpEvent('GET', '/a'), context);
    await api.run(httpEvent('GET', '/b'), context);
    await api.run(httpEvent('GET', '/c'), context);
    expect(seen).toEqual(['/a 200', '/b 500', '/c 404']);
  });

  it('that fails does not change the answer', async () => {
    const api = createApi();
    api.finally(() => {
      throw new Error('cleaning up failed');
    });
    api.get('/a', () => 'fine');
    expect(await api.run(httpEvent('GET', '/a'), context)).toMatchObject({ statusCode: 200, body: 'fine' });
  });
});

it('gives handlers the things that were added by name', async () => {
  const api = createApi()
    .app('data', { find: (id: string) => `found ${id}` })
    .app({ clock: { now: 5 } });
  api.get('/a/:id', (req) => ({ found: req.namespace.data.find(req.params.id), now: req.ns.clock.now }));
  expect(await api.run(httpEvent('GET', '/a/7'), context)).toMatchObject({ body: '{"found":"found 7","now":5}' });
});
