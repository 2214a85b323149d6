type Bag = Readonly<Record<string, unknown>>;

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null;

/** Walks into a value by keys; `undefined` where there is nothing. */
function dig(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let at = value;
  for (const key of keys) {
    if (!isBag(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function fromHeaders(event: unknown, name: string): string | undefined {
  const headers = dig(event, 'headers');
  if (!isBag(headers)) return undefined;
  const key = Object.keys(headers).find((each) => each.toLowerCase() === name);
  return key === undefined ? undefined : text(headers[key]);
}

function fromRecord(record: unknown, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found =
      text(dig(record, 'messageAttributes', name, 'stringValue')) ??
      text(dig(record, 'Sns', 'MessageAttributes', name, 'Value'));
    if (found !== undefined) return found;
  }
  return (
    text(dig(record, 'responseElements', 'x-amz-request-id')) ??
    text(dig(record, 'Sns', 'MessageId')) ??
    text(dig(record, 'messageId')) ??
    text(dig(record, 'eventID'))
  );
}

/**
 * The id that ties the log entries of one flow together, from whatever a function was called by: the `x-correlation-id` header, the message attribute of
 * SQS and SNS, `detail.correlationId` of EventBridge and of a state machine's input, the record's own id, else the request's id.
 *
 * @param name name of header, attribute or field, @default 'x-correlation-id' and 'correlationId'
 */
export function correlationId(
  event: unknown,
  context?: { readonly awsRequestId?: string },
  name: string = 'x-correlation-id',
): string | undefined {
  const field = name === 'x-correlation-id' ? 'correlationId' : name;
  const record = dig(event, 'Records', 0);
  return (
    fromHeaders(event, name.toLowerCase()) ??
    (record === undefined ? undefined : fromRecord(record, [name, field])) ??
    text(dig(event, 'detail', 'metadata', field)) ??
    text(dig(event, 'detail', field)) ??
    text(dig(event, field)) ??
    (dig(event, 'detail-type') === undefined ? undefined : text(dig(event, 'id'))) ??
    text(dig(event, 'requestContext', 'requestId')) ??
    context?.awsRequestId
  );
}
