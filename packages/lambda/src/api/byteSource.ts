/** Bytes or text that come piece by piece: a Node stream, a web stream, an async generator. */
export type ByteSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** Whether what is sent comes piece by piece. */
export const isSource = (content: string | Uint8Array | ByteSource): content is ByteSource =>
  typeof content !== 'string' && !(content instanceof Uint8Array);

/** All of a source at once. */
export async function collect(source: ByteSource): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
  return Buffer.concat(pieces);
}
