import {
  AuthorizationErrorException,
  BatchEntryIdsNotDistinctException,
  BatchRequestTooLongException,
  EmptyBatchRequestException,
  FilterPolicyLimitExceededException,
  InvalidBatchEntryIdException,
  InvalidParameterException,
  NotFoundException,
  ResourceNotFoundException,
  SNSServiceException,
  TooManyEntriesInBatchRequestException,
} from '@aws-sdk/client-sns';

/** @param what - the parameter, or what is wrong with it, in AWS's words */
export const invalidParameter = (what: string): InvalidParameterException =>
  new InvalidParameterException({ message: `Invalid parameter: ${what}`, $metadata: {} });

/** Without the words that most begin with. */
export const invalid = (message: string): InvalidParameterException =>
  new InvalidParameterException({ message, $metadata: {} });

export const topicNotFound = (): NotFoundException =>
  new NotFoundException({ message: 'Topic does not exist', $metadata: {} });

export const subscriptionNotFound = (): NotFoundException =>
  new NotFoundException({ message: 'Subscription does not exist', $metadata: {} });

export const resourceNotFound = (): ResourceNotFoundException =>
  new ResourceNotFoundException({ message: 'Resource does not exist', $metadata: {} });

/** Whoever has only the address of a message may not remove what its owner confirmed. */
export const notAuthorized = (): AuthorizationErrorException =>
  new AuthorizationErrorException({ message: 'Not authorized to unsubscribe', $metadata: {} });

/** A topic's policy refuses. @param message - why, in AWS's words */
export const authorizationError = (message: string): AuthorizationErrorException =>
  new AuthorizationErrorException({ message, $metadata: {} });

export const filterPoliciesExceeded = (): FilterPolicyLimitExceededException =>
  new FilterPolicyLimitExceededException({
    message: 'Filter policy limit exceeded: at most 200 filter policies per topic',
    $metadata: {},
  });

export const validationError = (message: string): SNSServiceException =>
  new SNSServiceException({
    name: 'ValidationError',
    $fault: 'client',
    message: `1 validation error detected: ${message}`,
    $metadata: { httpStatusCode: 400 },
  });

/** What only AWS has. */
export const unsupported = (what: string): InvalidParameterException =>
  invalidParameter(`Skein does not support ${what}`);

export const emptyBatch = (): EmptyBatchRequestException =>
  new EmptyBatchRequestException({
    message: "The batch request doesn't contain any entries.",
    $metadata: {},
  });

export const tooManyEntries = (): TooManyEntriesInBatchRequestException =>
  new TooManyEntriesInBatchRequestException({
    message: 'The batch request contains more entries than permissible.',
    $metadata: {},
  });

export const entriesNotDistinct = (): BatchEntryIdsNotDistinctException =>
  new BatchEntryIdsNotDistinctException({
    message: 'Two or more batch entries in the request have the same Id.',
    $metadata: {},
  });

export const batchTooLong = (): BatchRequestTooLongException =>
  new BatchRequestTooLongException({
    message: 'The length of all the messages put together is more than the limit.',
    $metadata: {},
  });

export const invalidEntryId = (what: string): InvalidBatchEntryIdException =>
  new InvalidBatchEntryIdException({
    message: `The Id of a batch entry in the batch request ${what}`,
    $metadata: {},
  });
