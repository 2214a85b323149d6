import { Readable } from 'node:stream';
import type { AnswerStream } from './environments/contract.ts';

/** An answer on its way from a function that writes it to whoever reads it, at the pace of the slower one. */
export class AnswerPieces implements AnswerStream {
  /** Resolves to the content type when the function writes its first piece; never when it answers all at once. */
  readonly begun: Promise<string>;
  /** The pieces. It fails when the function fails midway; who ends it early is sent no more. */
  readonly body: Readable;
  readonly #begin: (contentType: string) => void;
  #more: (() => void) | undefined;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<string>();
    this.begun = promise;
    this.#begin = resolve;
    this.body = new Readable({ read: () => this.#continue() });
    this.body.on('close', () => this.#continue());
    // Whoever reads sees the error; when nobody reads, nobody needs to.
    this.body.on('error', () => undefined);
  }

  begin(contentType: string): void {
    this.#begin(contentType);
  }

  write(piece: Buffer): Promise<void> | undefined {
    if (this.body.destroyed || this.body.push(piece)) return undefined;
    return new Promise((resolve) => {
      this.#more = resolve;
    });
  }

  /** @param error - why there is no more, if that is not the end */
  end(error?: Error): void {
    if (error === undefined) this.body.push(null);
    else this.body.destroy(error);
  }

  #continue(): void {
    const more = this.#more;
    this.#more = undefined;
    more?.();
  }
}
