import { existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Command, defineCommand } from '../command.ts';
import { CommandError } from '../errors.ts';

/** `skein openapi`. */
export const openapi: Command = defineCommand({
  name: 'openapi',
  describe: 'Print the OpenAPI 3.1 document of an API that was made with @skein/lambda/api',
  argument: {
    name: 'module',
    describe: "the function's module, which exports its handler or the API; JavaScript or TypeScript",
  },
  options: {
    export: { type: 'string', value: 'name', describe: 'the export to describe, if the module exports several APIs' },
    title: { type: 'string', value: 'text', describe: 'title of the API' },
    apiVersion: { type: 'string', value: 'text', describe: 'version of the API; without it, the one of createApi' },
    server: { type: 'string', value: 'url', describe: 'address of the API' },
    output: { type: 'string', value: 'file', describe: 'write it to a file instead' },
  },
  examples: ['skein openapi functions/orders.ts', 'skein openapi dist/orders.mjs --title Orders --output openapi.json'],
  async run(values, { emit, cwd }) {
    const path = resolve(cwd, values.argument);
    if (!existsSync(path)) throw new CommandError(`there is no '${values.argument}': name the module of a function`);
    const api = apiOf(await load(path, values.argument), values.argument, values.export);
    const { openApi } = await describer([path, join(cwd, 'module.js')], values.argument);
    const document = describe(openApi, api, {
      ...(values.title !== undefined && { title: values.title }),
      ...(values.apiVersion !== undefined && { version: values.apiVersion }),
      ...(values.server !== undefined && { servers: [{ url: values.server }] }),
    });
    const text = JSON.stringify(document, null, 2);
    if (values.output === undefined) {
      emit({ code: 'OPENAPI', message: text, data: { document } });
      return;
    }
    const file = resolve(cwd, values.output);
    try {
      writeFileSync(file, `${text}\n`);
    } catch (error) {
      throw new CommandError(`cannot write '${values.output}': ${messageOf(error)}`, { cause: error });
    }
    emit({
      code: 'OPENAPI_WRITTEN',
      kind: 'success',
      message: `Wrote ${relative(cwd, file)}`,
      data: { file, document },
    });
  },
});

type OpenApi = (api: object, options: object) => object;

async function load(path: string, typed: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const needed =
      error instanceof Error && error.name === 'MissingVariableError'
        ? ': the variables that it reads when it loads are needed here too, with any value'
        : '';
    throw new CommandError(`cannot load '${typed}': ${messageOf(error)}${needed}`, { cause: error });
  }
}

/** The framework of the function itself, or of the current folder for a bundle that carries its own. */
async function describer(from: readonly string[], typed: string): Promise<{ openApi: OpenApi }> {
  for (const path of from) {
    let found: string;
    try {
      found = createRequire(path).resolve('@skein/lambda/api/openapi');
    } catch {
      continue; // Not installed there.
    }
    return import(pathToFileURL(found).href);
  }
  throw new CommandError(`neither '${typed}' nor this folder can reach @skein/lambda: npm install @skein/lambda`);
}

/** Whether something is an API, or the handler of one: both carry the app that they run. */
const isApi = (value: unknown): value is object =>
  ((typeof value === 'object' && value !== null) || typeof value === 'function') && '~app' in value;

function apiOf(module: Readonly<Record<string, unknown>>, typed: string, name: string | undefined): object {
  if (name !== undefined) {
    const api = module[name];
    if (isApi(api)) return api;
    const what = name in module ? `export '${name}' of '${typed}' is no API` : `'${typed}' has no export '${name}'`;
    throw new CommandError(`${what}: name one that createApi() made, or its handler`);
  }
  // An API and its handler are the same.
  const found = new Map<unknown, [name: string, api: object]>();
  // What `require` gives of a CommonJS module stands below `default` only, where Node did not find the names.
  const exported = { ...Object(module['default']), ...module };
  for (const [key, value] of Object.entries(exported))
    if (isApi(value)) found.set(Reflect.get(value, '~app'), found.get(Reflect.get(value, '~app')) ?? [key, value]);
  const [first, ...others] = found.values();
  if (first === undefined) {
    throw new CommandError(
      `'${typed}' exports no API: export the handler of one (export const { handler } = createApi()), or the API itself`,
    );
  }
  if (others.length === 0) return first[1];
  const names = [first, ...others].map(([key]) => key).join(', ');
  throw new CommandError(`'${typed}' exports several APIs (${names}): choose one with --export`, { exitCode: 2 });
}

function describe(openApi: OpenApi, api: object, options: object): object {
  try {
    return openApi(api, options);
  } catch (error) {
    // A schema that cannot be described, with its route.
    if (error instanceof Error && error.name === 'ConfigurationError')
      throw new CommandError(error.message, { cause: error });
    throw error;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
