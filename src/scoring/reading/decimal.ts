// Numbers by their digits, so that an id of nineteen of them is compared as it stands. Pure.

/** `digits` × 10^`exponent`, in its shortest form: no zeros at either end, and zero is '0'. */
export type Decimal = { readonly isNegative: boolean; readonly digits: string; readonly exponent: number };

const FORM = /^([-+]?)(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d{1,6}))?$/;

/** Of `-12.50e3`; null = it is no number. */
export function decimalOf(text: string): Decimal | null {
  const [all, sign, whole = '', part = '', exponent = '0'] = FORM.exec(text) ?? [];
  if (all === undefined || whole + part === '') return null;
  const written = withoutZeros(whole + part);
  const end = endOfDigits(written);
  const digits = written.slice(0, end);
  if (digits === '') return { isNegative: false, digits: '0', exponent: 0 };
  const shift = Number(exponent) - part.length + (written.length - end);
  return { isNegative: sign === '-', digits, exponent: shift };
}

function withoutZeros(text: string): string {
  return text.replace(/^0+/, '');
}

/** By hand: a pattern for zeros at the end looks at each run of zeros anew. */
function endOfDigits(text: string): number {
  let end = text.length;
  while (end > 0 && text[end - 1] === '0') end--;
  return end;
}

export function numberOf({ isNegative, digits, exponent }: Decimal): number {
  return Number(`${isNegative ? '-' : ''}${digits}e${exponent}`);
}

export function negated(value: Decimal): Decimal {
  return value.digits === '0' ? value : { ...value, isNegative: !value.isNegative };
}

/** × 10^`by`. */
export function scaled(value: Decimal, by: number): Decimal {
  return value.digits === '0' ? value : { ...value, exponent: value.exponent + by };
}

export function isSame(a: Decimal, b: Decimal): boolean {
  return a.isNegative === b.isNegative && a.digits === b.digits && a.exponent === b.exponent;
}

/** A whole number of which doubles do not hold each. */
export function isLong(value: Decimal): boolean {
  return value.exponent >= 0 && !Number.isSafeInteger(numberOf(value)) && value.digits.length > 15;
}

/** More digits than any double has before its point are not written out. */
const MAX_DIGITS = 400;

/** Of whole numbers; null = one is none, or too long for its difference to matter. */
export function distance(a: Decimal, b: Decimal): number | null {
  const [one, other] = [wholeOf(a), wholeOf(b)];
  return one === null || other === null ? null : Math.abs(Number(one - other));
}

function wholeOf({ isNegative, digits, exponent }: Decimal): bigint | null {
  if (exponent < 0 || exponent + digits.length > MAX_DIGITS) return null;
  const size = BigInt(digits + '0'.repeat(exponent));
  return isNegative ? -size : size;
}

/** As people write it: all digits of a whole number, else as JavaScript does. */
export function showDecimal(value: Decimal): string {
  const whole = isLong(value) && value.exponent < 30 ? wholeOf(value) : null;
  return whole === null ? String(numberOf(value)) : String(whole);
}
