import { createApi } from '@skein/lambda/api';

const api = createApi();
api.get('/health', () => ({ hello: 'world' }));
export const { handler } = api;
