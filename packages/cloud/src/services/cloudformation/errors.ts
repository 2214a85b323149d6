import { CloudFormationServiceException } from '@aws-sdk/client-cloudformation';

/** An error that CloudFormation answers but does not model. */
const validationError = (message: string): CloudFormationServiceException =>
  new CloudFormationServiceException({ name: 'ValidationError', $fault: 'client', message, $metadata: {} });

export const stackDoesNotExist = (name: string): CloudFormationServiceException =>
  validationError(`Stack with id ${name} does not exist`);

export const resourceDoesNotExist = (logicalId: string, stack: string): CloudFormationServiceException =>
  validationError(`Resource ${logicalId} does not exist for stack ${stack}`);

export const notImported = (exportName: string): CloudFormationServiceException =>
  validationError(`Export '${exportName}' is not imported by any stack.`);
