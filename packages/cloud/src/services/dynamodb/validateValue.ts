import { ATTRIBUTE_TYPES, type AttributeType, type AttributeValue, type Item } from './attributeValue.ts';
import { base64Size } from './base64.ts';
import { type DynamoDbError, invalidParameter, serializationException, validationException } from './errors.ts';
import { normalizeNumber, numberSize } from './number.ts';

const MAX_DEPTH = 32;
/** What a list or map costs beside its elements, and each of its elements beside itself. */
const CONTAINER_SIZE = 3;
const ELEMENT_SIZE = 1;

/**
 * Checks an item that came over the wire and puts its numbers into plain notation, in place.
 *
 * @returns its size in bytes, as DynamoDB counts
 * @throws ValidationException or SerializationException with AWS's text
 */
export function checkItem(item: Item): number {
  let size = 0;
  for (const name in item) {
    size += nameSize(name) + checkValue(item[name] as AttributeValue, 0); // own names of parsed JSON; its value is checked there
  }
  return size;
}

/** What an attribute's name adds to an item's size. */
export function nameSize(name: string): number {
  const { length } = name;
  if (length > 48) return Buffer.byteLength(name);
  for (let index = 0; index < length; index++) {
    if (name.charCodeAt(index) > 127) return Buffer.byteLength(name);
  }
  return length;
}

/**
 * Checks one value that came over the wire, as {@link checkItem}.
 *
 * @param depth - how many lists and maps it stands in
 */
export function checkValue(value: AttributeValue, depth = 0): number {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongJson(value, 'structure');
  let found: string | undefined;
  for (const key in value) {
    if (found !== undefined) {
      found = undefined;
      break;
    }
    found = key;
  }
  switch (found) {
    case 'S':
      return stringSize(value.S);
    case 'N':
      return checkNumber(value);
    case 'B':
      return base64Size(asString(value.B));
    case 'BOOL':
      if (typeof value.BOOL !== 'boolean') throw wrongJson(value.BOOL, 'Boolean');
      return 1;
    case 'NULL':
      if (typeof value.NULL !== 'boolean') throw wrongJson(value.NULL, 'Boolean');
      if (!value.NULL) throw invalidParameter('Null attribute value types must have the value of true');
      return 1;
    case 'M':
      return checkMap(value, depth + 1);
    case 'L':
      return checkList(value, depth + 1);
    case 'SS':
      return checkStringSet(asList(value.SS));
    case 'NS':
      return checkNumberSet(asList(value.NS));
    case 'BS':
      return checkBinarySet(asList(value.BS));
    default:
      return checkOddValue(value, depth);
  }
}

/** A value with no member, several, unknown ones or nulls: what AWS ignores is taken out, what remains decides. */
function checkOddValue(value: AttributeValue, depth: number): number {
  const types: AttributeType[] = [];
  for (const key of Object.keys(value)) {
    const type = ATTRIBUTE_TYPES.find((known) => known === key);
    if (type === undefined || value[type] === null) Reflect.deleteProperty(value, key);
    else types.push(type);
  }
  if (types.length === 1) return checkValue(value, depth);
  if (types.length === 0) {
    throw validationException('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  // AWS reads the numbers before it counts the members.
  if (value.N !== undefined) checkNumber({ N: value.N });
  if (value.NS !== undefined) checkNumberSet(asList(value.NS));
  throw validationException(
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  );
}

function stringSize(text: unknown): number {
  if (typeof text !== 'string') throw wrongJson(text, 'String');
  return nameSize(text);
}

function asString(text: unknown): string {
  if (typeof text !== 'string') throw wrongJson(text, 'String');
  return text;
}

function asList(list: unknown): unknown[] {
  if (!Array.isArray(list)) throw wrongJson(list, 'List');
  return list;
}

function checkNumber(value: AttributeValue): number {
  const text = asString(value.N);
  const plain = normalizeNumber(text);
  if (plain !== text) value.N = plain;
  return numberSize(plain);
}

function checkMap(value: AttributeValue, depth: number): number {
  const map = value.M;
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw wrongJson(map, 'Map');
  if (depth > MAX_DEPTH) throw tooDeep();
  let size = CONTAINER_SIZE;
  for (const name in map) {
    size += ELEMENT_SIZE + nameSize(name) + checkValue(map[name] as AttributeValue, depth); // checked by the call
  }
  return size;
}

function checkList(value: AttributeValue, depth: number): number {
  const list = asList(value.L);
  if (depth > MAX_DEPTH) throw tooDeep();
  let size = CONTAINER_SIZE;
  for (const element of list) size += ELEMENT_SIZE + checkValue(element as AttributeValue, depth); // checked by the call
  return size;
}

const tooDeep = (): DynamoDbError =>
  validationException(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  );

function checkStringSet(set: unknown[]): number {
  if (set.length === 0) throw invalidParameter('An string set  may not be empty');
  let size = 0;
  for (const text of set) {
    if (text === '') throw invalidParameter('An string set may not have a empty string as a member');
    size += stringSize(text);
  }
  if (hasDuplicates(set)) throw invalidParameter(`Input collection [${set.join(', ')}] contains duplicates.`);
  return size;
}

function checkNumberSet(set: unknown[]): number {
  if (set.length === 0) throw invalidParameter('An number set  may not be empty');
  let size = 0;
  for (let index = 0; index < set.length; index++) {
    const plain = normalizeNumber(asString(set[index]));
    set[index] = plain;
    size += numberSize(plain);
  }
  if (hasDuplicates(set)) throw validationException('Input collection contains duplicates');
  return size;
}

function checkBinarySet(set: unknown[]): number {
  if (set.length === 0) throw invalidParameter('Binary sets should not be empty');
  let size = 0;
  for (const bytes of set) {
    if (bytes === '') throw invalidParameter('Binary sets may not contain null or empty values');
    size += base64Size(asString(bytes));
  }
  if (hasDuplicates(set)) throw invalidParameter(`Input collection [${set.join(', ')}]of type BS contains duplicates.`);
  return size;
}

const hasDuplicates = (set: unknown[]): boolean => set.length > 1 && new Set(set).size < set.length;

/** The JSON that stands where `wanted` was expected, refused in the words of AWS's reader. */
function wrongJson(found: unknown, wanted: 'String' | 'Boolean' | 'List' | 'Map' | 'structure'): DynamoDbError {
  if (found === null) {
    return validationException('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  }
  if (wanted === 'String' || wanted === 'Boolean') {
    if (typeof found === 'number') return serializationException(`NUMBER_VALUE cannot be converted to ${wanted}`);
    if (typeof found === 'string') return serializationException(`STRING_VALUE cannot be converted to ${wanted}`);
    if (typeof found === 'boolean') {
      return serializationException(`${found ? 'TRUE' : 'FALSE'}_VALUE cannot be converted to ${wanted}`);
    }
    if (Array.isArray(found)) return serializationException('Start of list found where not expected');
    return serializationException('Start of structure or map found where not expected');
  }
  if (Array.isArray(found)) return serializationException('Start of list found where not expected');
  if (typeof found === 'object') return serializationException('Start of structure or map found where not expected');
  return serializationException('Unexpected field type');
}
