'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { basename, dirname, join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const { runtimeError } = require('./errors.cjs');

/** Loads the function's module and finds its handler in it, by the rules of the runtime's generation. */
exports.loadHandler = async ({ handler: name, folder, generation }) => {
  if (name.includes('..')) {
    throw runtimeError(
      generation,
      'MalformedHandlerName',
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const last = basename(name);
  const dot = last.indexOf('.');
  if (dot < 0) throw runtimeError(generation, 'MalformedHandlerName', 'Bad handler');
  const root = name.slice(0, name.indexOf(last));
  const path = resolve(folder, root, last.slice(0, dot));
  const load = generation === 4 ? importModule : loadModule;
  const module = await load(path, { folder, root, name: last.slice(0, dot) }).catch((error) =>
    explain(error, generation),
  );
  return find(module, last.slice(dot + 1), name, generation);
};

function find(module, keys, name, generation) {
  const walk = (from) => keys.split('.').reduce((value, key) => (value ? value[key] : undefined), from);
  let found = walk(module);
  if (!found && generation === 4 && module !== null && typeof module === 'object' && 'default' in module) {
    found = walk(module.default);
  }
  if (!found) throw runtimeError(generation, 'HandlerNotFound', `${name} is undefined or not exported`);
  if (typeof found !== 'function') throw runtimeError(generation, 'HandlerNotFound', `${name} is not a function`);
  return found;
}

function explain(error, generation) {
  if (error instanceof SyntaxError) throw runtimeError(generation, 'UserCodeSyntaxError', String(error), error.stack);
  if (error?.code === 'MODULE_NOT_FOUND') throw runtimeError(generation, 'ImportModuleError', String(error));
  throw error;
}

/** Fourth generation: everything by import(). */
async function importModule(path, where) {
  for (const extension of ['', '.js', '.mjs', '.cjs']) {
    if (existsSync(path + extension)) return import(pathToFileURL(path + extension).href);
  }
  return requireByName(where);
}

/** Third generation and before: require(), but import() for ECMAScript modules. */
async function loadModule(path, where) {
  const require = createRequire(join(where.folder, 'noop.js'));
  if (existsSync(path)) {
    const module = require(path);
    if (module) return module;
  }
  const isModule = existsSync(`${path}.js`) && hasTypeModule(dirname(path));
  if (existsSync(`${path}.js`)) {
    const module = isModule ? await import(pathToFileURL(`${path}.js`).href) : require(`${path}.js`);
    if (module) return module;
  }
  if (existsSync(`${path}.mjs`)) return import(pathToFileURL(`${path}.mjs`).href);
  if (existsSync(`${path}.cjs`)) return require(`${path}.cjs`);
  return requireByName(where);
}

/** As a package: `node_modules/<name>`. */
function requireByName({ folder, root, name }) {
  const require = createRequire(join(folder, 'noop.js'));
  return require(require.resolve(name, { paths: [folder, join(folder, root)] }));
}

/** Whether the nearest package.json says that .js files are ECMAScript modules. */
function hasTypeModule(folder) {
  if (basename(folder) === 'node_modules') return false;
  const file = join(folder, 'package.json');
  if (existsSync(file)) {
    try {
      return JSON.parse(readFileSync(file, 'utf8'))?.type === 'module';
    } catch (error) {
      console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  const parent = dirname(folder);
  return parent !== folder && hasTypeModule(parent);
}
