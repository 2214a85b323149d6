import awsLambdaFastify from '@fastify/aws-lambda';
import Fastify from 'fastify';

const app = Fastify();
app.get('/health', async () => ({ ok: true }));
for (let index = 0; index < 50; index++) app.get(`/r${index}/:id`, async (request) => ({ id: request.params.id }));
app.post('/orders', async (request) => ({ id: request.body.id, items: request.body.items.length }));
export const handler = awsLambdaFastify(app);

const second = Fastify();
second.addHook('onRequest', async (request) => {
  request.one = 1;
});
second.addHook('onRequest', async (request) => {
  request.two = 2;
});
second.addHook('onRequest', async (request) => {
  request.three = 3;
});
second.get('/health', async (request) => ({ ok: request.three === 3 }));
export const withMiddleware = awsLambdaFastify(second);
