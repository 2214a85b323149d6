import {
  InvalidParameterValueException,
  InvalidRequestContentException,
  InvalidRuntimeException,
  LambdaServiceException,
  PreconditionFailedException,
  RecursiveInvocationException,
  ResourceConflictException,
  ResourceNotFoundException,
  type ThrottleReason,
  TooManyRequestsException,
} from '@aws-sdk/client-lambda';

const USER = { Type: 'User', $metadata: {} } as const;

export const resourceNotFound = (message: string): ResourceNotFoundException =>
  new ResourceNotFoundException({ ...USER, message, Message: message });

export const functionNotFound = (arn: string): ResourceNotFoundException =>
  resourceNotFound(`Function not found: ${arn}`);

export const invalidParameter = (message: string): InvalidParameterValueException =>
  new InvalidParameterValueException({ ...USER, message });

export const conflict = (message: string): ResourceConflictException =>
  new ResourceConflictException({ ...USER, message });

/** @param read - the operations that tell the latest revision */
export const revisionMismatch = (
  read: 'GetFunction/GetAlias' | 'GetPolicy' | 'GetLayerPolicy',
): PreconditionFailedException =>
  new PreconditionFailedException({
    ...USER,
    message: `The Revision Id provided does not match the latest Revision Id. Call the ${read} API to retrieve the latest Revision Id`,
  });

export const qualifierMismatch = (): InvalidParameterValueException =>
  invalidParameter('The derived qualifier from the function name does not match the specified qualifier.');

/** A function has run too often in one chain of events. */
export const recursiveInvocation = (): RecursiveInvocationException => {
  const message =
    "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.";
  return new RecursiveInvocationException({ ...USER, message, Message: message });
};

export const tooManyRequests = (reason: ThrottleReason): TooManyRequestsException =>
  new TooManyRequestsException({ ...USER, message: 'Rate Exceeded.', Reason: reason });

export const invalidRequestContent = (message: string): InvalidRequestContentException =>
  new InvalidRequestContentException({
    ...USER,
    message: `Could not parse request body into json: Could not parse payload into json: ${message}`,
  });

/** Lambda answers this code without modelling it. */
export const requestEntityTooLarge = (message: string): LambdaServiceException =>
  unmodelled('RequestEntityTooLargeException', 413, message);

/** Lambda answers this code without modelling it. */
export const validationException = (message: string): LambdaServiceException =>
  unmodelled('ValidationException', 400, message);

export const accessDenied = (message: string): LambdaServiceException =>
  unmodelled('AccessDeniedException', 403, message);

/** A function that exists but cannot run here: our own refusal. */
export const runtimeUnsupported = (arn: string, runtime: string | undefined): InvalidRuntimeException => {
  const message = `Skein runs functions of Node.js runtimes; ${arn} has ${runtime === undefined ? 'a container image' : `the runtime ${runtime}`}`;
  return new InvalidRuntimeException({ ...USER, message, Message: message });
};

const unmodelled = (name: string, httpStatusCode: number, message: string): LambdaServiceException =>
  new LambdaServiceException({ name, $fault: 'client', message, $metadata: { httpStatusCode } });
