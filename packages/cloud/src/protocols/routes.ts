import type { OperationSchema, ServiceSchema } from './schema.ts';

/** A URI pattern of an operation, compiled. */
interface Route {
  readonly operation: OperationSchema;
  readonly method: string;
  readonly pattern: RegExp;
  /** The labels of the pattern, in order. */
  readonly labels: readonly string[];
  /** What the pattern asks of the query: `?delete` or `?x-id=GetObject`. */
  readonly query: readonly (readonly [name: string, value: string | undefined])[];
  /** The more literal, the earlier. */
  readonly weight: number;
}

/** What a request's path says: the operation, and its labels (decoded). */
export interface Match {
  readonly operation: OperationSchema;
  readonly labels: Readonly<Record<string, string>>;
}

/** The routes of a REST service, from the `http` traits of its operations. */
export class Routes {
  readonly #routes: readonly Route[];

  constructor({ operations }: ServiceSchema) {
    this.#routes = [...operations.values()]
      .flatMap((operation) => compile(operation))
      .sort((a, b) => b.weight - a.weight || b.query.length - a.query.length);
  }

  match(method: string, path: string, query: string): Match | undefined {
    const asked = new URLSearchParams(query);
    for (const route of this.#routes) {
      if (route.method !== method) continue;
      const found = route.pattern.exec(path);
      if (found === null) continue;
      if (!route.query.every(([name, value]) => asked.has(name) && (value === undefined || asked.get(name) === value)))
        continue;
      const labels = labelsOf(route, found);
      if (labels !== undefined) return { operation: route.operation, labels };
    }
    return undefined;
  }
}

function labelsOf({ labels }: Route, found: RegExpExecArray): Record<string, string> | undefined {
  try {
    return Object.fromEntries(labels.map((label, index) => [label, decodeURIComponent(found[index + 1] ?? '')]));
  } catch {
    return undefined; // a percent sign that encodes nothing names no resource
  }
}

function compile(operation: OperationSchema): Route[] {
  const { http } = operation.traits;
  if (http === undefined) return [];
  const [method, uri] = http;
  const [path = '', query = ''] = uri.split('?');
  const labels: string[] = [];
  let weight = 0;
  const source = path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => {
      const label = /^\{([^}+]+)(\+?)\}$/.exec(segment);
      if (label === null) {
        weight += 1_000;
        return `/${segment.replace(/[.*+?^$()|[\]\\]/g, '\\$&')}`;
      }
      labels.push(label[1] ?? '');
      weight += label[2] === '+' ? 0 : 10;
      return label[2] === '+' ? '/(.+)' : '/([^/]+)';
    })
    .join('');
  const asked = query === '' ? [] : query.split('&').map((part) => part.split('=') as [string, string | undefined]); // a pair by construction
  return [
    {
      operation,
      method,
      pattern: new RegExp(`^${source === '' ? '/' : `${source}/?`}$`),
      labels,
      query: asked,
      weight,
    },
  ];
}
