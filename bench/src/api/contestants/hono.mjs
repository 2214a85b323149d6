import { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';

const app = new Hono();
app.get('/health', (c) => c.json({ ok: true }));
for (let index = 0; index < 50; index++) app.get(`/r${index}/:id`, (c) => c.json({ id: c.req.param('id') }));
app.post('/orders', async (c) => {
  const body = await c.req.json();
  return c.json({ id: body.id, items: body.items.length });
});
app.notFound((c) => c.json({ error: 'Route not found' }, 404));
export const handler = handle(app);

const second = new Hono();
second.use(async (c, next) => {
  c.set('one', 1);
  await next();
});
second.use(async (c, next) => {
  c.set('two', 2);
  await next();
});
second.use(async (c, next) => {
  c.set('three', 3);
  await next();
});
second.get('/health', (c) => c.json({ ok: c.get('three') === 3 }));
export const withMiddleware = handle(second);
