import { createApi } from '@skein/lambda/api/core';

const api = createApi();
api.get('/health', () => ({ ok: true }));
for (let index = 0; index < 50; index++) api.get(`/r${index}/:id`, (req) => ({ id: req.params.id }));
api.post('/orders', (req) => ({ id: req.body.id, items: req.body.items.length }));
export const { handler } = api;

const second = createApi();
second.use((req, _res, next) => {
  req.one = 1;
  return next();
});
second.use((req, _res, next) => {
  req.two = 2;
  return next();
});
second.use((req, _res, next) => {
  req.three = 3;
  return next();
});
second.get('/health', (req) => ({ ok: req.three === 3 }));
export const withMiddleware = second.handler;
