import { AwsError, type AwsErrorLike } from '../kernel/awsError.ts';
import { EVENT_STREAM, type EventCodec, isEventStream, writeEvents } from './eventStream.ts';
import { JsonCodec, parseJson } from './json.ts';
import { bodyOf, matchOf, payloadOf, readBindings, writeBindings, writePayloadBytes } from './restBindings.ts';
import { isUnit, type Shape } from './schema.ts';
import { type Protocol, type ServiceWire, statusOf, type WireRequest, type WireResponse } from './wire.ts';

const codecs = new WeakMap<ServiceWire, JsonCodec>();

const codecOf = (service: ServiceWire): JsonCodec => {
  let codec = codecs.get(service);
  if (codec === undefined)
    codecs.set(service, (codec = new JsonCodec({ wireForm: service.wireForm, jsonNames: true })));
  return codec;
};

/** REST-JSON: method and path say the operation, members stand in path, query, headers and body. https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
export const restJson: Protocol = {
  operationOf(service, request) {
    return matchOf(service, request)?.operation;
  },

  read(service, operation, request) {
    const input = readBindings(service, operation.input, request);
    const payload = payloadOf(operation.input);
    if (payload !== undefined) {
      const [member, shape] = payload;
      const value = readPayload(service, shape, request);
      if (value !== undefined) input[member] = value;
      return input;
    }
    const body = bodyOf(operation.input);
    if (body.members.size === 0 || request.body.length === 0) return input;
    return Object.assign(codecOf(service).reader(body)(parseJson(request.body)) as object, input);
  },

  write(service, operation, output, requestId) {
    const { status, headers } = writeBindings(operation.output, output, operation.traits.http?.[2] ?? 200);
    headers['x-amzn-requestid'] = requestId;
    const payload = payloadOf(operation.output);
    if (payload !== undefined)
      return { status, headers, ...writePayload(service, payload[1], output[payload[0]], headers) };
    const body = bodyOf(operation.output);
    if (body.members.size === 0 && (status !== 200 || isUnit(operation.output))) return { status, headers, body: '' };
    headers['content-type'] = 'application/json';
    return { status, headers, body: codecOf(service).writer(body)(output) };
  },

  writeError(service, error, requestId) {
    return writeError(service, error, requestId);
  },

  unknownOperation({ method, path }) {
    return new AwsError('UnknownOperationException', 404, `There is no operation ${method} ${path}`);
  },
};

function readPayload(service: ServiceWire, shape: Shape, { body }: WireRequest): unknown {
  if (shape.kind === 'blob') return body;
  if (body.length === 0) return undefined;
  return shape.kind === 'string' ? body.toString('utf8') : codecOf(service).reader(shape)(parseJson(body));
}

function writePayload(
  service: ServiceWire,
  shape: Shape,
  value: unknown,
  headers: Record<string, string>,
): Pick<WireResponse, 'body' | 'stream'> {
  if (value === undefined || value === null) return { body: '' };
  if (shape.kind === 'blob' || shape.kind === 'string') return writePayloadBytes(shape, value, headers);
  if (isEventStream(shape)) {
    headers['content-type'] = EVENT_STREAM;
    const codec: EventCodec = {
      contentType: 'application/json',
      write: (event, item) => codecOf(service).writer(event)(item),
    };
    return { body: '', stream: writeEvents(shape, value as AsyncIterable<Record<string, unknown>>, codec) }; // a stream of events in the SDK's types
  }
  headers['content-type'] = 'application/json';
  return { body: codecOf(service).writer(shape)(value) };
}

function writeError(service: ServiceWire, error: AwsErrorLike, requestId: string): WireResponse {
  const shape = service.schema.errors.get(error.name);
  const status = statusOf(service, error);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'x-amzn-requestid': requestId,
    'x-amzn-errortype': error.name,
  };
  if (shape === undefined) return { status, headers, body: JSON.stringify({ message: error.message }) };
  const bound = writeBindings(shape, error as unknown as Record<string, unknown>, status); // an exception's members are its own properties
  const messageName = shape.members.has('Message') ? 'Message' : 'message';
  const body = codecOf(service).writer(bodyOf(shape))({ ...error, [messageName]: error.message });
  return { status, headers: { ...headers, ...bound.headers }, body };
}
