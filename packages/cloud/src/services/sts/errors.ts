import { ExpiredTokenException, STSServiceException } from '@aws-sdk/client-sts';

export const accessDenied = (message: string): STSServiceException => unmodelled('AccessDenied', 403, message);

export const validationError = (message: string): STSServiceException => unmodelled('ValidationError', 400, message);

export const invalidParameterValue = (message: string): STSServiceException =>
  unmodelled('InvalidParameterValue', 400, message);

export const expiredToken = (message: string): ExpiredTokenException =>
  new ExpiredTokenException({ message, $metadata: {} });

/** Codes that AWS answers here but does not model. */
const unmodelled = (name: string, httpStatusCode: number, message: string): STSServiceException =>
  new STSServiceException({ name, $fault: 'client', message, $metadata: { httpStatusCode } });
