import { validationError } from './errors.ts';

/** An exact decimal: `digits` times ten to the power of `exponent`, `digits` without trailing zeros. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** DynamoDB keeps 38 significant digits and magnitudes from 1E-130 to 9.99…E+125. */
const maxDigitCount = 38;
const minMagnitude = -130;
const maxMagnitude = 125;

const decimalPattern = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;
/** What is canonical already: most numbers people store. */
const plainInteger = /^(?:0|-?[1-9]\d{0,37})$/;

/**
 * The canonical text of a number (plain decimal notation, no leading or trailing zeros), as DynamoDB gives it back.
 * @throws ValidationException if it is no number, too long or outside the range
 */
export function canonicalNumber(text: string): string {
  if (plainInteger.test(text)) return text;
  return formatDecimal(limited(parseDecimal(text)));
}

/** The sum of two canonical numbers, or their difference with `sign` -1; within the limits of storage. */
export function addNumbers(left: string, right: string, sign: 1 | -1 = 1): string {
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  const exponent = Math.min(a.exponent, b.exponent);
  const digits = scaled(a, exponent) + BigInt(sign) * scaled(b, exponent);
  return formatDecimal(limited(trimmed(digits, exponent)));
}

/** Below zero, zero or above zero as `left` is smaller, equal or greater. Both are canonical. */
export function compareNumbers(left: string, right: string): number {
  if (left === right) return 0;
  if (left.length < 16 && right.length < 16) return Number(left) - Number(right);
  const a = parseDecimal(left);
  const b = parseDecimal(right);
  const exponent = Math.min(a.exponent, b.exponent);
  const difference = scaled(a, exponent) - scaled(b, exponent);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/**
 * Reads a decimal in any of the notations that DynamoDB takes (`1`, `-.5`, `1e3`).
 * @throws ValidationException if it is no number
 */
export function parseDecimal(text: string): Decimal {
  if (text === '') throw validationError('The parameter cannot be converted to a numeric value');
  const match = decimalPattern.exec(text);
  if (!match) throw validationError(`The parameter cannot be converted to a numeric value: ${text}`);
  const [, sign, whole = '', fraction = '', bare = '', power = '0'] = match;
  const decimals = fraction + bare;
  const significant = (whole + decimals).replace(/^0+/, '');
  const short = significant.replace(/0+$/, '');
  if (short === '') return { digits: 0n, exponent: 0 };
  const exponent = Number(power) - decimals.length + (significant.length - short.length);
  return { digits: sign === '-' ? -BigInt(short) : BigInt(short), exponent };
}

/** The power of ten of the first digit: 2 for 123, -1 for 0.5, 0 for zero. */
export function magnitudeOf(value: Decimal): number {
  return digitsOf(value).length - 1 + value.exponent;
}

/** The significant digits, without sign. */
export function digitsOf(value: Decimal): string {
  return (value.digits < 0n ? -value.digits : value.digits).toString();
}

function limited(value: Decimal): Decimal {
  const magnitude = magnitudeOf(value);
  if (magnitude > maxMagnitude) {
    throw validationError('Number overflow. Attempting to store a number with magnitude larger than supported range');
  }
  if (magnitude < minMagnitude) {
    throw validationError('Number underflow. Attempting to store a number with magnitude smaller than supported range');
  }
  if (digitsOf(value).length > maxDigitCount) {
    throw validationError('Attempting to store more than 38 significant digits in a Number');
  }
  return value;
}

function formatDecimal(value: Decimal): string {
  const sign = value.digits < 0n ? '-' : '';
  const digits = digitsOf(value);
  if (value.exponent >= 0) return value.digits === 0n ? '0' : sign + digits + '0'.repeat(value.exponent);
  const padded = digits.padStart(1 - value.exponent, '0');
  return `${sign}${padded.slice(0, value.exponent)}.${padded.slice(value.exponent)}`;
}

function scaled(value: Decimal, exponent: number): bigint {
  return value.digits * 10n ** BigInt(value.exponent - exponent);
}

function trimmed(digits: bigint, exponent: number): Decimal {
  const text = digits.toString();
  const short = text.replace(/0+$/, '');
  if (digits === 0n) return { digits: 0n, exponent: 0 };
  return { digits: BigInt(short), exponent: exponent + text.length - short.length };
}
