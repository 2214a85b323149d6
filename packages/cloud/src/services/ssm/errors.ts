import { ParameterAlreadyExists, ParameterNotFound } from '@aws-sdk/client-ssm';

// AWS gives this error no message.
export const parameterNotFound = (): ParameterNotFound => new ParameterNotFound({ message: '', $metadata: {} });

export const parameterAlreadyExists = (): ParameterAlreadyExists =>
  new ParameterAlreadyExists({
    message: 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    $metadata: {},
  });
