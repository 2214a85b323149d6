'use strict';
const { createRequire, registerHooks } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

/** What AWS puts beside a function's own modules. */
const SUPPLIED = /^(?:@aws-sdk\/|@smithy\/|aws-sdk(?:\/|$))/;
const MISSING = new Set(['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND']);

/**
 * Finds modules of the AWS SDK that the function did not bring: in the app's node_modules, then in ours. Functions count on that they are
 * there, and bundles leave them out.
 */
exports.supplyModules = ({ moduleFolders }) => {
  if (registerHooks === undefined) return;
  let isSearching = false;
  const parents = [...moduleFolders.map((folder) => join(folder, 'noop.js')), __filename];
  registerHooks({
    resolve(specifier, context, next) {
      if (isSearching || !SUPPLIED.test(specifier)) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        if (!MISSING.has(error.code)) throw error;
        isSearching = true;
        try {
          const found = find(specifier, context, next, parents);
          if (found !== undefined) return found;
        } finally {
          isSearching = false;
        }
        const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
        error.message += `\n'${name}' is part of the Node.js runtimes of AWS, but it is not installed here: npm i -D ${name}`;
        throw error;
      }
    },
  });
};

function find(specifier, context, next, parents) {
  for (const parent of parents) {
    try {
      if (context.conditions.includes('import'))
        return next(specifier, { ...context, parentURL: pathToFileURL(parent).href });
      // For require() another parent is not heeded.
      return { url: pathToFileURL(createRequire(parent).resolve(specifier)).href, shortCircuit: true };
    } catch (error) {
      if (!MISSING.has(error.code)) throw error;
    }
  }
  return undefined;
}
