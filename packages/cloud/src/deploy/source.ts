import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { type Assembly, readAssembly } from './assembly.ts';
import { DeployError } from './errors.ts';
import { type SynthesisOptions, synthesize } from './synthesize.ts';
import { parseTemplate } from './template.ts';

/** What can be deployed: a path, or a `cdk.App` in a test. */
export type AppSource = string | { synth(): { readonly directory: string } };

/**
 * Finds out what a source is, and reads its stacks: a folder with a `cdk.json` (its command is run), a `cdk.out`, a template, or a `cdk.App`.
 *
 * @throws {DeployError} when it is none of these
 */
export async function readSource(source: AppSource, options: SynthesisOptions): Promise<Assembly> {
  if (typeof source !== 'string') return readAssembly(source.synth().directory, process.cwd());
  const path = resolve(source);
  if (!existsSync(path)) throw new DeployError(`there is nothing at ${path}`);
  if (statSync(path).isFile()) return readTemplateFile(path);
  if (existsSync(join(path, 'manifest.json'))) return readAssembly(path, dirname(path));
  if (existsSync(join(path, 'cdk.json'))) return readAssembly(await synthesize(path, options), path);
  const template = TEMPLATE_NAMES.map((name) => join(path, name)).find(existsSync);
  if (template !== undefined) return readTemplateFile(template);
  throw new DeployError(
    `${path} has no cdk.json, no manifest.json (of a cdk.out) and no ${TEMPLATE_NAMES.join(' or ')}: name the app's folder, its cdk.out, or a template`,
  );
}

const TEMPLATE_NAMES = ['template.yaml', 'template.yml', 'template.json'];

function readTemplateFile(path: string): Assembly {
  const name = basename(path);
  if (name === 'cdk.json') throw new DeployError(`${path} is not a template: deploy its folder`);
  const template = parseTemplate(readFileSync(path, 'utf8'), name);
  const stackName = basename(path, extname(path)).replace(/\.template$/, '');
  const folder = dirname(path);
  return {
    stacks: [
      {
        name:
          /^[a-zA-Z][-a-zA-Z0-9]*$/.test(stackName) && stackName !== 'template'
            ? stackName
            : safeName(basename(folder)),
        template,
        text: JSON.stringify(template),
        folder,
        account: undefined,
        region: undefined,
        tags: {},
        assets: new Map(),
      },
    ],
  };
}

/** A folder's name as a stack's name. */
const safeName = (name: string): string => {
  const safe = name.replace(/[^-a-zA-Z0-9]+/g, '-').replace(/^[^a-zA-Z]+/, '');
  return safe === '' ? 'app' : safe;
};
