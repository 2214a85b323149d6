export { createApi } from '@skein/lambda/api';
