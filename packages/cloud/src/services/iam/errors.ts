import {
  DeleteConflictException,
  EntityAlreadyExistsException,
  IAMServiceException,
  InvalidInputException,
  LimitExceededException,
  MalformedPolicyDocumentException,
  NoSuchEntityException,
  UnmodifiableEntityException,
} from '@aws-sdk/client-iam';
import { ENTITY_WORDS, type EntityKind } from './entity.ts';

export const noSuchEntity = (message: string): NoSuchEntityException =>
  new NoSuchEntityException({ message, $metadata: {} });

export const entityNotFound = (kind: EntityKind, name: string): NoSuchEntityException =>
  noSuchEntity(
    kind === 'instance-profile'
      ? `Instance Profile ${name} cannot be found.`
      : `The ${kind} with name ${name} cannot be found.`,
  );

export const policyNotFound = (arn: string): NoSuchEntityException => noSuchEntity(`Policy ${arn} was not found.`);

export const policyNotAttachable = (arn: string): NoSuchEntityException =>
  noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);

export const alreadyExists = (message: string): EntityAlreadyExistsException =>
  new EntityAlreadyExistsException({ message, $metadata: {} });

export const entityAlreadyExists = (kind: EntityKind, name: string): EntityAlreadyExistsException =>
  alreadyExists(
    kind === 'instance-profile'
      ? `Instance Profile ${name} already exists.`
      : `${ENTITY_WORDS[kind]} with name ${name} already exists.`,
  );

/** @param what - what has to go first: `must delete policies first.` */
export const deleteConflict = (what: string): DeleteConflictException =>
  new DeleteConflictException({ message: `Cannot delete ${what}`, $metadata: {} });

export const limitExceeded = (message: string): LimitExceededException =>
  new LimitExceededException({ message, $metadata: {} });

export const malformedPolicy = (message: string): MalformedPolicyDocumentException =>
  new MalformedPolicyDocumentException({ message, $metadata: {} });

export const invalidInput = (message: string): InvalidInputException =>
  new InvalidInputException({ message, $metadata: {} });

export const unmodifiable = (role: string): UnmodifiableEntityException =>
  new UnmodifiableEntityException({
    message: `Cannot perform the operation on the protected role '${role}' - this role is only modifiable by AWS`,
    $metadata: {},
  });

/** A code that AWS answers for every IAM operation but does not model. */
export const validationError = (message: string): IAMServiceException =>
  new IAMServiceException({ name: 'ValidationError', $fault: 'client', message, $metadata: {} });
