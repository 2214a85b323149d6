const MAX_LINE_BYTES = 2_097_152;

type State = 'size' | 'data' | 'gap' | 'trailers' | 'done';

/** Reads a body in `Transfer-Encoding: chunked` as it comes, to the trailers at its end. */
export class ChunkedBody {
  /** By name in lower case. */
  readonly trailers: Map<string, string> = new Map<string, string>();
  readonly #onPiece: (piece: Buffer) => void;
  #state: State = 'size';
  #line = '';
  #left = 0;

  /** @param onPiece - called with the body's bytes, in the pieces in which they came */
  constructor(onPiece: (piece: Buffer) => void) {
    this.#onPiece = onPiece;
  }

  get isDone(): boolean {
    return this.#state === 'done';
  }

  /** @returns what follows the body, or `'wrong'` when this is none */
  read(data: Buffer): Buffer | 'wrong' {
    let rest = data;
    while (rest.length > 0 && this.#state !== 'done') {
      if (this.#state === 'data') {
        rest = this.#readData(rest);
        continue;
      }
      const end = rest.indexOf('\n');
      this.#line += rest.toString('latin1', 0, end < 0 ? undefined : end);
      if (this.#line.length > MAX_LINE_BYTES) return 'wrong';
      if (end < 0) return rest.subarray(rest.length);
      rest = rest.subarray(end + 1);
      const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
      this.#line = '';
      if (!this.#takeLine(line)) return 'wrong';
    }
    return rest;
  }

  #readData(data: Buffer): Buffer {
    const piece = data.subarray(0, this.#left);
    this.#left -= piece.length;
    if (this.#left === 0) this.#state = 'gap';
    this.#onPiece(piece);
    return data.subarray(piece.length);
  }

  #takeLine(line: string): boolean {
    if (this.#state === 'gap') {
      this.#state = 'size';
      return line === '';
    }
    if (this.#state === 'trailers') {
      if (line === '') this.#state = 'done';
      else this.#takeTrailer(line);
      return true;
    }
    const [digits = ''] = line.split(';', 1);
    if (!/^[0-9a-f]{1,8}$/i.test(digits.trim())) return false;
    this.#left = Number.parseInt(digits, 16);
    this.#state = this.#left === 0 ? 'trailers' : 'data';
    return true;
  }

  #takeTrailer(line: string): void {
    const colon = line.indexOf(':');
    if (colon > 0) this.trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}
