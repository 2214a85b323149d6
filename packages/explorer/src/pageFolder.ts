import { fileURLToPath } from 'node:url';

/** Sources run unbuilt in the repository: only the build has no `.ts`. */
const isSource = import.meta.url.endsWith('.ts');

/** The folder with the page's files: `index.html` and what it asks for. From sources, the page is bundled first when it has changed. */
export async function pageFolder(): Promise<string> {
  if (!isSource) return fileURLToPath(new URL('./page', import.meta.url));
  const { buildPage } = await import('./buildPage.ts');
  const folder = fileURLToPath(new URL('../dist/page', import.meta.url));
  await buildPage({ folder, onlyIfStale: true });
  return folder;
}
