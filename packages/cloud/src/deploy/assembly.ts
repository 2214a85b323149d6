import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DeployError } from './errors.ts';
import { isRecord, parseTemplate, type Template } from './template.ts';

/** A stack of an app, ready to be deployed. */
export interface StackSource {
  readonly name: string;
  readonly template: Template;
  /** The template as JSON. */
  readonly text: string;
  /** The app's. */
  readonly folder: string;
  /** Undefined: environment-agnostic, the cloud's own. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** File assets by the object key that the template names: where they lie on this disk. */
  readonly assets: ReadonlyMap<string, string>;
}

/** An app: its stacks, in the order in which they need each other. */
export interface Assembly {
  readonly stacks: readonly StackSource[];
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly displayName?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
  readonly missing?: readonly { readonly key: string; readonly provider: string }[];
}

/**
 * Reads a cloud assembly, what the CDK calls `cdk.out`.
 *
 * @param appFolder - of the app that it was made from
 * @throws {DeployError} when it is damaged, or was made without context that it needs
 */
export function readAssembly(folder: string, appFolder: string): Assembly {
  const manifest = readManifest(folder);
  if (manifest.missing !== undefined && manifest.missing.length > 0) {
    throw new DeployError(
      'the app needs context that only an AWS account can give; put it into cdk.context.json, or give the app fixed values:',
      manifest.missing.map(({ key, provider }) => `${provider}: ${key}`),
    );
  }
  const stacks = stacksOf(folder, manifest).map((stack) => ({ ...stack, folder: appFolder }));
  if (stacks.length === 0) throw new DeployError(`the app in ${folder} has no stacks`);
  return { stacks };
}

/** The lookups that an assembly could not do at synthesis. */
export const missingContext = (folder: string): NonNullable<Manifest['missing']> => readManifest(folder).missing ?? [];

function readManifest(folder: string): Manifest {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) throw new DeployError(`${folder} is no cloud assembly: it has no manifest.json`);
  const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!isRecord(manifest)) throw new DeployError(`${path} is damaged: it must be a mapping`);
  return manifest as Manifest; // the CDK's own file; what we take of it is optional
}

function stacksOf(folder: string, { artifacts = {} }: Manifest): StackSource[] {
  const sources: StackSource[] = [];
  const visited = new Set<string>();
  const visit = (id: string): void => {
    const artifact = artifacts[id];
    if (artifact === undefined || visited.has(id)) return;
    visited.add(id);
    for (const dependency of artifact.dependencies ?? []) visit(dependency);
    if (artifact.type === 'aws:cloudformation:stack') sources.push(stackOf(folder, id, artifact, artifacts));
    if (artifact.type === 'cdk:cloud-assembly') {
      const nested = join(folder, String(artifact.properties?.['directoryName']));
      sources.push(...stacksOf(nested, readManifest(nested)));
    }
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return sources;
}

function stackOf(
  folder: string,
  id: string,
  artifact: Artifact,
  artifacts: Readonly<Record<string, Artifact>>,
): StackSource {
  const file = join(folder, String(artifact.properties?.['templateFile']));
  const text = readFileSync(file, 'utf8');
  const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(artifact.environment ?? '') ?? [];
  const { stackName, tags } = artifact.properties ?? {};
  return {
    name: typeof stackName === 'string' ? stackName : id,
    template: parseTemplate(text, basename(file)),
    text,
    folder,
    account: account === undefined || account.startsWith('unknown') ? undefined : account,
    region: region === undefined || region.startsWith('unknown') ? undefined : region,
    tags: isRecord(tags) ? Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)])) : {},
    assets: assetsOf(folder, artifact, artifacts),
  };
}

/** The file assets of a stack, from the asset manifests that it depends on. */
function assetsOf(
  folder: string,
  { dependencies = [] }: Artifact,
  artifacts: Readonly<Record<string, Artifact>>,
): Map<string, string> {
  const assets = new Map<string, string>();
  for (const id of dependencies) {
    const artifact = artifacts[id];
    if (artifact?.type !== 'cdk:asset-manifest') continue;
    const path = join(folder, String(artifact.properties?.['file']));
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const files = isRecord(manifest) && isRecord(manifest['files']) ? manifest['files'] : {};
    for (const file of Object.values(files)) {
      if (!isRecord(file) || !isRecord(file['source']) || !isRecord(file['destinations'])) continue;
      const source = file['source']['path'];
      if (typeof source !== 'string') continue; // made by a command at publishing: only the CDK itself can do that
      for (const destination of Object.values(file['destinations'])) {
        if (isRecord(destination)) assets.set(String(destination['objectKey']), resolve(dirname(path), source));
      }
    }
  }
  return assets;
}
