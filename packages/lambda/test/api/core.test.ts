import { describe, expect, it } from 'vitest';
import { contract, createApi, middleware } from '../../src/api/core.ts';
import { createApi as createWhole } from '../../src/api/index.ts';
import { context, httpEvent, restEvent, restSingleEvent, urlEvent } from './events.ts';
import { object } from './schema.ts';

describe('the core', () => {
  it.each([restEvent, restSingleEvent, httpEvent, urlEvent])('answers what the whole answers: %o', async (make) => {
    const define = (api: Pick<ReturnType<typeof createWhole>, 'use' | 'post' | 'get'>): void => {
      const auth = middleware<{ user: string }>((req, _res, next) => {
        req.user = req.headers['x-user'] ?? 'nobody';
        return next();
      });
      api.use(async (_req, res, next) => {
        await next();
        res.header('x-after', '1');
      });
      api.post('/orders/:id', auth, contract({ body: object({ count: 'integer' }) }), (req, res) =>
        res.status(201).json({ id: req.params.id, user: req.user, count: req.body.count, all: req.multiValueQuery }),
      );
      api.get('/fails', async () => Promise.reject(new Error('no')));
    };
    const core = createApi({ base: '/v1' });
    const whole = createWhole({ base: '/v1' });
    define(core as unknown as typeof whole);
    define(whole);
    const headers = { 'x-user': 'a', 'content-type': 'application/json' };
    for (const event of [
      make('POST', '/v1/orders/7', { body: '{"count":5}', headers, search: 'a=1&a=2' }),
      make('POST', '/v1/orders/7', { body: '{"count":"x"}', headers }),
      make('GET', '/v1/orders/7'),
      make('GET', '/v1/fails'),
      make('GET', '/v1/nowhere'),
    ]) {
      expect(await core.run(event, context)).toEqual(await whole.run(event, context));
    }
  });

  it('says what it does not have', () => {
    expect(() => createApi({ logger: true } as object)).toThrow('option logger needs createApi of @skein/lambda/api');
    expect(() => createApi({ compression: true } as object)).toThrow(
      'option compression needs createApi of @skein/lambda/api',
    );
  });

  it('has a logger that is silent', async () => {
    const api = createApi();
    api.get('/', (req) => req.log.info('x') ?? 'ok');
    expect(await api.run(httpEvent('GET', '/'), context)).toMatchObject({ body: 'ok' });
  });
});
