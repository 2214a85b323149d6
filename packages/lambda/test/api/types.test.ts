import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  contract,
  createApi,
  errorMiddleware,
  middleware,
  type NextFunction,
  type PathParams,
  type Request,
  type Response,
  type StandardSchema,
} from '../../src/api/index.ts';

/** A schema of our own: ten lines are enough to be a Standard Schema. */
function schema<T>(check: (value: unknown) => value is T): StandardSchema<T, T> {
  return {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: (value) => (check(value) ? { value } : { issues: [{ message: 'does not fit' }] }),
    },
  };
}

interface Order {
  id: string;
  total: number;
}
const isOrder = (value: unknown): value is Order =>
  typeof value === 'object' && value !== null && 'id' in value && 'total' in value;
const Order: StandardSchema<Order, Order> = schema(isOrder);
const Problem: StandardSchema<{ error: string }, { error: string }> = schema(
  (value): value is { error: string } => typeof value === 'object',
);
const Page: StandardSchema<{ limit: number }, { limit: number }> = schema(
  (value): value is { limit: number } => typeof value === 'object',
);

// The compiler does the testing here: `npm run types` fails when a type does not flow.
describe('types', () => {
  it('infer path parameters from the path', () => {
    expectTypeOf<PathParams<'/users/:id'>>().toEqualTypeOf<{ id: string }>();
    expectTypeOf<PathParams<'/users/:user-id/posts/:post'>>().toEqualTypeOf<{ 'user-id': string; post: string }>();
    expectTypeOf<PathParams<'/at/:lat-:lng'>>().toEqualTypeOf<{ lat: string; lng: string }>();
    expectTypeOf<PathParams<'/files/:name.:ext'>>().toEqualTypeOf<{ name: string; ext: string }>();
    expectTypeOf<PathParams<'/files/:dir/*'>>().toEqualTypeOf<{ dir: string; '*': string }>();
    expectTypeOf<keyof PathParams<'/static'>>().toEqualTypeOf<never>();
    expectTypeOf<PathParams<string>>().toEqualTypeOf<Record<string, string>>();

    const api = createApi();
    api.get('/users/:id', (req) => {
      expectTypeOf(req.params).toEqualTypeOf<{ id: string }>();
      // @ts-expect-error there is no such parameter
      return req.params.name;
    });
    expect(api.routes()).toHaveLength(1);
  });

  it('carry the schemas of a contract to body, query and answer', () => {
    const api = createApi();
    api.post(
      '/orders/:id',
      contract({ body: Order, query: Page, response: { 201: Order, 409: Problem } }),
      (req, res) => {
        expectTypeOf(req.body).toEqualTypeOf<Order>();
        expectTypeOf(req.query).toEqualTypeOf<{ limit: number }>();
        expectTypeOf(req.params).toEqualTypeOf<{ id: string }>();
        if (req.query.limit > 5) return res.status(409).json({ error: 'too many' });
        // @ts-expect-error 404 is not in the contract
        res.status(404);
        // @ts-expect-error a problem is not an order
        res.status(201).json({ error: 'no' });
        // @ts-expect-error an order is not a problem
        res.status(409).send(req.body);
        return res.status(201).json(req.body);
      },
    );
    api.get('/orders/:id', contract({ response: Order }), (req) => ({ id: req.params.id, total: 1 }));
    // The only success is the default: no need to say 201.
    api.put('/orders/:id', contract({ response: { 201: Order } }), async (req) => ({ id: req.params.id, total: 1 }));
    // @ts-expect-error the contract wants a total
    api.patch('/orders/:id', contract({ response: Order }), (req) => ({ id: req.params.id }));
    // @ts-expect-error also from a promise
    api.delete('/orders/:id', contract({ response: Order }), async (req) => ({ id: req.params.id }));
    expect(api.routes()).toHaveLength(5);
  });

  it('let middleware add to the request', () => {
    const auth = middleware<{ user: { name: string } }>((req, _res, next) => {
      req.user = { name: req.auth.username ?? 'nobody' };
      return next();
    });
    const trace = middleware<{ trace: string }>((req, _res, next) => {
      req.trace = req.id;
      return next();
    });
    const api = createApi().use(auth);
    api.get('/me', (req) => {
      expectTypeOf(req.user).toEqualTypeOf<{ name: string }>();
      return req.user.name;
    });
    api.post('/orders', trace, contract({ body: Order }), (req) => {
      expectTypeOf(req.user.name).toBeString();
      expectTypeOf(req.trace).toBeString();
      expectTypeOf(req.body).toEqualTypeOf<Order>();
    });
    api.put(
      '/orders',
      trace,
      (_req, _res, next) => next(),
      (req) => req.trace.length + req.user.name.length,
    );
    createApi().get('/me', (req) => {
      // @ts-expect-error this API has no such middleware
      return req.user;
    });
    expect(api.routes()).toHaveLength(3);
  });

  it('know the namespaces', () => {
    const api = createApi()
      .app('data', { count: () => 5 })
      .app({ name: 'orders' });
    api.get('/', (req) => {
      expectTypeOf(req.namespace.data.count()).toBeNumber();
      expectTypeOf(req.ns.name).toEqualTypeOf<'orders'>();
      return req.ns.data.count();
    });
    api.register((part) => part.get('/x', (req) => req.ns.data.count()));
    expect(api.routes()).toHaveLength(2);
  });

  it('leave routes without a contract free', () => {
    const api = createApi();
    api.get('/', (req, res) => {
      expectTypeOf(req.body).toBeUnknown();
      expectTypeOf(req.query).toEqualTypeOf<Record<string, string | undefined>>();
      return res.status(418).json({ anything: true });
    });
    api.get('/value', () => 5);
    api.get('/nothing', async (_req, res) => res.send());
    expect(api.routes()).toHaveLength(3);
  });

  it('tell middleware and error middleware apart', () => {
    const api = createApi();
    api.use(
      errorMiddleware((error, req, res, next) => {
        expectTypeOf(error.message).toBeString();
        if (req.path === '/') return res.status(500).send({ sorry: error.message });
        return next();
      }),
    );
    api.use((error: Error, _req: Request, res: Response, _next: NextFunction) => res.send(error.message));
    api.use('/x/*', (req, _res, next) => (req.path === '' ? undefined : next()));
    expect(api.routes()).toHaveLength(0);
  });

  it('fit the handler of a function', () => {
    const { handler } = createApi();
    expectTypeOf(handler).parameters.toEqualTypeOf<[event: object, context: object]>();
    expect(handler).toHaveLength(2);
  });
});
