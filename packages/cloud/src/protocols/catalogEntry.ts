import type { Service } from '../kernel/service.ts';
import type { ProtocolSettings } from './wire.ts';

/** What is known of a service before it is loaded: how requests to it are recognised, and which resource types are its. */
export interface CatalogEntry {
  /** The folder under `services/`, and the name in `Aws`. */
  readonly name: string;
  /** The service in a signature's credential scope. */
  readonly signingName: string;
  readonly protocol: ProtocolSettings;
  /** For REST services that share a signing name, or whose clients do not sign: what their paths look like. */
  readonly paths?: RegExp;
  /** Operations that may be asked for without a signature: the caller is anonymous. @default - none */
  readonly anonymous?: readonly string[] | 'all';
  /** The most bytes of a request's body. @default 72 MB */
  readonly maxBodyBytes?: number;
  /** The second part of its CloudFormation types: `DynamoDB` in `AWS::DynamoDB::Table`. */
  readonly cloudFormation?: string;
  /** Loads it: nothing of a service, nor its SDK package, is imported before its first use. */
  readonly load: () => Promise<Service>;
}

/** The largest body that any operation but S3's takes: a function's zip of 50 MB in base64, with room for the rest. */
export const MAX_BODY_BYTES: number = 72 * 1024 * 1024;
