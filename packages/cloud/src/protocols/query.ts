import { AwsError, type AwsErrorLike } from '../kernel/awsError.ts';
import { parseForm, readForm } from './form.ts';
import { isUnit } from './schema.ts';
import { type Protocol, type ServiceWire, statusOf, type WireRequest, type WireResponse } from './wire.ts';
import { element, escapeXml } from './xml.ts';
import { XmlWriter } from './xmlWriter.ts';

const writer = new XmlWriter();

/** AWS Query: the operation is the form's `Action`, answers are XML. https://smithy.io/2.0/aws/protocols/aws-query-protocol.html */
export const query: Protocol = {
  operationOf(service, request) {
    return service.schema.operations.get(new URLSearchParams(formOf(request)).get('Action') ?? '');
  },

  read(_service, operation, request) {
    return readForm(operation.input, parseForm(formOf(request))) as Record<string, unknown>; // a structure's reader gives a record
  },

  write(service, operation, output, requestId) {
    const { name } = operation;
    const result = isUnit(operation.output) ? '' : element(`${name}Result`, writer.content(operation.output)(output));
    const metadata = element('ResponseMetadata', element('RequestId', requestId));
    return answer(200, requestId, element(`${name}Response`, result + metadata, namespaceOf(service)));
  },

  writeError(service, error, requestId) {
    return writeError(service, error, requestId);
  },

  unknownOperation(request) {
    const form = new URLSearchParams(formOf(request));
    const [action, version] = [form.get('Action'), form.get('Version')];
    return action === null
      ? new AwsError('MissingAction', 400, 'The request must contain the parameter Action')
      : new AwsError(
          'InvalidAction',
          400,
          `Could not find operation ${action} for version ${version ?? 'NO_VERSION_SPECIFIED'}`,
        );
  },
};

/** The form of a request: its body, or the query of a GET. */
function formOf({ body, query: text }: WireRequest): string {
  if (body.length === 0) return text;
  return text === '' ? body.toString('utf8') : `${text}&${body.toString('utf8')}`;
}

function writeError(service: ServiceWire, error: AwsErrorLike, requestId: string): WireResponse {
  const shape = service.schema.errors.get(error.name);
  const code = shape?.traits.awsQueryError?.[0] ?? error.name;
  const members =
    shape === undefined ? '' : writer.content(shape)({ ...error, message: undefined, Message: undefined });
  const content =
    element('Type', error.$fault === 'server' ? 'Receiver' : 'Sender') +
    element('Code', escapeXml(code)) +
    element('Message', escapeXml(error.message)) +
    members;
  const body = element('Error', content) + element('RequestId', requestId);
  return answer(queryStatusOf(service, error), requestId, element('ErrorResponse', body, namespaceOf(service)));
}

const answer = (status: number, requestId: string, body: string): WireResponse => ({
  status,
  headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
  body,
});

const namespaceOf = ({ protocol }: ServiceWire): string =>
  protocol.xmlNamespace === undefined ? '' : ` xmlns="${escapeXml(protocol.xmlNamespace)}"`;

/** Query has statuses of its own: the JSON protocols answer 400 to what is the caller's fault. */
const queryStatusOf = (service: ServiceWire, error: AwsErrorLike): number =>
  error.$metadata.httpStatusCode ??
  service.schema.errors.get(error.name)?.traits.awsQueryError?.[1] ??
  statusOf(service, error);
