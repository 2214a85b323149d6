// fauxqs: `fauxqs.mjs <folder of its node_modules> [folder of its state]`.
import { pathToFileURL } from 'node:url';

const [modules = '', dataDir] = process.argv.slice(2);
const { startFauxqs } = await import(pathToFileURL(`${modules}node_modules/fauxqs/dist/app.js`).href);
const server = await startFauxqs({ port: 0, logger: false, ...(dataDir === undefined ? {} : { dataDir }) });
process.stdout.write(`port ${server.port}\n`);
