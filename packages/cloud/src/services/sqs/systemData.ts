/** What the system knows of a message beside its columns, kept as JSON text. */
export interface SystemData {
  /** MD5 of the message attributes. */
  readonly attributesMd5?: string;
  readonly groupId?: string;
  readonly deduplicationId?: string;
  readonly traceHeader?: string;
  /** The ARN of the queue that it was moved from when it had been received too often. */
  readonly sourceArn?: string;
}

const NOTHING: SystemData = {};

/** @param text - as it was written, or null for nothing */
export const systemDataOf = (text: string | null): SystemData =>
  text === null ? NOTHING : (JSON.parse(text) as SystemData); // as it was written

/** As text, or null when there is nothing to keep. */
export const systemText = (data: SystemData): string | null => {
  const text = JSON.stringify(data);
  return text === '{}' ? null : text;
};
