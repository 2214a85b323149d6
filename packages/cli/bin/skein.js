#!/usr/bin/env node
// Runs on any Node that knows modules: finds one that is new enough for Skein, then hands over.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const OLDEST = [22, 18];
const here = dirname(fileURLToPath(import.meta.url));

/** Whether a version such as `22.18.0` is new enough. */
function isNewEnough(version) {
  const parts = version.replace(/^v/, '').split('.');
  const major = Number(parts[0]);
  return major > OLDEST[0] || (major === OLDEST[0] && Number(parts[1]) >= OLDEST[1]);
}

/** The binary of the npm package `node`, where that is installed beside Skein or in the app. */
function nodeOfPackage() {
  const places = [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href];
  for (let index = 0; index < places.length; index++) {
    try {
      const manifest = createRequire(places[index]).resolve('node/package.json');
      const description = JSON.parse(readFileSync(manifest, 'utf8'));
      const binary = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      if (isNewEnough(description.version) && existsSync(binary)) return binary;
    } catch (_error) {
      // Not installed there.
    }
  }
  return undefined;
}

/** Goes on in another process, as if it were this one. */
function handOver(binary, parameters) {
  const child = spawn(binary, parameters, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both: the child decides what it means. What is sent to this process alone is passed on.
  process.on('SIGINT', () => {});
  ['SIGTERM', 'SIGHUP'].forEach((signal) => {
    process.on(signal, () => child.kill(signal));
  });
  child.on('error', (error) => {
    process.stderr.write(`skein: cannot start ${binary}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code === null ? (signal === 'SIGINT' ? 130 : 1) : code;
  });
}

const built = join(here, '..', 'dist', 'bin.js');
const source = join(here, '..', 'src', 'bin.ts');
const entry = existsSync(built) ? [built] : ['--conditions=skein:source', source];

if (!isNewEnough(process.version)) {
  const binary = nodeOfPackage();
  if (binary === undefined) {
    process.stderr.write(
      `skein: this is Node ${process.version}, and Skein needs ${OLDEST.join('.')} or newer\n` +
        'Install a newer Node, or add one to this project alone: npm install --save-dev node@24\n',
    );
    process.exitCode = 1;
  } else {
    handOver(binary, entry.concat(process.argv.slice(2)));
  }
} else if (existsSync(built)) {
  import(pathToFileURL(built).href);
} else {
  handOver(process.execPath, entry.concat(process.argv.slice(2)));
}
