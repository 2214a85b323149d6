import type { IncomingMessage, ServerResponse } from 'node:http';
import { PREFIX } from './prefix.ts';
import type { ConsoleSource } from './source.ts';

/** What takes the requests of a listener that are the console's: true when it takes the request. */
export type ConsoleGate = (incoming: IncomingMessage, outgoing: ServerResponse) => boolean;

/**
 * The console's door. It is all that a cloud loads of the console until somebody looks: a cloud in a test never does.
 *
 * @param source - asked for at the first request
 */
export function consoleGate(source: () => ConsoleSource): ConsoleGate {
  let opened: ConsoleSource | undefined;
  return (incoming, outgoing) => {
    const { url = '/' } = incoming;
    if (url === '/' && isBrowser(incoming)) {
      outgoing.writeHead(302, { location: `${PREFIX}/` }).end();
      return true;
    }
    if (!(url === PREFIX || url.startsWith(`${PREFIX}/`) || url.startsWith(`${PREFIX}?`))) return false;
    opened ??= source();
    void serve(opened, incoming, outgoing);
    return true;
  };
}

async function serve(source: ConsoleSource, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const { answer, answerFailure } = await import('./answer.ts');
  await answer(source, incoming, outgoing).catch((error) => answerFailure(error, outgoing));
}

/** Whether a person asks, who has typed the address of the AWS endpoint: an SDK signs what it asks for. */
const isBrowser = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && headers.authorization === undefined && headers.accept?.includes('text/html') === true;
