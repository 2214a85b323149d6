// Deploys a cdk.out into a new cloud and says how long it took, ms, as its port: `deploy.mjs <cdk.out>`.
import { startCloud } from '@skein/cloud';

const [folder] = process.argv.slice(2);
const cloud = await startCloud();
const before = performance.now();
await cloud.deploy(folder);
process.stdout.write(`port ${Math.round((performance.now() - before) * 1000)}\n`);
