import type { CloudOptions } from '@skein/cloud';
import { CommandError } from './errors.ts';

/** What to say when the cloud does not start: what the machine refused, and which flag helps. What is not foreseen is given back as it is. */
export function startFailure(error: unknown, { port, host, folder }: CloudOptions): unknown {
  const say = (message: string): CommandError => new CommandError(message, { cause: error });
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return say(
        `port ${port} is taken: end what listens there (another skein dev?), or choose another with --port (0: any free one)`,
      );
    case 'EACCES':
      return say(`port ${port} needs rights that this user does not have: choose another with --port`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return say(`this machine has no address '${host}': choose another with --host`);
    default:
      if (!(error instanceof Error)) return error;
      if (error.name === 'StateError') return say(error.message);
      if (!/database is locked/.test(error.message)) return error;
      return say(`${folder} is in use by another skein dev: end that one, or keep no state with --in-memory`);
  }
}
