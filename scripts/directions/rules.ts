import { posix } from 'node:path';
import type { Import } from './imports.ts';

/** A rule that an import breaks. */
export interface Offence extends Import {
  readonly rule: string;
}

/** Which packages each may import. Tests of the gallery also deploy to the cloud. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  lambda: [],
  patterns: ['@skein/lambda/env'],
  cloud: [],
  explorer: [],
  cli: ['@skein/cloud', '@skein/audit', '@skein/explorer'],
  audit: ['@skein/cloud'],
  gallery: ['@skein/patterns', '@skein/lambda'],
};

/** What nobody may import. */
const PRIVATE = /^(@skein\/gallery|skein-bench|skein$)/;

/** The folders of the cloud, from the lowest up: each may import those before its own layer, and others of its layer as long as no circle comes of it. */
const LAYERS: readonly (readonly string[])[] = [
  ['kernel'],
  ['iam', 'network', 'protocols', 'deploy'],
  ['repeatable'],
  ['services'],
  ['console'],
  ['cloud'],
  ['explore'],
  ['vitest'],
];

/** What is wrong with the arrows between packages. */
export function packageOffences(imports: readonly Import[]): Offence[] {
  return imports.flatMap((found) => {
    const home = packageOf(found.file);
    const allowed = PACKAGES[home];
    if (allowed === undefined) return [];
    const { specifier } = found;
    if (PRIVATE.test(specifier)) return [{ ...found, rule: `nothing imports ${specifier}` }];
    if (specifier.startsWith('@skein/') && !isAllowed(specifier, allowed) && !isGalleryTest(found)) {
      const may = allowed.length === 0 ? 'no other package' : `only ${allowed.join(', ')}`;
      return [{ ...found, rule: `${home} imports ${may}` }];
    }
    if (specifier.startsWith('.') && packageOf(targetOf(found)) !== home) {
      return [{ ...found, rule: 'packages meet through their exports, not through paths' }];
    }
    return [];
  });
}

const isAllowed = (specifier: string, allowed: readonly string[]): boolean =>
  allowed.some((name) => specifier === name || (name.split('/').length === 2 && specifier.startsWith(`${name}/`)));

const isGalleryTest = ({ file, specifier }: Import): boolean =>
  /^gallery\/.*\.test\.ts$/.test(file) && /^@skein\/cloud(\/(vitest|explore))?$/.test(specifier);

const packageOf = (file: string): string => /^(?:packages\/)?([^/]+)\//.exec(file)?.[1] ?? '';

/** What is wrong with the arrows between the folders of the cloud. */
export function folderOffences(imports: readonly Import[]): Offence[] {
  const between = imports.filter(
    ({ file, specifier }) => file.startsWith(CLOUD) && specifier.startsWith('.') && !isTest(file),
  );
  return [...between.flatMap(layerOffences), ...between.flatMap(serviceOffences), ...circles(between)];
}

const CLOUD = 'packages/cloud/src/';
const isTest = (file: string): boolean => /\.test\.ts$|\/test\//.test(file);

function layerOffences(found: Import): Offence[] {
  const from = folderOf(found.file);
  const to = folderOf(targetOf(found));
  const [fromLayer, toLayer] = [layerOf(from), layerOf(to)];
  if (fromLayer < 0)
    return [{ ...found, rule: `the folder '${from}' has no layer: add it to scripts/directions/rules.ts` }];
  if (toLayer < 0 || toLayer <= fromLayer) return [];
  return [{ ...found, rule: `${from} lies below ${to}` }];
}

function serviceOffences(found: Import): Offence[] {
  const from = serviceOf(found.file);
  const to = serviceOf(targetOf(found));
  if (from === undefined || to === undefined || from === to) return [];
  return [{ ...found, rule: `services meet through aws(…), not by imports: ${from} imports ${to}` }];
}

/** Imports between two folders never go both ways, nor in a circle. */
function circles(imports: readonly Import[]): Offence[] {
  const arrows = new Map<string, Map<string, Import>>();
  for (const found of imports) {
    const from = groupOf(found.file);
    const to = groupOf(targetOf(found));
    if (from === to) continue;
    const ofFolder = arrows.get(from) ?? new Map<string, Import>();
    arrows.set(from, ofFolder);
    if (!ofFolder.has(to)) ofFolder.set(to, found);
  }
  const offences: Offence[] = [];
  const done = new Set<string>();
  const walk = (folder: string, path: readonly string[]): void => {
    const start = path.indexOf(folder);
    if (start >= 0) {
      const circle = [...path.slice(start), folder];
      const last = arrows.get(path.at(-1) ?? '')?.get(folder);
      if (last !== undefined) offences.push({ ...last, rule: `a circle: ${circle.join(' -> ')}` });
      return;
    }
    if (done.has(folder)) return;
    for (const next of arrows.get(folder)?.keys() ?? []) walk(next, [...path, folder]);
    done.add(folder);
  };
  for (const folder of arrows.keys()) walk(folder, []);
  return offences;
}

/** The file that an import by path names, relative to the root. */
const targetOf = ({ file, specifier }: Import): string => posix.join(posix.dirname(file), specifier);

/** The folder of the cloud in which a file lies; the files beside the folders are the cloud itself. */
const folderOf = (file: string): string => {
  const parts = file.slice(CLOUD.length).split('/');
  return parts.length === 1 ? 'cloud' : (parts[0] ?? '');
};

/** As `folderOf`, with each service for itself: the catalogue names them all, and is named by none. */
const groupOf = (file: string): string => {
  const folder = folderOf(file);
  return folder === 'services' ? `services/${serviceOf(file) ?? 'catalog'}` : folder;
};

const serviceOf = (file: string): string | undefined => /^packages\/cloud\/src\/services\/([^/]+)\//.exec(file)?.[1];

const layerOf = (folder: string): number => LAYERS.findIndex((layer) => layer.includes(folder));
