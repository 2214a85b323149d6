import { AwsError, type AwsErrorLike } from '../kernel/awsError.ts';
import { EVENT_STREAM, type EventCodec, isEventStream, writeEvents } from './eventStream.ts';
import { bodyOf, matchOf, payloadOf, readBindings, writeBindings, writePayloadBytes } from './restBindings.ts';
import { isUnit, type Shape, type StructureShape } from './schema.ts';
import { type Protocol, type ServiceWire, statusOf, type WireRequest, type WireResponse } from './wire.ts';
import { element, escapeXml } from './xml.ts';
import { readXml } from './xmlReader.ts';
import { XmlWriter, xmlNameOf, xmlText } from './xmlWriter.ts';

const writer = new XmlWriter();
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** REST-XML: S3 above all. https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html */
export const restXml: Protocol = {
  operationOf(service, request) {
    return matchOf(service, request)?.operation;
  },

  read(service, operation, request) {
    const input = readBindings(service, operation.input, request);
    const payload = payloadOf(operation.input);
    if (payload !== undefined) {
      const value = readPayload(payload[1], request);
      if (value !== undefined) input[payload[0]] = value;
      return input;
    }
    const body = bodyOf(operation.input);
    if (body.members.size === 0 || request.body.length === 0) return input;
    return Object.assign(readXml(body, request.body.toString('utf8')) as object, input); // a structure's reader gives a record
  },

  write(service, operation, output, requestId) {
    const { status, headers } = writeBindings(operation.output, output, operation.traits.http?.[2] ?? 200);
    identify(service, headers, requestId);
    const payload = payloadOf(operation.output);
    if (payload !== undefined)
      return { status, headers, ...writePayload(service, payload, output[payload[0]], headers) };
    const body = bodyOf(operation.output);
    if (body.members.size === 0 || isUnit(operation.output)) return { status, headers, body: '' };
    headers['content-type'] = 'application/xml';
    return { status, headers, body: DECLARATION + writeRoot(service, body, output) };
  },

  writeError(service, error, requestId) {
    return writeError(service, error, requestId);
  },

  unknownOperation({ method, path }) {
    return new AwsError(
      'MethodNotAllowed',
      405,
      `The specified method is not allowed against this resource: ${method} ${path}`,
    );
  },
};

function readPayload(shape: Shape, { body }: WireRequest): unknown {
  if (shape.kind === 'blob') return body;
  if (body.length === 0) return undefined;
  return shape.kind === 'string' ? body.toString('utf8') : readXml(shape, body.toString('utf8'));
}

function writePayload(
  service: ServiceWire,
  [member, shape]: readonly [member: string, shape: Shape],
  value: unknown,
  headers: Record<string, string>,
): Pick<WireResponse, 'body' | 'stream'> {
  if (value === undefined || value === null) return { body: '' };
  if (shape.kind === 'blob' || shape.kind === 'string') return writePayloadBytes(shape, value, headers);
  if (isEventStream(shape)) {
    headers['content-type'] = EVENT_STREAM;
    return { body: '', stream: writeEvents(shape, value as AsyncIterable<Record<string, unknown>>, EVENTS) }; // a stream of events in the SDK's types
  }
  headers['content-type'] = 'application/xml';
  const tag = xmlNameOf(rootOf(shape) ?? member, shape);
  return {
    body:
      DECLARATION +
      writer
        .writer(shape)(tag, value)
        .replace(/^<[^\s/>]+/, (start) => start + namespaceOf(service)),
  };
}

const EVENTS: EventCodec = {
  contentType: 'text/xml',
  write: (event, item) => writer.writer(event)(rootOf(event) ?? 'Event', item),
};

/** The element that a structure stands in when no member names it. */
const rootOf = (shape: Shape): string | undefined =>
  shape.kind === 'structure' ? (shape.traits.xmlName ?? shape.name) : undefined;

function writeRoot(service: ServiceWire, body: StructureShape, output: Record<string, unknown>): string {
  const root = rootOf(body) ?? body.name;
  const [[member, only] = [], more] = [...body.members];
  // A root that is named as its only member is that member: GetBucketLocation answers <LocationConstraint>eu-west-1</LocationConstraint>.
  if (only !== undefined && more === undefined && xmlNameOf(member ?? '', only) === root) {
    const value = output[member ?? ''];
    return element(root, value === undefined ? '' : escapeXml(xmlText(only, value)), namespaceOf(service));
  }
  return element(root, writer.content(body)(output), namespaceOf(service));
}

function writeError(service: ServiceWire, error: AwsErrorLike, requestId: string): WireResponse {
  const shape = service.schema.errors.get(error.name);
  const status = statusOf(service, error);
  const record = error as unknown as Record<string, unknown>; // an exception's members are its own properties
  const headers = shape === undefined ? {} : writeBindings(shape, record, status).headers;
  identify(service, headers, requestId);
  if (status === 304) return { status, headers, body: '' };
  headers['content-type'] = 'application/xml';
  const said = element('Code', escapeXml(error.name)) + element('Message', escapeXml(error.message));
  if (service.protocol.s3 === true) {
    const more = Object.entries(error)
      .filter(
        ([name, value]) => /^[A-Z]/.test(name) && name !== 'Message' && name !== 'Code' && typeof value !== 'object',
      )
      .map(([name, value]) => element(name, escapeXml(String(value))))
      .join('');
    const ids = element('RequestId', requestId) + element('HostId', hostIdOf(requestId));
    return { status, headers, body: DECLARATION + element('Error', said + more + ids) };
  }
  const members =
    shape === undefined ? '' : writer.content(bodyOf(shape))({ ...record, message: undefined, Message: undefined });
  const type = element('Type', error.$fault === 'server' ? 'Receiver' : 'Sender');
  const body = element('Error', type + said + members) + element('RequestId', requestId);
  return { status, headers, body: DECLARATION + element('ErrorResponse', body, namespaceOf(service)) };
}

function identify({ protocol }: ServiceWire, headers: Record<string, string>, requestId: string): void {
  if (protocol.s3 === true) {
    headers['x-amz-request-id'] = requestId;
    headers['x-amz-id-2'] = hostIdOf(requestId);
  } else headers['x-amzn-requestid'] = requestId;
}

/** S3 names the machine that answered, too. */
const hostIdOf = (requestId: string): string => Buffer.from(`skein/${requestId}`).toString('base64');

const namespaceOf = ({ protocol }: ServiceWire): string =>
  protocol.xmlNamespace === undefined ? '' : ` xmlns="${escapeXml(protocol.xmlNamespace)}"`;
