/** An error that DynamoDB answers with. Its name is the code that clients see. */
export class DynamoDbError extends Error {
  override readonly name: string;
  /** Further members of the answer, beside code and message. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(name: string, message: string, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = name;
    this.members = members;
  }
}

/** The input does not fit: AWS's text says how. */
export const validationException = (message: string): DynamoDbError =>
  new DynamoDbError('ValidationException', message);

/** The JSON is not of the operation's shape. */
export const serializationException = (message: string): DynamoDbError =>
  new DynamoDbError('SerializationException', message);
