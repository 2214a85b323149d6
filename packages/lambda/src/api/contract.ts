import { type Fault, quiet, ValidationError } from './errors.ts';
import type { NextFunction } from './functions.ts';
import type { Reply } from './reply.ts';
import type { RequestView } from './request.ts';
import type { Input, Output, SchemaResult, StandardSchema } from './standardSchema.ts';
import type { Middleware } from './types.ts';

/** What a route takes and answers. Any Standard Schema will do. */
export interface ContractOptions {
  /** Body of the request. */
  readonly body?: StandardSchema<unknown, unknown>;
  /** Query parameters: text each, an array for those that occur more than once. */
  readonly query?: StandardSchema<unknown, unknown>;
  /** Path parameters: text each. */
  readonly params?: StandardSchema<unknown, unknown>;
  /** Headers, by lower-case name. */
  readonly headers?: StandardSchema<unknown, unknown>;
  /** Body of the answer with 200, or one schema per status code. */
  readonly response?: StandardSchema<unknown, unknown> | Readonly<Record<number, StandardSchema<unknown, unknown>>>;
  /** For the API's description: one line. */
  readonly summary?: string;
  /** For the API's description: more. */
  readonly description?: string;
  /** For the API's description: unique name of the operation. @default - from method and path */
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly deprecated?: boolean;
  /** For the API's description: security requirements as OpenAPI writes them. */
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
}

type Part = 'body' | 'query' | 'params' | 'headers';

/** What a contract makes of the request. */
export type Validated<C> = { [P in Part & keyof C]: Output<C[P]> };

/** What a contract lets a route answer: bodies by status code. */
export type Answers<C> = C extends { readonly response: infer R }
  ? R extends StandardSchema<unknown, unknown>
    ? { 200: Input<R> }
    : { [S in keyof R & number]: Input<R[S]> }
  : unknown;

/** The contract behind a function of a route, if it is one. */
export const contractOf = (fn: object): ContractOptions | undefined =>
  '~contract' in fn ? (fn as { '~contract': ContractOptions })['~contract'] : undefined; // Only contract() sets it.

/**
 * Checks a request before its handler runs: what does not fit is answered with 400 and every fault by name. The handler finds what the schemas made
 * of body, query, path parameters and headers, with their types, and may only answer what the contract allows.
 *
 * @example
 * api.post('/orders', contract({ body: NewOrder, response: { 201: Order } }), (req, res) => res.status(201).json(place(req.body)));
 */
export function contract<const C extends ContractOptions>(options: C): Middleware<Validated<C>, Answers<C>> {
  const parts = (['params', 'query', 'headers', 'body'] as const).filter((part) => options[part] !== undefined);
  const success = onlySuccess(options.response);
  const check = (req: RequestView, res: Reply, next: NextFunction): unknown => {
    if (success !== 200) res.status(success);
    const results = parts.map((part) => options[part]?.['~standard'].validate(inputOf(req, part)));
    if (results.some((result) => result instanceof Promise)) {
      return Promise.all(results).then((done) => {
        accept(req, parts, done);
        return next();
      });
    }
    // None is a promise: that was asked just now.
    accept(req, parts, results as (SchemaResult<unknown> | undefined)[]);
    return next();
  };
  Object.assign(check, { '~contract': options });
  // It replaces the members of the request by what the schemas give: that is what its type says.
  return check as unknown as Middleware<Validated<C>, Answers<C>>;
}

function inputOf(req: RequestView, part: Part): unknown {
  if (part !== 'query')
    return part === 'params' ? { ...req.params } : part === 'headers' ? { ...req.headers } : req.body;
  const query: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(req.multiValueQuery))
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  return query;
}

function accept(
  req: RequestView,
  parts: readonly Part[],
  results: readonly (SchemaResult<unknown> | undefined)[],
): void {
  const faults: Fault[] = [];
  for (const [index, part] of parts.entries()) {
    for (const issue of results[index]?.issues ?? []) {
      const path = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.');
      faults.push({ in: part, path, message: issue.message });
    }
  }
  if (faults.length > 0) throw quiet(() => new ValidationError('Request does not fit the contract', faults));
  for (const [index, part] of parts.entries()) {
    const result = results[index];
    // The schema decides what comes out; the view only carries it.
    if (result !== undefined && result.issues === undefined) (req as Record<Part, unknown>)[part] = result.value;
  }
}

/** Status of an answer that says none: 200, or the only success that is allowed. */
function onlySuccess(response: ContractOptions['response']): number {
  if (response === undefined || '~standard' in response || 200 in response) return 200;
  const successes = Object.keys(response)
    .map(Number)
    .filter((code) => code >= 200 && code < 300);
  return successes.length === 1 ? (successes[0] ?? 200) : 200;
}
