import type { HttpResponse } from '../../../kernel/endpoints.ts';

/** An answer of the gateway itself. */
const message = (status: number, text: string): HttpResponse => ({
  status,
  headers: [['content-type', 'application/json']],
  body: JSON.stringify({ message: text }),
});

export const BAD_REQUEST: HttpResponse = message(400, 'Bad Request');
export const NOT_FOUND: HttpResponse = message(404, 'Not Found');
export const TOO_LARGE: HttpResponse = message(413, 'Request Entity Too Large');
export const TOO_MANY_REQUESTS: HttpResponse = message(429, 'Too Many Requests');
export const INTERNAL_ERROR: HttpResponse = message(500, 'Internal Server Error');
export const SERVICE_UNAVAILABLE: HttpResponse = message(503, 'Service Unavailable');
