import { log } from '@clack/prompts';
import type { Output } from './output.ts';
import { Spinner } from './spinner.ts';

/** For people at a terminal: a spinner while something goes on, symbols, no noise. */
export function terminalOutput(terminal: { write(text: string): unknown; readonly columns?: number }): Output {
  const spinner = new Spinner(
    (text) => terminal.write(text),
    () => terminal.columns || 80,
  );
  return {
    show({ kind = 'info', message }) {
      if (kind === 'step') {
        spinner.show(message);
        return;
      }
      spinner.stop();
      if (kind === 'success') log.success(message, { spacing: 0 });
      else if (kind === 'warning') log.warn(message, { spacing: 0 });
      else if (kind === 'error') log.error(message, { spacing: 0 });
      else log.message(message, { spacing: 0 });
    },
    close: () => spinner.stop(),
  };
}
