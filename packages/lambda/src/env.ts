/** Name of the environment variable that holds the name of a service's own DynamoDB table. */
export const TABLE_NAME = 'TABLE_NAME';

/** Name of the environment variable that holds the URL of the queue that a function sends to. */
export const QUEUE_URL = 'QUEUE_URL';

/** Name of the environment variable that holds the ARN of the topic that a function publishes to. */
export const TOPIC_ARN = 'TOPIC_ARN';

/** Name of the environment variable that holds the name of the DynamoDB table that keys of idempotency are kept in. */
export const IDEMPOTENCY_TABLE_NAME = 'IDEMPOTENCY_TABLE_NAME';

/** Name of the environment variable that holds the names of a router's tasks by type, as JSON. */
export const ROUTES = 'ROUTES';

/** Name of the environment variable that holds the lowest level that a logger writes. */
export const LOG_LEVEL = 'LOG_LEVEL';

/** A variable that the function cannot run without is missing from its environment. */
export class MissingVariableError extends Error {
  override readonly name = 'MissingVariableError';
  /** Name of the variable. */
  readonly variable: string;

  constructor(variable: string) {
    super(`environment variable ${variable} is not set, give it to the function (construct: environment.${variable})`);
    this.variable = variable;
  }
}

/**
 * Value of an environment variable.
 *
 * @throws {MissingVariableError} when it is not set or empty.
 * @example
 * const table = variable(TABLE_NAME);
 */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new MissingVariableError(name);
  return value;
}

/** Value of an environment variable, or `undefined` when it is not set. */
export const optionalVariable = (name: string): string | undefined => process.env[name];

/** Whether this process is a Lambda execution environment (a real one or a local one). */
export const inLambda = (): boolean => process.env['AWS_LAMBDA_FUNCTION_NAME'] !== undefined;
