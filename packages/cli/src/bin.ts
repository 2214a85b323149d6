import { main } from './main.ts';

process.exitCode = await main(process.argv.slice(2));

// Whatever may still be open must not keep the process: the command is done. Output is given the time to be written.
setTimeout(() => process.exit(), 2000).unref();
