/**
 * The messages of a batch that a function reports as failed; `'all'` when what it answers is no such report.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 *
 * @param payload - the function's answer
 * @param ids - of the batch's messages
 */
export function failuresOf(payload: Buffer, ids: ReadonlySet<string>): ReadonlySet<string> | 'all' {
  const answer = parse(payload);
  if (answer === null || answer === '') return NONE;
  if (typeof answer !== 'object' || Array.isArray(answer)) return 'all';
  const { batchItemFailures = null } = answer as { readonly batchItemFailures?: unknown }; // an object, of which nothing else is asked
  if (batchItemFailures === null) return NONE;
  if (!Array.isArray(batchItemFailures)) return 'all';
  const failed = new Set<string>();
  for (const item of batchItemFailures as unknown[]) {
    const id = itemIdentifier(item);
    if (id === undefined || !ids.has(id)) return 'all';
    failed.add(id);
  }
  return failed;
}

const NONE: ReadonlySet<string> = new Set();

const itemIdentifier = (item: unknown): string | undefined =>
  typeof item === 'object' && item !== null && 'itemIdentifier' in item && typeof item.itemIdentifier === 'string'
    ? item.itemIdentifier
    : undefined;

/** Undefined when it is no JSON. */
function parse(payload: Buffer): unknown {
  if (payload.length === 0) return '';
  try {
    return JSON.parse(payload.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
