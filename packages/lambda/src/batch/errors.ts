import type { SchemaIssue } from '../api/standardSchema.ts';

/** A record is not what its handler takes: it is no JSON, or does not fit the schema. It fails, like one whose handler threw. */
export class InvalidRecordError extends Error {
  override readonly name = 'InvalidRecordError';
  /** What the schema found wrong; nothing when the record is no JSON. */
  readonly issues: readonly SchemaIssue[];

  constructor(message: string, issues: readonly SchemaIssue[] = [], options?: ErrorOptions) {
    super(message, options);
    this.issues = issues;
  }
}

/** The event is none that the handler was made for. */
export class BatchEventError extends Error {
  override readonly name = 'BatchEventError';
}
