// The cloud by itself: `skein.mjs [folder]` keeps its state there, else in memory.
import { startCloud } from '@skein/cloud';

const [folder] = process.argv.slice(2);
const cloud = await startCloud(folder === undefined ? {} : { folder });
process.stdout.write(`port ${new URL(cloud.url).port}\n`);
