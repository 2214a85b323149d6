/** The version of this package. */
export function version(): string {
  // Sources and the build both lie one folder below the manifest.
  const manifest = JSON.parse(
    process.getBuiltinModule('node:fs').readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  return manifest.version;
}
