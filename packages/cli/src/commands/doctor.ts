import { type Command, defineCommand } from '../command.ts';
import { version } from '../version.ts';

/** `skein doctor`. */
export const doctor: Command = defineCommand({
  name: 'doctor',
  describe: 'Say what Skein finds on this machine, and by which rules functions run',
  options: {},
  async run(_values, { emit }) {
    const { node, sqlite = 'none' } = process.versions;
    emit({ code: 'SKEIN_VERSION', message: `Skein ${version()}`, data: { version: version() } });
    emit({
      code: 'NODE_VERSION',
      message: `Node ${node} (${process.execPath}), SQLite ${sqlite}, ${process.platform} ${process.arch}`,
      data: { node, path: process.execPath, sqlite, platform: process.platform, architecture: process.arch },
    });
    emit({
      code: 'RUNTIMES',
      message: [
        `Functions of every Node runtime run on this Node ${node.split('.')[0]}, each by the rules of its own generation:`,
        '  nodejs24.x and newer  no callbacks; the answer is what the handler returns',
        '  nodejs20.x, 22.x      callbacks and callbackWaitsForEmptyEventLoop, as on AWS; require() of ES modules as there',
        '  nodejs18.x and older  as nodejs20.x, with a notice: AWS no longer offers them',
        'Functions of other runtimes (Python, Java, …) do not run here.',
      ].join('\n'),
      data: {
        node: process.versions.node,
        families: { current: ['nodejs24.x'], callbacks: ['nodejs20.x', 'nodejs22.x'] },
      },
    });
    if (process.platform === 'win32') {
      emit({
        code: 'NO_FREEZE',
        kind: 'warning',
        message:
          'functions are not frozen between invocations on Windows: work that is not awaited goes on, which AWS would stop',
      });
    }
  },
});
