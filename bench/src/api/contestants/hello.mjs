import { createApi } from '@skein/lambda/api/core';

const api = createApi();
api.get('/health', () => ({ hello: 'world' }));
export const { handler } = api;
