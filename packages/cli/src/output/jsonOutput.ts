import type { Output, Writer } from './output.ts';

/** One JSON object a line, on stdout. */
export const jsonOutput = ({ out }: Writer): Output => ({
  show: ({ code, kind = 'info', message, data }) =>
    out(`${JSON.stringify({ code, kind, message, ...(data && { data }) })}\n`),
  close() {},
});
