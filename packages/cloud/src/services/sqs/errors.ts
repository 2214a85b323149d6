import type * as sdk from '@aws-sdk/client-sqs';
import type { AwsErrorLike } from '../../kernel/awsError.ts';

/** The errors that SQS models, and those that it answers without modelling them. */
type SqsErrorName =
  | Exclude<
      {
        [Name in keyof typeof sdk]: (typeof sdk)[Name] extends new (...options: never[]) => Error ? Name : never;
      }[keyof typeof sdk],
      'SQSServiceException'
    >
  | 'AccessDenied'
  | 'InvalidParameterValue'
  | 'MissingParameter';

/**
 * An error that SQS answers with. Its name is the code from which the client makes its exception. The SDK's own exception classes are not
 * used: several times as dear, where an empty handle is an ordinary answer.
 */
export class SqsError extends Error implements AwsErrorLike {
  override readonly name: SqsErrorName;
  readonly $fault = 'client';
  readonly $metadata: { readonly httpStatusCode?: number };

  constructor(name: SqsErrorName, message: string, httpStatusCode?: number) {
    super(message);
    this.name = name;
    this.$metadata = httpStatusCode === undefined ? {} : { httpStatusCode };
  }
}

export const queueDoesNotExist = (): SqsError =>
  new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');

/** A queue's policy refuses. @param message - why, in AWS's words */
export const accessDenied = (message: string): SqsError => new SqsError('AccessDenied', message, 403);

export const invalidAddress = (url: string): SqsError =>
  new SqsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);

export const missingParameter = (name: string): SqsError =>
  new SqsError('MissingParameter', `The request must contain the parameter ${name}.`);

/** A parameter whose value does not fit, in AWS's most common form. */
export const invalidValue = (value: unknown, parameter: string, reason: string): SqsError =>
  invalidParameter(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);

/** A parameter that does not fit, in words of its own. */
export const invalidParameter = (message: string): SqsError => new SqsError('InvalidParameterValue', message);

export const invalidAttributeName = (message: string): SqsError => new SqsError('InvalidAttributeName', message);

export const unknownAttribute = (name: string): SqsError => invalidAttributeName(`Unknown Attribute ${name}.`);

export const invalidAttributeValue = (name: string, reason?: string): SqsError =>
  new SqsError(
    'InvalidAttributeValue',
    `Invalid value for the parameter ${name}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );

export const queueAlreadyExists = (attribute: string): SqsError =>
  new SqsError(
    'QueueNameExists',
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );

export const queueDeletedRecently = (): SqsError =>
  new SqsError(
    'QueueDeletedRecently',
    'You must wait 60 seconds after deleting a queue before you can create another with the same name.',
  );

export const purgeInProgress = (queue: string): SqsError =>
  new SqsError('PurgeQueueInProgress', `Only one PurgeQueue operation on ${queue} is allowed every 60 seconds.`);

export const receiptHandleIsInvalid = (handle: string): SqsError =>
  new SqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);

export const receiptHandleExpired = (handle: string): SqsError =>
  invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');

export const messageNotInflight = (handle: string): SqsError =>
  new SqsError(
    'MessageNotInflight',
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
  );

export const overLimit = (limit: number): SqsError =>
  new SqsError('OverLimit', `The maximum number of in flight messages is reached: ${limit}.`);

export const invalidMessageContents = (codePoint: number): SqsError =>
  new SqsError(
    'InvalidMessageContents',
    `Invalid binary character '#x${codePoint.toString(16).toUpperCase()}' was found in the message body, the set of allowed characters is #x9 | #xA | #xD | [#x20 to #xD7FF] | [#xE000 to #xFFFD] | [#x10000 to #x10FFFF]`,
  );

export const tooManyEntries = (count: number): SqsError =>
  new SqsError('TooManyEntriesInBatchRequest', `Maximum number of entries per request are 10. You have sent ${count}.`);

export const emptyBatch = (entry: string): SqsError =>
  new SqsError('EmptyBatchRequest', `There should be at least one ${entry} in the request.`);

export const invalidBatchEntryId = (): SqsError =>
  new SqsError(
    'InvalidBatchEntryId',
    'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
  );

export const batchEntryIdsNotDistinct = (id: string): SqsError =>
  new SqsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);

export const batchTooLong = (limit: number, bytes: number): SqsError =>
  new SqsError(
    'BatchRequestTooLong',
    `Batch requests cannot be longer than ${limit} bytes. You have sent ${bytes} bytes.`,
  );

export const resourceNotFound = (message: string): SqsError => new SqsError('ResourceNotFoundException', message);
