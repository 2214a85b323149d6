import type { CliEvent } from '../command.ts';

/** How what a command says is shown. */
export interface Output {
  show(event: CliEvent): void;
  /** Ends what still moves. */
  close(): void;
}

/** Where text goes. */
export interface Writer {
  out(text: string): void;
  error(text: string): void;
}
