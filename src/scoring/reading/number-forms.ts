// How numbers are written: a row for each form, the first that fits at a place is it. What may be read in two ways says so:
// the first reading is what it is taken for, and the others are what somebody else would take it for.
import { type Decimal, decimalOf, scaled } from './decimal.ts';
import { lowered, POINT } from './digits.ts';
import type { Separators } from './separators.ts';

/** What stands at a place: an amount; a name of a place (step 3, [1]); a date, a time, a version, a word, which are no number. */
export type Sort = 'amount' | 'label' | 'other';

export type Form = {
  readonly name: string;
  readonly pattern: string;
  readonly sort: Sort;
  /** Most likely first; of a form that is no number, what its parts would be. */
  readonly read: (text: string, separators: Separators | null) => readonly Decimal[];
};

const some = (...values: readonly (Decimal | null)[]): readonly Decimal[] =>
  values.filter((value) => value !== null);
const partsOf = (text: string): readonly Decimal[] =>
  some(...(text.match(/\d+(?:\.\d+)?/g) ?? []).map(decimalOf));

/** Thousands by commas, dots, blanks, apostrophes or underscores; lakhs; any of the two decimal marks. */
const PLAIN = [
  String.raw`\d{1,3}(?:,\d{3}){1,100}(?!\d|,\d)(?:[.${POINT}]\d+)?`,
  String.raw`\d{1,2}(?:,\d{2}){1,100},\d{3}(?!\d|,\d)(?:\.\d+)?`,
  String.raw`\d{1,3}(?:\.\d{3}){1,100}(?!\d|\.\d)(?:,\d+)?`,
  String.raw`(?<!\d )\d{1,3}(?: \d{3}){1,100}(?!\d| \d)(?:[.,${POINT}]\d+)?`,
  String.raw`\d{1,3}(?:'\d{3}){1,100}(?!\d|'\d)(?:[.,${POINT}]\d+)?`,
  String.raw`\d{1,3}(?:_\d{3}){1,100}(?![\d_])(?:\.\d+)?`,
  String.raw`(?<!\d,)\d+,\d+(?!\d|,\d)`,
  String.raw`\d+(?:[.${POINT}]\d+)?`,
  String.raw`(?<![\d.\p{L}])[.${POINT}]\d+`,
].join('|');

const E = String.raw`[eE][-+]?\d{1,5}(?![\d\p{L}])`;
const TIMES = String.raw` ?(?:x|×|\*|·|⋅|\\times|\\cdot) ?10(?:(?:\^|\*\*) ?\{?([-+]?\d{1,5})\}?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,5}))`;
const VULGAR = '[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞⅐⅑⅒]';
const SIZES: { readonly [word: string]: number } = {
  thousand: 3,
  million: 6,
  billion: 9,
  trillion: 12,
  lakh: 5,
  crore: 7,
  tausend: 3,
  mio: 6,
  mrd: 9,
  万: 4,
  萬: 4,
  億: 8,
  亿: 8,
  兆: 12,
  k: 3,
  m: 6,
  b: 9,
  bn: 9,
};
/** A letter may be a unit as well. */
const SIZE_LETTERS = ['k', 'm', 'b'];

export const FORMS: readonly Form[] = [
  other(
    'a date',
    String.raw`\d{4}-\d\d?-\d\d?(?:[T ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[-+]\d\d:?\d\d)?(?![\d-])|\d{1,4}/\d{1,2}/\d{1,4}(?![\d/])|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)(?![\d.])`,
  ),
  other('a time', String.raw`\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?(?![\d:])`),
  other('a version', String.raw`(?!\d{1,3}(?:\.\d{3}){2,100}(?!\d|\.\d))\d+(?:\.\d+){2,}`),
  { name: 'a power of ten', sort: 'amount', pattern: `(?:${PLAIN})${TIMES}`, read: readTimes },
  {
    name: 'a power',
    sort: 'amount',
    pattern: String.raw`\d+(?:\.\d+)?(?: ?(?:\^|\*\*) ?\{?[-+]?\d{1,4}\}?|(?<=(?<![\d.])10)[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4})`,
    read: readPower,
  },
  {
    name: 'LaTeX',
    sort: 'amount',
    pattern: String.raw`\\[dt]?frac\{\d{1,15}\}\{\d{1,15}\}`,
    read: readFraction,
  },
  { name: 'a vulgar fraction', sort: 'amount', pattern: `(?:\\d{1,15} ?)?${VULGAR}`, read: readVulgar },
  {
    name: 'a fraction',
    sort: 'amount',
    pattern: String.raw`(?:\d{1,15} )?\d{1,15} ?/ ?\d{1,15}(?![\d/.,]\d)`,
    read: readFraction,
  },
  {
    name: 'a range',
    sort: 'other',
    pattern: String.raw`\d[\d.,]{0,30}(?: ?[–—] ?|-)\d+(?:\.\d+)?(?! ?[=\d])`,
    read: partsOf,
  },
  {
    name: 'an ordinal',
    sort: 'label',
    pattern: String.raw`\d+(?:st|nd|rd|th|ère?|er|e|º|ª)(?![\p{L}\d])`,
    read: partsOf,
  },
  { name: 'a number with an exponent', sort: 'amount', pattern: `(?:${PLAIN})${E}`, read: readE },
  {
    name: 'a size',
    sort: 'amount',
    pattern: `(?:${PLAIN}) ?(?:${Object.keys(SIZES).join('|')})(?![\\p{Script=Latin}\\d²³/])`,
    read: readSize,
  },
  { name: 'a share', sort: 'amount', pattern: `(?:${PLAIN}) ?[%‰]`, read: readShare },
  { name: 'a number', sort: 'amount', pattern: PLAIN, read: readPlain },
];

function other(name: string, pattern: string): Form {
  return { name, pattern, sort: 'other', read: partsOf };
}

/** Of grouped digits. */
export function readPlain(text: string, separators: Separators | null): readonly Decimal[] {
  const point = text.replace(POINT, '.');
  const bare = decimalOf(text.replace(/[ '_,]/g, '').replace(POINT, '.'));
  // Ends in what is a group or a decimal: `1,234` and `1.234`.
  const either = /^[1-9]\d{0,2}([.,])\d{3}$/.exec(text);
  if (either) {
    const mark = either[1]!;
    const asDecimal = decimalOf(text.replace(mark, '.'));
    const asGroup = decimalOf(text.replace(mark, ''));
    if (separators !== null) return some(separators.decimal === mark ? asDecimal : asGroup);
    return mark === ',' ? some(asGroup, asDecimal) : some(asDecimal, asGroup);
  }
  if (text.includes(' ')) return readBlanks(text, separators);
  if (/^\d{1,3}(?:\.\d{3})+(?:,\d+)?$/.test(text) && (text.includes(',') || /\..*\./.test(text)))
    return some(decimalOf(text.replaceAll('.', '').replace(',', '.')));
  if (/^\d+,\d+$/.test(text)) {
    // Two numbers of a list, or one with a decimal comma.
    const asDecimal = decimalOf(text.replace(',', '.'));
    const last = decimalOf(text.slice(text.indexOf(',') + 1));
    if (separators === null) return some(asDecimal, last);
    return separators.decimal === ',' ? some(asDecimal) : some(last);
  }
  if (/'.*,/.test(text)) return some(decimalOf(text.replaceAll("'", '').replace(',', '.')));
  return some(bare ?? decimalOf(point));
}

/** `1 234` is one number to most, and two to some. */
function readBlanks(text: string, separators: Separators | null): readonly Decimal[] {
  const one = decimalOf(text.replaceAll(' ', '').replace(/[,⎖]/, '.'));
  const last = decimalOf(text.slice(text.lastIndexOf(' ') + 1).replace(/[,⎖]/, '.'));
  if (separators === null) return some(one, last);
  return separators.group === ' ' ? some(one) : separators.group === null ? some(one, last) : some(last);
}

function readE(text: string, separators: Separators | null): readonly Decimal[] {
  const at = text.search(/[eE]/);
  return readPlain(text.slice(0, at), separators).map((value) => scaled(value, Number(text.slice(at + 1))));
}

function readTimes(text: string, separators: Separators | null): readonly Decimal[] {
  const match = new RegExp(`${TIMES}$`, 'u').exec(text)!;
  const exponent = Number(match[1] ?? lowered(match[2]!));
  return readPlain(text.slice(0, match.index), separators).map((value) => scaled(value, exponent));
}

function readPower(text: string): readonly Decimal[] {
  const raised = /[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+$/u.exec(text);
  const [base, exponent] = raised
    ? [text.slice(0, raised.index), lowered(raised[0])]
    : text.split(/ ?(?:\^|\*\*) ?\{?/).map((part) => part.replace('}', ''));
  if (base === '10') return some(decimalOf(`1e${exponent}`));
  return some(decimalOf(String(Number(base) ** Number(exponent))));
}

/** What stands for `7/10` may be seven of ten. */
function readFraction(text: string): readonly Decimal[] {
  const [a, b, c] = (text.match(/\d+/g) ?? []).map(Number) as [number, number, number?];
  const [whole, over, under] = c === undefined ? [0, a, b] : [a, b, c];
  const value = decimalOf(String(whole + over / under));
  return text.startsWith('\\') || c !== undefined ? some(value) : some(value, decimalOf(String(a)));
}

function readVulgar(text: string): readonly Decimal[] {
  const mark = text.at(-1)!;
  const [over, under] = mark.normalize('NFKC').split('⁄').map(Number) as [number, number];
  return some(decimalOf(String(Number(text.slice(0, -1) || '0') + over / under)));
}

function readSize(text: string, separators: Separators | null): readonly Decimal[] {
  const word = /(?:\p{L}+)$/u.exec(text)![0];
  const plain = readPlain(text.slice(0, -word.length).trim(), separators);
  const large = plain.map((value) => scaled(value, SIZES[word.toLowerCase()] ?? 0));
  return SIZE_LETTERS.includes(word.toLowerCase()) ? [...plain, ...large] : [...large, ...plain];
}

function readShare(text: string, separators: Separators | null): readonly Decimal[] {
  const plain = readPlain(text.slice(0, -1).trim(), separators);
  return [...plain, ...plain.map((value) => scaled(value, text.endsWith('%') ? -2 : -3))];
}

/** Whether nothing but a decimal mark and its digits, or groups beside one, can be meant. */
export function markOf(text: string): '.' | ',' | null {
  if (/,\d{3}.*\.\d+$|^\d+\.(?:\d{1,2}|\d{4,})$|^0\.\d+$|^\d{1,3}(?:,\d{3}){2,}$/.test(text)) return '.';
  if (/\.\d{3}.*,\d+$|^\d+,(?:\d{1,2}|\d{4,})$|^0,\d+$|^\d{1,3}(?:\.\d{3}){2,}$/.test(text)) return ',';
  return null;
}
