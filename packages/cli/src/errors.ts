/** Why a command could not do what it was asked to: said to the user as it stands, without a stack trace. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** 1: it failed. 2: it was used wrongly. */
  readonly exitCode: 1 | 2;

  constructor(message: string, { exitCode = 1, cause }: { exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}
