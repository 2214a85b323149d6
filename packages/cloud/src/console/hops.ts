import type { Hop, Trace } from '../kernel/trace.ts';
import type { HopPage, HopRecord, HopTree } from './api.ts';

/** A hop as the API shows it. */
export const recordOf = (hop: Hop): HopRecord => ({
  id: hop.id,
  cause: hop.cause,
  at: hop.at,
  duration: hop.duration ?? null,
  service: hop.service,
  operation: hop.operation,
  principal: hop.principal,
  resource: hop.resource,
  target: hop.target ?? null,
  outcome: hop.outcome ?? null,
  bytes: hop.bytes,
  note: hop.note ?? null,
});

/** The newest hops before one, newest first. */
export function hopsBefore(trace: Trace, before: number, limit: number): HopPage {
  const older = trace.all().filter(({ id }) => id < before);
  const hops = older.slice(-limit).reverse().map(recordOf);
  const last = hops.at(-1);
  return { hops, next: last !== undefined && older.length > limit ? last.id : null };
}

/** The whole tree of causes that a hop is part of. Undefined when it is no longer kept. */
export function treeOf(trace: Trace, id: number): HopTree | undefined {
  const all = trace.all();
  const byId = new Map(all.map((hop) => [hop.id, hop]));
  let root = byId.get(id);
  if (root === undefined) return undefined;
  for (let cause = byId.get(root.cause); cause !== undefined; cause = byId.get(cause.cause)) root = cause;
  const byCause = Map.groupBy(all, ({ cause }) => cause);
  const grow = (hop: Hop): HopTree => ({ hop: recordOf(hop), caused: (byCause.get(hop.id) ?? []).map(grow) });
  return grow(root);
}
