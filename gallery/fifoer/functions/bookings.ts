import { batch } from '@skein/lambda/batch';
import { type Booking, book } from './account.ts';

export const handler = batch<Booking>(({ body }) => book(body));
