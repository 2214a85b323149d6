import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

const CLIENT = /^@aws-sdk\/client-[a-z0-9-]+$/;

/**
 * Instead of an SDK client, the parts of it that the wire needs: its schemas and its errors. A client costs about 100 ms to import and drags
 * the whole HTTP stack in; these are data. Whoever imports more of a client as a value gets an error from the bundler that names it.
 */
export const sdkSchemas: Plugin = {
  name: 'sdk-schemas',
  setup(build) {
    build.onResolve({ filter: CLIENT }, ({ path, resolveDir }) => ({
      path: dirname(createRequire(join(resolveDir, 'noname.js')).resolve(`${path}/package.json`)),
      namespace: 'sdk-schemas',
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: 'sdk-schemas' }, ({ path }) => {
      const models = join(path, 'dist-es', 'models');
      const schemas = readdirSync(join(path, 'dist-es', 'schemas')).filter((name) => name.endsWith('.js'));
      const parts = [
        ...schemas.map((name) => join(path, 'dist-es', 'schemas', name)),
        ...readdirSync(models)
          .filter((name) => name === 'errors.js' || name.endsWith('ServiceException.js'))
          .map((name) => join(models, name)),
      ];
      if (schemas.length === 0 || !existsSync(join(models, 'errors.js'))) {
        throw new Error(
          `${path} has no schemas where they were: look at dist-es and change scripts/build/sdkSchemas.ts`,
        );
      }
      return { contents: parts.map((part) => `export * from ${JSON.stringify(part)};`).join('\n'), resolveDir: path };
    });
  },
};
