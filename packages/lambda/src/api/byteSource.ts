/** Bytes or text that come piece by piece: a Node stream, a web stream, an async generator. */
export type ByteSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;

/** Whether what is sent comes piece by piece. */
export const isSource = (content: string | Uint8Array | ByteSource): content is ByteSource =>
  typeof content !== 'string' && !(content instanceof Uint8Array);

/** All of a source at once: text if it gave nothing but text. */
export async function collect(source: ByteSource): Promise<string | Buffer> {
  const pieces: (string | Uint8Array)[] = [];
  for await (const piece of source) pieces.push(piece);
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
}
