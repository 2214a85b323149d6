import { type MessageAttributeValue, SNSServiceException } from '@aws-sdk/client-sns';
import { validationError } from './errors.ts';
import type { Attribute } from './message.ts';

const MAX_NAME_BYTES = 256;

const parameterValueInvalid = (message: string): SNSServiceException =>
  new SNSServiceException({
    name: 'ParameterValueInvalid',
    $fault: 'client',
    message,
    $metadata: { httpStatusCode: 400 },
  });

/** Attributes as notifications show them, checked. @param path - of the map in the request, for AWS's words */
export function attributesOf(
  given: Readonly<Record<string, MessageAttributeValue>> | undefined,
  path: string,
): Record<string, Attribute> {
  return Object.fromEntries(Object.entries(given ?? {}).map(([name, value]) => [name, attributeOf(name, value, path)]));
}

function attributeOf(name: string, value: MessageAttributeValue, path: string): Attribute {
  const { DataType, StringValue, BinaryValue } = value;
  if (DataType === undefined) {
    throw validationError(
      `Value null at '${path}.${name}.member.dataType' failed to satisfy constraint: Member must not be null`,
    );
  }
  checkName(name);
  const [kind] = DataType.split('.');
  if (kind !== 'String' && kind !== 'Number' && kind !== 'Binary') {
    throw parameterValueInvalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  const isBinary = kind === 'Binary';
  const other = isBinary ? StringValue : BinaryValue;
  if (other !== undefined && other.length > 0) {
    throw parameterValueInvalid(
      `The message attribute '${name}' with type '${DataType}' must use field '${isBinary ? 'Binary' : 'String'}'.`,
    );
  }
  const content = isBinary ? BinaryValue : StringValue;
  if (content === undefined || content.length === 0) {
    throw parameterValueInvalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  }
  if (kind === 'Number' && (typeof content !== 'string' || content.trim() === '' || Number.isNaN(Number(content)))) {
    throw parameterValueInvalid(`Could not cast message attribute '${name}' value to number.`);
  }
  return { Type: DataType, Value: typeof content === 'string' ? content : Buffer.from(content).toString('base64') };
}

function checkName(name: string): void {
  if (Buffer.byteLength(name) > MAX_NAME_BYTES)
    throw parameterValueInvalid('Length of message attribute name must be less than 256 bytes.');
  const wrong = /[^\w.-]/.exec(name)?.[0];
  if (wrong !== undefined) {
    throw parameterValueInvalid(
      `Invalid non-alphanumeric character '#x${wrong.charCodeAt(0).toString(16).toUpperCase()}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    );
  }
  if (name.startsWith('.'))
    throw parameterValueInvalid("Invalid message attribute name starting with character '.' was found.");
  if (name.endsWith('.'))
    throw parameterValueInvalid("Invalid message attribute name ending with character '.' was found.");
  if (name.includes('..')) throw parameterValueInvalid("Message attribute name can not have successive '.' character.");
}
