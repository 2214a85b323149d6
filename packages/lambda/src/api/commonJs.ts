import * as api from './index.ts';

declare const module: object;

// What `require('@skein/lambda/api')` gives: the function itself, as Lambda API does it, with everything else on it.
// Only the CommonJS build has this file for an entry, and only there is a `module`.
Object.assign(module, { exports: Object.assign(api.createApi, api, { default: api.createApi }) });
