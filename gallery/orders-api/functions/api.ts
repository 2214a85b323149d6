import { createApi, middleware } from '@skein/lambda/api';
import { serveOpenApi } from '@skein/lambda/api/openapi';
import type { OrdersApi } from './ordersApi.ts';
import { fileRoutes } from './routes/files.ts';
import { itemRoutes } from './routes/items.ts';
import { orderRoutes } from './routes/orders.ts';
import { progressRoutes } from './routes/progress.ts';
import type { Store } from './store.ts';
import { userOf } from './token.ts';

/** What an API of orders stands on. */
export interface OrdersApiOptions {
  readonly store: Store;
  /** What tokens are signed with. */
  readonly secret: string;
  /** Whether each request is logged. @default false */
  readonly log?: boolean;
}

/** Makes the API of orders. */
export function ordersApi({ store, secret, log = false }: OrdersApiOptions): OrdersApi {
  const api = createApi({ version: '1.0', bodyLimit: 1_000_000, logger: log && { access: true } }).app('store', store);
  serveOpenApi(api, {
    title: 'Orders',
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  });
  api.get('/health', () => ({ ok: true }));

  const secured = api.use(
    middleware<{ user: string }>((req, res, next) => {
      const user = req.auth.type === 'Bearer' ? userOf(req.auth.value ?? '', secret) : undefined;
      if (user === undefined) {
        res.header('www-authenticate', 'Bearer');
        return res.status(401).json({ error: 'a valid token is needed' });
      }
      req.user = user;
      return next();
    }),
  );
  secured.get('/me', (req) => ({ user: req.user }));
  orderRoutes(secured);
  itemRoutes(secured);
  progressRoutes(secured);
  fileRoutes(secured);
  return secured;
}
