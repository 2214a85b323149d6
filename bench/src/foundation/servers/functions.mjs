// The cloud with functions to invoke: echo, and as many that were never invoked as there are rounds, with a blank process or a fresh one.
import { startCloud } from '@skein/cloud';

const [folder] = process.argv.slice(2);
const cloud = await startCloud();
await cloud.deploy(folder);
process.stdout.write(`port ${new URL(cloud.url).port}\n`);
