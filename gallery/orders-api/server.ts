import { variable } from '@skein/lambda/env';
import { ordersApi } from './functions/api.ts';
import { memoryStore } from './functions/memoryStore.ts';

// The API as a plain server, with no emulator: orders are gone when it ends.
const api = ordersApi({ store: memoryStore(), secret: variable('TOKEN_SECRET'), log: true });
const { url } = await api.listen(Number(process.argv[2] ?? 3000));
process.stdout.write(`${url}\n`);
