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
  /** The second part of its CloudFormation types: `DynamoDB` in `AWS::DynamoDB::Table`. */
  readonly cloudFormation?: string;
  /** Loads it: nothing of a service, nor its SDK package, is imported before its first use. */
  readonly load: () => Promise<Service>;
}
