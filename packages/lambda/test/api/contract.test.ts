import { describe, expect, it } from 'vitest';
import { contract, createApi, errorMiddleware, ValidationError } from '../../src/api/index.ts';
import { context, httpEvent, restEvent } from './events.ts';
import { object } from './schema.ts';

const json = { 'content-type': 'application/json' };

function ordersApi(later: boolean) {
  const api = createApi();
  api.post(
    '/shops/:shop/orders',
    contract({
      params: object({ shop: 'integer' }, { later }),
      query: object({ dry: 'boolean', tags: 'strings' }),
      headers: object({ 'x-client': 'string' }),
      body: object({ item: 'string', count: 'integer' }, { later }),
      response: { 201: object({ id: 'integer' }), 409: object({ error: 'string' }) },
    }),
    (req, res) => {
      if (req.query.dry)
        return res.status(409).json({ error: `${req.query.tags.length} tags of ${req.headers['x-client']}` });
      return res.status(201).json({ id: req.params.shop + req.body.count });
    },
  );
  return api;
}

describe.each([
  ['that answers at once', false],
  ['that takes its time', true],
])('a schema %s', (_, later) => {
  it('gives the handler what it made of the request', async () => {
    const ask = (search: string) =>
      ordersApi(later).run(
        restEvent('POST', '/shops/7/orders', {
          search,
          headers: { ...json, 'x-client': 'web' },
          body: '{"item":"a","count":5}',
        }),
        context,
      );
    expect(await ask('dry=false&tags=a')).toMatchObject({ statusCode: 201, body: '{"id":12}' });
    expect(await ask('dry=true&tags=a&tags=b')).toMatchObject({ statusCode: 409, body: '{"error":"2 tags of web"}' });
  });

  it('answers 400 with every fault in every part', async () => {
    const answer = await ordersApi(later).run(
      httpEvent('POST', '/shops/x/orders', { headers: json, body: '{"count":1.5}' }),
      context,
    );
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body)).toEqual({
      error: 'Request does not fit the contract',
      faults: [
        { in: 'params', path: 'shop', message: 'expected an integer' },
        { in: 'query', path: 'dry', message: 'expected a boolean' },
        { in: 'query', path: 'tags', message: 'expected strings' },
        { in: 'headers', path: 'x-client', message: 'expected a string' },
        { in: 'body', path: 'item', message: 'expected a string' },
        { in: 'body', path: 'count', message: 'expected an integer' },
      ],
    });
  });

  it('answers 400 for a body that is no JSON', async () => {
    const answer = await ordersApi(later).run(
      httpEvent('POST', '/shops/1/orders', {
        headers: { ...json, 'x-client': 'a' },
        search: 'dry=true&tags=a',
        body: '{"item":',
      }),
      context,
    );
    expect(JSON.parse(answer.body).faults).toEqual([{ in: 'body', path: '', message: 'expected an object' }]);
  });
});

it('names the path of a fault whose steps are objects', async () => {
  const api = createApi();
  api.post('/a', contract({ body: object({ deep: 'string' }) }), () => 1);
  expect(JSON.parse((await api.run(httpEvent('POST', '/a', { body: '{}' }), context)).body).faults[0].path).toBe(
    'deep',
  );
});

it('answers with the only success of the contract when the handler says none', async () => {
  const api = createApi();
  api.post('/a', contract({ response: { 201: object({ id: 'integer' }), 404: object({ error: 'string' }) } }), () => ({
    id: 5,
  }));
  api.post('/b', contract({ response: { 200: object({ id: 'integer' }), 201: object({ id: 'integer' }) } }), () => ({
    id: 5,
  }));
  expect(await api.run(httpEvent('POST', '/a'), context)).toMatchObject({ statusCode: 201, body: '{"id":5}' });
  expect(await api.run(httpEvent('POST', '/b'), context)).toMatchObject({ statusCode: 200, body: '{"id":5}' });
});

it('gives the faults to error middleware', async () => {
  const seen: unknown[] = [];
  const api = createApi();
  api.use(
    errorMiddleware((error, _req, res) => {
      seen.push(error);
      return res.status(422).json({ custom: true });
    }),
  );
  api.post('/a', contract({ body: object({ a: 'string' }) }), () => 1);
  expect(await api.run(httpEvent('POST', '/a', { body: '{}' }), context)).toMatchObject({
    statusCode: 422,
    body: '{"custom":true}',
  });
  expect(seen[0]).toBeInstanceOf(ValidationError);
  expect(seen[0]).toMatchObject({ code: 400, faults: [{ in: 'body', path: 'a' }] });
});

it('answers 500 when a schema throws', async () => {
  const api = createApi();
  const broken = {
    '~standard': {
      version: 1 as const,
      vendor: 'x',
      validate: (): never => {
        throw new Error('broken schema');
      },
    },
  };
  api.post('/a', contract({ body: broken }), () => 1);
  expect(await api.run(httpEvent('POST', '/a'), context)).toMatchObject({
    statusCode: 500,
    body: '{"error":"broken schema"}',
  });
});
