import { AwsError, type AwsErrorLike } from '../kernel/awsError.ts';
import { readCbor, writeCbor } from './cbor.ts';
import { EVENT_STREAM, type EventCodec, eventStreamOf, writeEvents, writeInitialResponse } from './eventStream.ts';
import { isUnit, type Shape, type StructureShape } from './schema.ts';
import {
  type Protocol,
  queryErrorOf,
  type ServiceWire,
  statusOf,
  type WireRequest,
  type WireResponse,
} from './wire.ts';

const CBOR = 'application/cbor';
const PATH = /^\/service\/([^/]+)\/operation\/([^/]+)$/;

/** Whether a request speaks RPC v2 CBOR: its header or its path says so. */
export const isRpcV2Cbor = ({ headers, path }: WireRequest): boolean =>
  headers['smithy-protocol'] === 'rpc-v2-cbor' || PATH.test(path);

/** The service that a path of RPC v2 CBOR names. */
export const serviceOfPath = (path: string): string | undefined => PATH.exec(path)?.[1];

/** RPC v2 CBOR: the path says the operation, bodies are CBOR. https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html */
export const rpcV2Cbor: Protocol = {
  operationOf({ schema }, { path }) {
    return schema.operations.get(PATH.exec(path)?.[2] ?? '');
  },

  read(_service, operation, { body }) {
    if (body.length === 0) return {};
    return readCbor(operation.input, body) as Record<string, unknown>; // a structure's reader gives a record
  },

  write(_service, { output: shape }, output, requestId) {
    const headers = headersOf(requestId);
    const stream = eventStreamOf(shape);
    if (stream !== undefined) {
      headers['content-type'] = EVENT_STREAM;
      const initial = writeCbor(shape, { ...output, [stream[0]]: undefined });
      return {
        status: 200,
        headers,
        body: writeInitialResponse(initial, CBOR),
        stream: writeEvents(stream[1], output[stream[0]] as AsyncIterable<Record<string, unknown>>, EVENTS), // a stream of events in the SDK's types
      };
    }
    if (isUnit(shape)) return { status: 200, headers, body: '' };
    headers['content-type'] = CBOR;
    return { status: 200, headers, body: writeCbor(shape, output) };
  },

  writeError(service, error, requestId) {
    return writeError(service, error, requestId);
  },

  unknownOperation({ path }) {
    return new AwsError('UnknownOperationException', 400, `There is no operation ${path}`);
  },
};

const EVENTS: EventCodec = { contentType: CBOR, write: writeCbor };

const headersOf = (requestId: string): Record<string, string> => ({
  'smithy-protocol': 'rpc-v2-cbor',
  'x-amzn-requestid': requestId,
});

function writeError(service: ServiceWire, error: AwsErrorLike, requestId: string): WireResponse {
  const shape = service.schema.errors.get(error.name);
  const headers = headersOf(requestId);
  headers['content-type'] = CBOR;
  if (service.protocol.queryCompatible === true) headers['x-amzn-query-error'] = queryErrorOf(service, error);
  const members = new Map<string, Shape>([['__type', TEXT], ...(shape?.members ?? []), ['message', TEXT]]);
  members.delete('Message');
  const body: StructureShape = { kind: 'structure', name: error.name, traits: {}, required: 0, members };
  const type = shape === undefined ? error.name : `com.amazonaws.${service.name}#${error.name}`;
  const value = { ...error, __type: type, message: error.message };
  return { status: statusOf(service, error), headers, body: writeCbor(body, value) };
}

const TEXT: Shape = { kind: 'string', traits: {} };
