import { AwsError, type AwsErrorLike } from '../kernel/awsError.ts';
import { EVENT_STREAM, type EventCodec, eventStreamOf, writeEvents, writeInitialResponse } from './eventStream.ts';
import { JsonCodec, parseJson } from './json.ts';
import type { OperationSchema, StructureShape } from './schema.ts';
import { type Protocol, queryErrorOf, type ServiceWire, statusOf, type WireResponse } from './wire.ts';

const codecs = new WeakMap<ServiceWire, JsonCodec>();

const codecOf = (service: ServiceWire): JsonCodec => {
  let codec = codecs.get(service);
  if (codec === undefined)
    codecs.set(service, (codec = new JsonCodec({ wireForm: service.wireForm, jsonNames: false })));
  return codec;
};

/** AWS JSON 1.0 and 1.1: the operation stands in `X-Amz-Target`, the input is the body. https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
export const awsJson: Protocol = {
  operationOf(service, { headers }) {
    const target = headers['x-amz-target'] ?? '';
    return service.schema.operations.get(target.slice(target.indexOf('.') + 1));
  },

  read(service, operation, { body }) {
    const value = body.length === 0 ? {} : parseJson(body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new AwsError('SerializationException', 400, 'The body of a request must be a JSON object');
    }
    return codecOf(service).reader(operation.input)(value) as Record<string, unknown>; // a structure's reader gives a record
  },

  write(service, operation, output, requestId) {
    const stream = eventStreamOf(operation.output);
    if (stream !== undefined) return writeStream(service, operation, output, stream, requestId);
    const body = codecOf(service).writer(operation.output)(output);
    return { status: 200, headers: headersOf(service, requestId, body), body };
  },

  writeError(service, error, requestId) {
    return writeError(service, error, requestId);
  },

  unknownOperation({ headers }) {
    return new AwsError('UnknownOperationException', 400, `There is no operation ${headers['x-amz-target'] ?? ''}`);
  },
};

const contentType = ({ protocol }: ServiceWire): string =>
  protocol.jsonVersion === '1.1' ? 'application/x-amz-json-1.1' : 'application/x-amz-json-1.0';

function writeStream(
  service: ServiceWire,
  { output: shape }: OperationSchema,
  output: Readonly<Record<string, unknown>>,
  [member, events]: readonly [string, StructureShape],
  requestId: string,
): WireResponse {
  const codec: EventCodec = {
    contentType: contentType(service),
    write: (event, item) => codecOf(service).writer(event)(item),
  };
  const initial = codecOf(service).writer(shape)({ ...output, [member]: undefined });
  return {
    status: 200,
    headers: { 'content-type': EVENT_STREAM, 'x-amzn-requestid': requestId },
    body: writeInitialResponse(initial, codec.contentType),
    stream: writeEvents(events, output[member] as AsyncIterable<Record<string, unknown>>, codec), // a stream of events in the SDK's types
  };
}

function writeError(service: ServiceWire, error: AwsErrorLike, requestId: string): WireResponse {
  const shape = service.schema.errors.get(error.name);
  const type = shape === undefined ? error.name : `${namespaceOf(service)}#${error.name}`;
  const members =
    shape === undefined ? '{}' : codecOf(service).writer(shape)({ ...error, message: undefined, Message: undefined });
  const text = `{"__type":${JSON.stringify(type)},${members === '{}' ? '' : `${members.slice(1, -1)},`}"message":${JSON.stringify(error.message)}}`;
  const headers = headersOf(service, requestId, text);
  if (service.protocol.queryCompatible === true) headers['x-amzn-query-error'] = queryErrorOf(service, error);
  return { status: statusOf(service, error), headers, body: text };
}

/** Loaded at the first checksum: most clouds serve DynamoDB, not all. */
let zlib: typeof import('node:zlib') | undefined;

function checksumOf(body: string): string {
  zlib ??= process.getBuiltinModule('node:zlib');
  return String(zlib.crc32(body));
}

function headersOf(service: ServiceWire, requestId: string, body: string): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': contentType(service), 'x-amzn-requestid': requestId };
  if (service.protocol.checksum === true) headers['x-amz-crc32'] = checksumOf(body);
  return headers;
}

const namespaceOf = ({ name }: ServiceWire): string => `com.amazonaws.${name}`;
