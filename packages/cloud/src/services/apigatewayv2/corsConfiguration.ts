import type { Cors } from '@aws-sdk/client-apigatewayv2';
import { badRequest } from './errors.ts';

const METHODS = new Set(['*', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/** @throws BadRequestException */
export function checkCors(cors: Cors | undefined): void {
  if (cors === undefined) return;
  const { AllowMethods = [], AllowOrigins = [], AllowCredentials = false, MaxAge } = cors;
  for (const method of AllowMethods) if (!METHODS.has(method)) throw badRequest(`Method ${method} is not supported`);
  for (const origin of AllowOrigins) {
    if (origin !== '*' && !/^[a-z][a-z0-9+.-]*:\/\/[^/*]+$|^https?:\/\/\*$/i.test(origin)) {
      throw badRequest(`Invalid format for origin ${origin}`);
    }
  }
  if (AllowCredentials && AllowOrigins.some((origin) => origin.includes('*'))) {
    throw badRequest('allow-credentials is not supported when allow-origin has a wildcard');
  }
  if (MaxAge !== undefined && (MaxAge < -1 || MaxAge > 86_400)) {
    throw badRequest('maxAge should be between -1 and 86400');
  }
}
