// dynalite: `dynalite.mjs <folder of its node_modules> [folder of its state]`.
import { createRequire } from 'node:module';

const [modules = '', path] = process.argv.slice(2);
const dynalite = createRequire(modules)('dynalite');
const server = dynalite({
  createTableMs: 0,
  deleteTableMs: 0,
  updateTableMs: 0,
  ...(path === undefined ? {} : { path }),
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${server.address().port}\n`));
