import type { MessageAttributeValue, MessageSystemAttributeValue } from '@aws-sdk/client-sqs';
import { invalidParameter } from './errors.ts';

const { hash } = process.getBuiltinModule('node:crypto');

const MOST_ATTRIBUTES = 10;
const NAME = /^(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/;
const TYPE = /^(String|Number|Binary)(\..+)?$/s;

/** A message attribute as it is stored: text as it is, bytes in base64. */
export interface StoredAttribute {
  readonly type: string;
  readonly text?: string;
  readonly bytes?: string;
}

/** The attributes of a message by name, in the order of their names. */
export type StoredAttributes = Readonly<Record<string, StoredAttribute>>;

type Given = Readonly<Record<string, MessageAttributeValue | MessageSystemAttributeValue>>;

export const md5 = (text: string): string => hash('md5', text, 'hex');

/**
 * Checks the attributes of a message.
 *
 * @returns their sorted form and size in bytes, or undefined when there are none
 * @throws InvalidParameterValue
 */
export function readAttributes(given: Given | undefined): { stored: StoredAttributes; bytes: number } | undefined {
  const names = given === undefined ? [] : Object.keys(given);
  if (given === undefined || names.length === 0) return undefined;
  if (names.length > MOST_ATTRIBUTES) {
    throw invalidParameter(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${MOST_ATTRIBUTES}].`,
    );
  }
  const stored: Record<string, StoredAttribute> = {};
  let bytes = 0;
  for (const name of names.sort(byBytes)) {
    checkName(name);
    const attribute = readAttribute(name, given[name]);
    stored[name] = attribute;
    bytes += Buffer.byteLength(name) + Buffer.byteLength(attribute.type) + sizeOf(attribute);
  }
  return { stored, bytes };
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : 1);

const sizeOf = ({ text, bytes }: StoredAttribute): number =>
  text === undefined ? Buffer.byteLength(bytes ?? '', 'base64') : Buffer.byteLength(text);

function checkName(name: string): void {
  if (/^(aws|amazon)\./i.test(name)) {
    throw invalidParameter(
      `Message (user) attribute name '${name}' is reserved: it must not start with AWS. or Amazon.`,
    );
  }
  if (!NAME.test(name)) {
    throw invalidParameter(
      `The message (user) attribute name '${name}' is invalid. Attribute name can contain A-Z, a-z, 0-9, underscore(_), hyphen(-), and period(.) characters, must not start or end with a period or contain successive periods, and can be up to 256 characters long.`,
    );
  }
}

function readAttribute(
  name: string,
  value: MessageAttributeValue | MessageSystemAttributeValue = { DataType: '' },
): StoredAttribute {
  const { DataType = '', StringValue, BinaryValue } = value;
  if (DataType === '') {
    throw invalidParameter(`The message (user) attribute '${name}' must contain a non-empty message attribute type.`);
  }
  const kind = TYPE.exec(DataType)?.[1];
  if (kind === undefined || DataType.length > 256) {
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    );
  }
  if (kind === 'Binary') {
    if (BinaryValue === undefined || BinaryValue.length === 0) throw emptyAttribute(name, DataType);
    return { type: DataType, bytes: Buffer.from(BinaryValue).toString('base64') };
  }
  if (StringValue === undefined || StringValue === '') throw emptyAttribute(name, DataType);
  if (kind === 'Number' && !isNumber(StringValue)) {
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  return { type: DataType, text: StringValue };
}

const emptyAttribute = (name: string, type: string): Error =>
  invalidParameter(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`);

const isNumber = (text: string): boolean => /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(text.trim());

/** AWS's checksum of attributes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export function md5OfAttributes(attributes: StoredAttributes): string {
  const parts: Buffer[] = [];
  const add = (bytes: Buffer): void => {
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(bytes.length);
    parts.push(length, bytes);
  };
  for (const [name, { type, text, bytes }] of Object.entries(attributes)) {
    add(Buffer.from(name));
    add(Buffer.from(type));
    parts.push(Buffer.of(text === undefined ? 2 : 1));
    add(text === undefined ? Buffer.from(bytes ?? '', 'base64') : Buffer.from(text));
  }
  return hash('md5', Buffer.concat(parts), 'hex');
}

/** Those of a message's attributes that a receive asks for: by name, by prefix (`order.*`), or all. */
export function selectAttributes(
  attributes: StoredAttributes,
  wanted: readonly string[],
): StoredAttributes | undefined {
  if (wanted.some((name) => name === 'All' || name === '.*')) return attributes;
  const prefixes = wanted.filter((name) => name.endsWith('.*')).map((name) => name.slice(0, -2));
  const chosen = Object.entries(attributes).filter(
    ([name]) => wanted.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  );
  return chosen.length === 0 ? undefined : Object.fromEntries(chosen);
}

/** Attributes in the SDK's types. */
export const attributesOf = (attributes: StoredAttributes): Record<string, MessageAttributeValue> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { type, text, bytes }]) => [
      name,
      text === undefined
        ? { DataType: type, BinaryValue: Buffer.from(bytes ?? '', 'base64') }
        : { DataType: type, StringValue: text },
    ]),
  );
