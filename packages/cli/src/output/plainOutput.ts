import type { Output, Writer } from './output.ts';

/** Lines that stay readable in a log: what went wrong on stderr, all else on stdout. */
export const plainOutput = ({ out, error }: Writer): Output => ({
  show({ kind = 'info', message }) {
    if (kind === 'error') error(`skein: ${message}\n`);
    else if (kind === 'warning') error(`warning: ${message}\n`);
    else out(`${message}\n`);
  },
  close() {},
});
