/** Nanoseconds of CPU to find a parameter route among few and among many. */
export interface RoutesResult {
  readonly few: number;
  readonly many: number;
}

interface Api {
  get(path: string, handler: () => unknown): unknown;
  readonly handler: (event: object, context: object) => Promise<unknown>;
}

const [file = ''] = process.argv.slice(2);
// The bench bundles it itself, with this export.
const { createApi } = (await import(file)) as { createApi(): Api };
const CALLS = 300_000;

async function perRequest(routes: number): Promise<number> {
  const api = createApi();
  for (let index = 0; index < routes; index++) api.get(`/r${index}/:id`, () => 'ok');
  const rawPath = `/r${routes - 1}/abc`;
  const event = { version: '2.0', rawPath, requestContext: { http: { method: 'GET' } } };
  for (let index = 0; index < CALLS; index++) await api.handler(event, {});
  const before = process.cpuUsage();
  for (let index = 0; index < CALLS; index++) await api.handler(event, {});
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / CALLS;
}

const result: RoutesResult = { few: await perRequest(10), many: await perRequest(10_000) };
process.stdout.write(JSON.stringify(result));
