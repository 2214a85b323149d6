import middy from '@middy/core';
import httpRouter from '@middy/http-router';

const json = (status, body) => ({
  statusCode: status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const routes = [{ method: 'GET', path: '/health', handler: async () => json(200, { ok: true }) }];
for (let index = 0; index < 50; index++) {
  routes.push({
    method: 'GET',
    path: `/r${index}/{id}`,
    handler: async (event) => json(200, { id: event.pathParameters.id }),
  });
}
routes.push({
  method: 'POST',
  path: '/orders',
  handler: async (event) => {
    const body = JSON.parse(event.body);
    return json(200, { id: body.id, items: body.items.length });
  },
});
const options = { timeoutEarlyInMillis: 0 };
export const handler = middy(options).handler(
  httpRouter({ routes, notFoundResponse: () => json(404, { error: 'Route not found' }) }),
);

export const withMiddleware = middy(options)
  .before((request) => {
    request.internal.one = 1;
  })
  .before((request) => {
    request.internal.two = 2;
  })
  .before((request) => {
    request.internal.three = 3;
    request.event.three = 3;
  })
  .handler(
    httpRouter({
      routes: [{ method: 'GET', path: '/health', handler: async (event) => json(200, { ok: event.three === 3 }) }],
    }),
  );
