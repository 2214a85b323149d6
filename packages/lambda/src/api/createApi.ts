import { RequestLogger } from '../log/requestLog.ts';
import { sourceOf } from './albEvent.ts';
import { type Api, type Listening, Scope } from './api.ts';
import { App, type Kit } from './app.ts';
import { FullReply } from './fullReply.ts';
import { FullRequest } from './fullRequest.ts';
import type { Options } from './options.ts';
import { joinPath } from './pattern.ts';

const everything: Kit = {
  request: FullRequest,
  reply: FullReply,
  sourceOf,
  logger: (option) => new RequestLogger(option),
  compress: (option) =>
    option === false ? undefined : async (reply) => (await import('./compress.ts')).compress(reply, option),
};

/** Routes that can be served without Lambda. */
class FullScope extends Scope {
  async listen(port: number = 0, host: string = '127.0.0.1'): Promise<Listening> {
    const { listen } = await import('./listen.ts');
    return listen(this['~app'], port, host);
  }
}

/**
 * Makes an API.
 *
 * @throws {ConfigurationError} for options that cannot work.
 * @example
 * const api = createApi({ base: '/v1' });
 * api.get('/orders/:id', (req) => ({ id: req.params.id }));
 * export const { handler } = api;
 */
export function createApi(options: Options = {}): Api {
  // Scope does at run time what Api says; the types of paths, middleware and namespaces exist only for the compiler.
  return new FullScope(new App(options, everything), joinPath(options.base ?? '')) as unknown as Api;
}
