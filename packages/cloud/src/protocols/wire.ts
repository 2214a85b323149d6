import type { AwsError, AwsErrorLike } from '../kernel/awsError.ts';
import type { Client } from '../kernel/dispatcher.ts';
import type { OperationSchema, ServiceSchema } from './schema.ts';

/** A request as it came in, whole. */
export interface WireRequest {
  readonly method: string;
  /** As sent, not decoded, before the `?`. */
  readonly path: string;
  /** As sent, after the `?`; empty when there is none. */
  readonly query: string;
  /** By lower-case name; of a header that came several times the values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Whether the body had more bytes than the service takes; then it is empty here. */
  readonly isTooLarge?: boolean;
  /** Who waits for the answer. */
  readonly client?: Client;
  /** The address of this cloud as the client used it: `http://127.0.0.1:4566`. */
  readonly endpoint: string;
}

/** An answer, whole. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** For event streams: pieces that follow the body, in chunks. */
  readonly stream?: AsyncIterable<Uint8Array>;
}

/** What the wire of one service is: its schemas, and what the catalog says of its protocol. */
export interface ServiceWire {
  readonly name: string;
  readonly schema: ServiceSchema;
  /** Names of schemas that are passed on unread. */
  readonly wireForm: ReadonlySet<string>;
  readonly protocol: ProtocolSettings;
}

/** How a service speaks: the static facts that clients are built with. */
export interface ProtocolSettings {
  readonly kind: 'json' | 'query' | 'restJson' | 'restXml';
  /** For JSON: 1.0 or 1.1, and what stands before the dot in `X-Amz-Target`. */
  readonly jsonVersion?: '1.0' | '1.1';
  readonly targetPrefix?: string;
  /** For Query: `Version` in requests, and the namespace of answers. */
  readonly version?: string;
  readonly xmlNamespace?: string;
  /** Whether errors carry `x-amzn-query-error`, for clients that knew the service as a Query one. */
  readonly queryCompatible?: boolean;
  /** For REST-XML: whether it is S3's dialect, with buckets in host or path, and bare errors. */
  readonly s3?: boolean;
  /** Whether answers carry `x-amz-crc32`: DynamoDB's clients check it. */
  readonly checksum?: boolean;
}

/** A request, read. */
export interface ReadRequest {
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/**
 * One of AWS's protocols, server side, for all services. Reading throws an `AwsError` that the protocol itself can write; it never repairs
 * what is malformed.
 */
export interface Protocol {
  /** The operation that a request asks for, or undefined when the service has none such. */
  operationOf(service: ServiceWire, request: WireRequest): OperationSchema | undefined;
  /** The input of the operation, in the SDK's types. */
  read(service: ServiceWire, operation: OperationSchema, request: WireRequest): Record<string, unknown>;
  write(
    service: ServiceWire,
    operation: OperationSchema,
    output: Record<string, unknown>,
    requestId: string,
  ): WireResponse;
  writeError(service: ServiceWire, error: AwsErrorLike, requestId: string): WireResponse;
  /** The error of a request for an operation that the service has not. */
  unknownOperation(request: WireRequest): AwsError;
}

/** The status of an error: its own, else the schema's, else by whose fault it is. */
export function statusOf({ schema }: ServiceWire, error: AwsErrorLike): number {
  const traits = schema.errors.get(error.name)?.traits;
  return error.$metadata?.httpStatusCode ?? traits?.httpError ?? (error.$fault === 'server' ? 500 : 400);
}

/** What `x-amzn-query-error` says of an error: its code in AWS Query, and whose fault it is. */
export function queryErrorOf({ schema }: ServiceWire, error: AwsErrorLike): string {
  const code = schema.errors.get(error.name)?.traits.awsQueryError?.[0] ?? error.name;
  return `${code};${error.$fault === 'server' ? 'Receiver' : 'Sender'}`;
}
