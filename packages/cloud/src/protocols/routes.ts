import type { OperationSchema } from './schema.ts';

/** A URI pattern of an operation, compiled. */
interface Route {
  readonly operation: OperationSchema;
  readonly pattern: RegExp;
  /** The labels of the pattern, in order. */
  readonly labels: readonly string[];
  /** What the pattern asks of the query: `?delete` or `?list-type=2`. */
  readonly query: readonly (readonly [name: string, value: string | undefined])[];
  /** The operation's name as SDKs say it in `?x-id`, where paths alone do not tell. */
  readonly id: string | undefined;
  /** Query parameters and headers without which the operation is not meant: those of its required members. */
  readonly required: readonly (readonly ['query' | 'header', name: string])[];
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
  readonly #byMethod: ReadonlyMap<string, readonly Route[]>;

  constructor(operations: Iterable<OperationSchema>) {
    const routes = [...operations]
      .flatMap((operation) => compile(operation))
      .sort((a, b) => b.weight - a.weight || b.query.length - a.query.length || b.required.length - a.required.length);
    this.#byMethod = Map.groupBy(routes, ({ operation }) => operation.traits.http?.[0] ?? '');
  }

  /** The operation that a request asks for; of several that the path fits the most specific whose required members are there. */
  match(method: string, path: string, query: string, headers: Readonly<Record<string, string>>): Match | undefined {
    const asked = new URLSearchParams(query);
    const id = asked.get('x-id');
    let second: Match | undefined;
    for (const route of this.#byMethod.get(method) ?? []) {
      const found = route.pattern.exec(path);
      if (found === null || (id !== null && route.id !== undefined && route.id !== id)) continue;
      if (!route.query.every(([name, value]) => asked.has(name) && (value === undefined || asked.get(name) === value)))
        continue;
      const labels = labelsOf(route, found);
      if (labels === undefined) continue;
      const match: Match = { operation: route.operation, labels };
      if (route.required.every(([where, name]) => (where === 'query' ? asked.has(name) : headers[name] !== undefined)))
        return match;
      second = match; // it lacks something: meant only when nothing else fits
    }
    return second;
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
  const [path = '', query = ''] = http[1].split('?');
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
      weight += label[2] === '+' ? 1 : 10;
      return label[2] === '+' ? '/(.+)' : '/([^/]+)';
    })
    .join('');
  const asked = query === '' ? [] : query.split('&').map((part) => part.split('=') as [string, string | undefined]); // a pair by construction
  return [
    {
      operation,
      pattern: new RegExp(`^${source === '' ? '/' : `${source}/?`}$`, 's'),
      labels,
      query: asked.filter(([name]) => name !== 'x-id'),
      id: asked.find(([name]) => name === 'x-id')?.[1],
      required: requiredOf(operation),
      weight,
    },
  ];
}

function requiredOf({ input }: OperationSchema): Route['required'] {
  return [...input.members].slice(0, input.required).flatMap(([, { traits }]): Route['required'] => {
    if (traits.httpQuery !== undefined) return [['query', traits.httpQuery]];
    return traits.httpHeader === undefined ? [] : [['header', traits.httpHeader.toLowerCase()]];
  });
}
