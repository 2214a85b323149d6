import { variable } from '@skein/lambda/env';
import { tokenOf } from './functions/token.ts';

// Prints a token for a user: TOKEN_SECRET=… node token.ts ada
process.stdout.write(`${tokenOf(process.argv[2] ?? 'ada', variable('TOKEN_SECRET'))}\n`);
