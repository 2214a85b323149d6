import { describe, expect, it } from 'vitest';
import { contract, createApi, type StandardSchema } from '../../src/api/index.ts';
import { openApi, serveOpenApi } from '../../src/api/openApi.ts';
import { context, httpEvent } from './events.ts';
import { object } from './schema.ts';

const Order = object({ id: 'integer', note: 'string' });

function ordersApi() {
  const api = createApi({ base: '/v1', version: '2.1' });
  api.use((_req, _res, next) => next());
  api.get((_req, _res, next) => next());
  api.get(
    '/orders/:id',
    contract({ summary: 'One order', tags: ['orders'], response: { 200: Order, 404: object({ error: 'string' }) } }),
    (req) => ({ id: Number(req.params.id), note: '' }),
  );
  api.post(
    '/orders',
    contract({
      body: Order,
      query: object({ dry: 'boolean' }),
      headers: object({ 'x-a': 'string' }),
      operationId: 'placeOrder',
      deprecated: true,
    }),
    () => 1,
  );
  api.get('/at/:lat-:lng', contract({ params: object({ lat: 'number', lng: 'number' }) }), () => 1);
  api.any('/anything', () => 1);
  api.get('/files/*', () => 1);
  return api;
}

describe('openApi', () => {
  it('describes routes and contracts', () => {
    const document = openApi(ordersApi(), { title: 'Orders', servers: [{ url: 'https://api.example.com' }] });
    expect(document).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Orders', version: '2.1' },
      servers: [{ url: 'https://api.example.com' }],
    });
    expect(Object.keys(document.paths)).toEqual([
      '/v1/orders/{id}',
      '/v1/orders',
      '/v1/at/{lat}-{lng}',
      '/v1/files/{rest}',
    ]);
    const json = (schema: object) => ({ 'application/json': { schema } });
    const order = {
      type: 'object',
      properties: { id: { type: 'integer' }, note: { type: 'string' } },
      required: ['id', 'note'],
    };
    expect(document.paths['/v1/orders/{id}']?.['get']).toEqual({
      operationId: 'getV1OrdersId',
      summary: 'One order',
      tags: ['orders'],
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: {
        200: { description: 'OK', content: json(order) },
        404: {
          description: 'Not Found',
          content: json({ type: 'object', properties: { error: { type: 'string' } }, required: ['error'] }),
        },
      },
    });
    expect(document.paths['/v1/orders']?.['post']).toEqual({
      operationId: 'placeOrder',
      deprecated: true,
      parameters: [
        { name: 'dry', in: 'query', required: true, schema: { type: 'boolean' } },
        { name: 'x-a', in: 'header', required: true, schema: { type: 'string' } },
      ],
      requestBody: { required: true, content: json(order) },
      responses: { 200: { description: 'OK' }, 400: { description: 'Request does not fit the contract' } },
    });
    expect(document.paths['/v1/at/{lat}-{lng}']?.['get']?.parameters).toEqual([
      { name: 'lat', in: 'path', required: true, schema: { type: 'number' } },
      { name: 'lng', in: 'path', required: true, schema: { type: 'number' } },
    ]);
  });

  it('names the route whose schema gives no JSON Schema, or asks for it', () => {
    const bare: StandardSchema<string, string> = {
      '~standard': { version: 1, vendor: 'tiny', validate: () => ({ value: '' }) },
    };
    const api = createApi();
    api.post('/a', contract({ body: bare }), () => 1);
    expect(() => openApi(api)).toThrow(/POST \/a: its tiny schema gives no JSON Schema, pass toJsonSchema/);
    const document = openApi(api, {
      toJsonSchema: (schema, direction) => ({ title: `${schema['~standard'].vendor} ${direction}` }),
    });
    expect(JSON.stringify(document)).toContain('"title":"tiny input"');
  });

  it('finds the API of a handler too', () => {
    expect(openApi(ordersApi().handler)).toEqual(openApi(ordersApi()));
  });

  it('refuses what is no API', () => {
    expect(() => openApi({})).toThrow(/not an API/);
  });
});

describe('serveOpenApi', () => {
  it('adds the document and a page, which are not in the document', async () => {
    const api = ordersApi();
    serveOpenApi(api, { title: 'Orders <script>' });
    const document = await api.run(httpEvent('GET', '/v1/openapi.json'), context);
    expect(document).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } });
    expect(Object.keys(JSON.parse(document.body).paths)).toHaveLength(4);
    const page = await api.run(httpEvent('GET', '/v1/docs'), context);
    expect(page).toMatchObject({ statusCode: 200, headers: { 'content-type': 'text/html' } });
    expect(page.body).toContain('One order');
    expect(page.body).toContain('href="/v1/openapi.json"');
    expect(page.body).not.toContain('<script>');
  });

  it('says to openApi what it was told, unless that is told otherwise', () => {
    const api = ordersApi();
    serveOpenApi(api, { title: 'Orders', description: 'All of them' });
    expect(openApi(api.handler).info).toMatchObject({ title: 'Orders', description: 'All of them' });
    expect(openApi(api, { title: 'Others' }).info).toMatchObject({ title: 'Others', description: 'All of them' });
  });

  it('puts them where it is told', async () => {
    const api = createApi();
    serveOpenApi(api, { path: '/spec', page: false });
    expect(await api.run(httpEvent('GET', '/spec'), context)).toMatchObject({ statusCode: 200 });
    expect(await api.run(httpEvent('GET', '/docs'), context)).toMatchObject({ statusCode: 404 });
  });
});
