import { streamHandler } from '@skein/lambda/api/stream';
import { TABLE_NAME, variable } from '@skein/lambda/env';
import { ordersApi } from '../api.ts';
import { tableStore } from '../tableStore.ts';

const api = ordersApi({ store: tableStore(variable(TABLE_NAME)), secret: variable('TOKEN_SECRET'), log: true });

export const handler = streamHandler(api);
