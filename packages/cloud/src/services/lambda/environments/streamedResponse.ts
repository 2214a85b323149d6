import type { AnswerStream } from './contract.ts';
import { failure, type Outcome } from './job.ts';

/** Where the pieces of a streamed response go. */
export interface ResponseSink {
  /** @returns what to wait for before more is read, if there is anything */
  write(piece: Buffer): Promise<void> | undefined;
  /**
   * @param errorType - what went wrong midway, if something did
   * @param errorBody - the error as JSON
   * @returns whether it was still wanted
   */
  end(errorType: string | undefined, errorBody: Buffer): boolean;
}

export interface StreamedResponseOptions {
  /** Whoever wants the pieces as they come. Without it they are gathered. */
  readonly receiver: AnswerStream | undefined;
  readonly contentType: string;
  /** Whether the invocation still runs. */
  readonly isWanted: () => boolean;
  /** Ends the invocation. @returns whether it still ran */
  readonly answer: (outcome: Outcome) => boolean;
}

/** A response that a function writes piece by piece. */
export class StreamedResponse implements ResponseSink {
  readonly #options: StreamedResponseOptions;
  readonly #pieces: Buffer[] = [];

  constructor(options: StreamedResponseOptions) {
    this.#options = options;
    options.receiver?.begin(options.contentType);
  }

  write(piece: Buffer): Promise<void> | undefined {
    const { receiver, isWanted } = this.#options;
    if (!isWanted()) return undefined;
    if (receiver !== undefined) return receiver.write(piece);
    this.#pieces.push(piece);
    return undefined;
  }

  end(errorType: string | undefined, errorBody: Buffer): boolean {
    const { answer } = this.#options;
    if (errorType === undefined)
      return answer({ payload: Buffer.concat(this.#pieces), status: 'success', errorType: undefined });
    const { payload } = errorBody.length > 0 ? { payload: errorBody } : failure(errorType, '');
    return answer({ payload, status: 'error', errorType });
  }
}
