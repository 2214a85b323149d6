import { Router } from '@aws-lambda-powertools/event-handler/http';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const app = new Router({ logger: silent });
app.get('/health', () => ({ ok: true }));
for (let index = 0; index < 50; index++) app.get(`/r${index}/:id`, ({ params }) => ({ id: params.id }));
app.post('/orders', async ({ req }) => {
  const body = await req.json();
  return { id: body.id, items: body.items.length };
});
export const handler = (event, context) => app.resolve(event, context);

const second = new Router({ logger: silent });
const state = new WeakMap();
second.use(async ({ reqCtx, next }) => {
  state.set(reqCtx.event, 1);
  await next();
});
second.use(async ({ reqCtx, next }) => {
  state.set(reqCtx.event, 2);
  await next();
});
second.use(async ({ reqCtx, next }) => {
  state.set(reqCtx.event, 3);
  await next();
});
second.get('/health', ({ event }) => ({ ok: state.get(event) === 3 }));
export const withMiddleware = (event, context) => second.resolve(event, context);
