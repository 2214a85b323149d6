import {
  CloudWatchLogsServiceException,
  InvalidOperationException,
  InvalidParameterException,
  LimitExceededException,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';

export const groupNotFound = (): ResourceNotFoundException => notFound('log group');

export const streamNotFound = (): ResourceNotFoundException => notFound('log stream');

const notFound = (what: string): ResourceNotFoundException =>
  new ResourceNotFoundException({ message: `The specified ${what} does not exist.`, $metadata: {} });

export const metricFilterNotFound = (): ResourceNotFoundException => notFound('metric filter');

export const resourcePolicyNotFound = (name: string): ResourceNotFoundException =>
  new ResourceNotFoundException({ message: `Policy with name [${name}] does not exist.`, $metadata: {} });

/** @param what - `log group` or `log stream` */
export const alreadyExists = (what: string): ResourceAlreadyExistsException =>
  new ResourceAlreadyExistsException({ message: `The specified ${what} already exists`, $metadata: {} });

export const invalidParameter = (message: string): InvalidParameterException =>
  new InvalidParameterException({ message, $metadata: {} });

export const invalidToken = (): InvalidParameterException => invalidParameter('The specified nextToken is invalid.');

export const limitExceeded = (message: string): LimitExceededException =>
  new LimitExceededException({ message, $metadata: {} });

export const deletionProtected = (): InvalidOperationException =>
  new InvalidOperationException({
    message: 'Cannot delete the log group because deletion protection is enabled.',
    $metadata: {},
  });

/** A code that AWS answers here but does not model. */
export const validation = (message: string): CloudWatchLogsServiceException =>
  new CloudWatchLogsServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata: {} });
