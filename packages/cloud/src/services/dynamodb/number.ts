import { validationException } from './errors.ts';

/** A number as DynamoDB keeps it: ±0.d1d2… × 10^exponent, without leading or trailing zeros. No digits: zero. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

const MAX_DIGITS = 38;
/** Of the form 0.d1d2… × 10^e: magnitudes from 1E-130 to 9.9…9E+125. */
const MAX_EXPONENT = 126;
const MIN_EXPONENT = -129;
/** The longest text whose number a double tells apart from every other such number: 15 characters are at most 15 significant digits. */
const EXACT_IN_DOUBLE = 15;

const NUMBER = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;
const ZERO: Decimal = { negative: false, digits: '', exponent: 0 };

const MINUS = 45;
const POINT = 46;
const DIGIT_0 = 48;
const DIGIT_9 = 57;

/**
 * Reads a number as a client wrote it.
 *
 * @throws ValidationException when it is none, has more than 38 significant digits, or a magnitude outside of DynamoDB's range
 */
export function parseNumber(text: string): Decimal {
  const match = NUMBER.exec(text);
  if (match === null) {
    throw validationException(`The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`);
  }
  const [, sign, whole = '', fraction = '', onlyFraction = '', power = '0'] = match;
  return decimal(sign === '-', whole + fraction + onlyFraction, whole.length + Number(power));
}

/** The number ±0.`digits` × 10^`exponent`, with any zeros around its digits, checked against DynamoDB's limits. */
function decimal(negative: boolean, digits: string, exponent: number): Decimal {
  let start = 0;
  let end = digits.length;
  while (start < end && digits.charCodeAt(start) === DIGIT_0) start++;
  while (end > start && digits.charCodeAt(end - 1) === DIGIT_0) end--;
  if (start === end) return ZERO;
  if (end - start > MAX_DIGITS) {
    throw validationException('Attempting to store more than 38 significant digits in a Number');
  }
  const shifted = exponent - start;
  if (shifted > MAX_EXPONENT) {
    throw validationException(
      'Number overflow. Attempting to store a number with magnitude larger than supported range',
    );
  }
  if (shifted < MIN_EXPONENT) {
    throw validationException(
      'Number underflow. Attempting to store a number with magnitude smaller than supported range',
    );
  }
  return { negative, digits: digits.slice(start, end), exponent: shifted };
}

/** The number as DynamoDB answers it: plain notation, no exponent, no needless zeros. */
export function formatNumber({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0';
  const sign = negative ? '-' : '';
  if (exponent <= 0) return `${sign}0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return `${sign}${digits}${'0'.repeat(exponent - digits.length)}`;
  return `${sign}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

/**
 * The plain text of a number as a client wrote it: `1.50e1` is `15`.
 *
 * @throws ValidationException as {@link parseNumber}
 */
export const normalizeNumber = (text: string): string => (isPlain(text) ? text : formatNumber(parseNumber(text)));

/** Whether the text is in plain notation already, as it is nearly always. Some that are may be told as not. */
function isPlain(text: string): boolean {
  const first = text.charCodeAt(0) === MINUS ? 1 : 0;
  const { length } = text;
  if (length - first > MAX_DIGITS || length === first) return false;
  // A zero in front is the number zero, or stands before the point.
  if (text.charCodeAt(first) === DIGIT_0 && text.charCodeAt(first + 1) !== POINT) return text === '0';
  let point = -1;
  for (let index = first; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= DIGIT_0 && code <= DIGIT_9) continue;
    if (code !== POINT || point >= 0 || index === first) return false;
    point = index;
  }
  const last = text.charCodeAt(length - 1);
  return point < 0 || (last !== DIGIT_0 && last !== POINT);
}

/** Less than, equal to or greater than 0 as `a` is to `b`. Both are plain texts. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  if (a.length <= EXACT_IN_DOUBLE && b.length <= EXACT_IN_DOUBLE) return Number(a) - Number(b);
  const [left, right] = [parseNumber(a), parseNumber(b)];
  const signs = signOf(left) - signOf(right);
  if (signs !== 0) return signs;
  const magnitudes =
    left.exponent - right.exponent || (left.digits < right.digits ? -1 : left.digits > right.digits ? 1 : 0);
  return left.negative ? -magnitudes : magnitudes;
}

const signOf = ({ negative, digits }: Decimal): number => (digits === '' ? 0 : negative ? -1 : 1);

/**
 * The exact sum of two numbers, or their difference, as plain text.
 *
 * @throws ValidationException when the result has more than 38 significant digits or leaves DynamoDB's range
 */
export function addNumbers(a: string, b: string, subtract = false): string {
  if (a.length <= EXACT_IN_DOUBLE && b.length <= EXACT_IN_DOUBLE) {
    const [left, right] = [Number(a), Number(b)];
    // Whole numbers of 15 digits and their sums are exact in a double.
    if (Number.isSafeInteger(left) && Number.isSafeInteger(right))
      return String(subtract ? left - right : left + right);
  }
  const [left, right] = [parseNumber(a), parseNumber(b)];
  const scale = Math.min(left.exponent - left.digits.length, right.exponent - right.digits.length);
  const augend = scaled(left, scale);
  const addend = scaled(right, scale);
  const sum = subtract ? augend - addend : augend + addend;
  const digits = String(sum < 0n ? -sum : sum);
  return formatNumber(decimal(sum < 0n, digits, digits.length + scale));
}

/** The number as a whole multiple of 10^scale. */
function scaled({ negative, digits, exponent }: Decimal, scale: number): bigint {
  const magnitude = BigInt(digits + '0'.repeat(digits === '' ? 0 : exponent - digits.length - scale));
  return negative ? -magnitude : magnitude;
}

/**
 * What a number adds to an item's size, in bytes: one, one per pair of digits counted from the decimal point, and one for a minus sign.
 * `text` is plain. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function numberSize(text: string): number {
  let first = -1;
  let last = -1;
  let position = 0;
  let point = -1;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === MINUS) continue;
    if (code === POINT) {
      point = position;
      continue;
    }
    if (code !== DIGIT_0) {
      if (first < 0) first = position;
      last = position;
    }
    position++;
  }
  if (first < 0) return 1;
  const exponent = (point < 0 ? position : point) - first;
  const negative = text.charCodeAt(0) === MINUS ? 1 : 0;
  return 1 + Math.ceil((last - first + 1 + (exponent & 1)) / 2) + negative;
}

const KEY_ZERO = 0x80;
const KEY_POSITIVE = 0x81;
const KEY_NEGATIVE = 0x7f;
const KEY_NEGATIVE_END = 0xff;

/** The number as bytes that sort as numbers do. The layout is part of the stored state: change it only with a migration. */
export function numberKey(text: string): Uint8Array {
  const { negative, digits, exponent } = parseNumber(text);
  if (digits === '') return Uint8Array.of(KEY_ZERO);
  const pairs = (digits.length + 1) >> 1;
  const bytes = new Uint8Array(2 + pairs + (negative ? 1 : 0));
  bytes[0] = negative ? KEY_NEGATIVE : KEY_POSITIVE;
  bytes[1] = negative ? 255 - (exponent - MIN_EXPONENT) : exponent - MIN_EXPONENT;
  for (let pair = 0; pair < pairs; pair++) {
    const high = digits.charCodeAt(2 * pair) - DIGIT_0;
    const low = 2 * pair + 1 < digits.length ? digits.charCodeAt(2 * pair + 1) - DIGIT_0 : 0;
    const byte = high * 10 + low + 1;
    bytes[2 + pair] = negative ? 255 - byte : byte;
  }
  if (negative) bytes[2 + pairs] = KEY_NEGATIVE_END;
  return bytes;
}

/** The number that {@link numberKey} made these bytes of, as plain text. */
export function numberOfKey(bytes: Uint8Array): string {
  const [kind, head = 0] = bytes;
  if (kind === KEY_ZERO) return '0';
  const negative = kind === KEY_NEGATIVE;
  const exponent = (negative ? 255 - head : head) + MIN_EXPONENT;
  const pairs = bytes.subarray(2, negative ? -1 : undefined);
  const digits = Array.from(pairs, (byte) => String((negative ? 255 - byte : byte) - 1).padStart(2, '0')).join('');
  return formatNumber(decimal(negative, digits, exponent));
}
