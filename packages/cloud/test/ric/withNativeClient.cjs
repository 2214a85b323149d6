'use strict';
// Loaded first: the native module of aws-lambda-ric is found in nativeClient.cjs.
const { registerHooks } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

registerHooks({
  resolve: (specifier, context, next) =>
    /rapid-client(\.node)?$/.test(specifier)
      ? { url: pathToFileURL(join(__dirname, 'nativeClient.cjs')).href, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
});
