import {
  HierarchyLevelLimitExceededException,
  InvalidAllowedPatternException,
  InvalidFilterKey,
  InvalidFilterOption,
  InvalidNextToken,
  InvalidResourceId,
  InvalidResourceType,
  ParameterAlreadyExists,
  ParameterMaxVersionLimitExceeded,
  ParameterNotFound,
  ParameterPatternMismatchException,
  ParameterVersionLabelLimitExceeded,
  ParameterVersionNotFound,
  SSMServiceException,
} from '@aws-sdk/client-ssm';

// AWS gives this error no message.
export const parameterNotFound = (message = ''): ParameterNotFound => new ParameterNotFound({ message, $metadata: {} });

/** AWS's own parameters are not here: better said than looked for. */
export const publicParameter = (name: string): ParameterNotFound =>
  parameterNotFound(
    `Skein has none of AWS's public parameters: ${name}. Create a parameter of your own and use its name instead.`,
  );

/** Parameter Store's window on Secrets Manager. */
export const secretReference = (name: string): ParameterNotFound =>
  parameterNotFound(
    `Skein does not support references from Parameter Store to Secrets Manager: ${name}. Read the secret from Secrets Manager.`,
  );

export const versionNotFound = (name: string, version: number): ParameterVersionNotFound =>
  new ParameterVersionNotFound({
    message: `Systems Manager could not find version ${version} of ${name}. Verify the version and try again.`,
    $metadata: {},
  });

export const labelNotFound = (name: string, label: string): ParameterVersionNotFound =>
  new ParameterVersionNotFound({
    message: `Systems Manager could not find label ${label} for parameter ${name}. Verify the label and try again.`,
    $metadata: {},
  });

export const parameterAlreadyExists = (): ParameterAlreadyExists =>
  new ParameterAlreadyExists({
    message: 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    $metadata: {},
  });

export const tooManyLevels = (): HierarchyLevelLimitExceededException =>
  new HierarchyLevelLimitExceededException({
    message:
      'A hierarchy can have a maximum of 15 levels. For more information, see Requirements and constraints for parameter names in the Amazon Web Services Systems Manager User Guide.',
    $metadata: {},
  });

export const invalidAllowedPattern = (): InvalidAllowedPatternException =>
  new InvalidAllowedPatternException({
    message: "The request doesn't meet the regular expression requirement.",
    $metadata: {},
  });

export const patternMismatch = (pattern: string): ParameterPatternMismatchException =>
  new ParameterPatternMismatchException({
    message: `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    $metadata: {},
  });

export const oldestVersionLabelled = (name: string, version: number): ParameterMaxVersionLimitExceeded =>
  new ParameterMaxVersionLimitExceeded({
    message: `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    $metadata: {},
  });

export const tooManyLabels = (): ParameterVersionLabelLimitExceeded =>
  new ParameterVersionLabelLimitExceeded({
    message: 'A parameter version can have maximum 10 labels.Move one or more labels to another version and try again.',
    $metadata: {},
  });

export const invalidNextToken = (): InvalidNextToken =>
  new InvalidNextToken({ message: "The specified token isn't valid.", $metadata: {} });

export const invalidFilterKey = (key: string): InvalidFilterKey =>
  new InvalidFilterKey({ message: `The specified filter key isn't valid: ${key}`, $metadata: {} });

export const invalidFilterOption = (option: string): InvalidFilterOption =>
  new InvalidFilterOption({ message: `The specified filter option isn't valid: ${option}`, $metadata: {} });

export const invalidResourceId = (): InvalidResourceId => new InvalidResourceId({ message: '', $metadata: {} });

export const invalidResourceType = (type: string): InvalidResourceType =>
  new InvalidResourceType({
    message: `${type} is not a valid resource type. Skein has tags of the type Parameter.`,
    $metadata: {},
  });

/** Codes that AWS answers for every SSM operation but does not model. */
export const validation = (message: string): SSMServiceException => unmodelled('ValidationException', message);

export const accessDenied = (message: string): SSMServiceException => unmodelled('AccessDeniedException', message);

const unmodelled = (name: string, message: string): SSMServiceException =>
  new SSMServiceException({ name, $fault: 'client', message, $metadata: {} });
