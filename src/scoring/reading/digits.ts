// Digits and marks of all scripts -> those of ASCII: whoever reads numbers after that knows one of each. Pure.

const MARKS: { readonly [mark: string]: string } = {
  '−': '-',
  '－': '-',
  '﹣': '-',
  '‑': '-',
  '＋': '+',
  '﹢': '+',
  '．': '.',
  '，': ',',
  '：': ':',
  '％': '%',
  '٪': '%',
  '（': '(',
  '）': ')',
  '／': '/',
  '⁄': '/',
  '＝': '=',
  // The marks of Arabic numbers are nothing else: they need no guess.
  '٫': '\u2396',
  '٬': "'",
  '’': "'",
  ʼ: "'",
  '＇': "'",
  '＿': '_',
  '\u00a0': ' ',
  '\u2007': ' ',
  '\u2008': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\u200a': ' ',
  '\u3000': ' ',
};

const OTHERS = new RegExp(`(?![0-9])\\p{Nd}|[${Object.keys(MARKS).join('')}]`, 'gu');

/** The mark that is a decimal point whatever the locale (U+2396 in text of ours, `٫` in text of others). */
export const POINT = '\u2396';

export function toAscii(text: string): string {
  return text.replace(OTHERS, (mark) => MARKS[mark] ?? String(digitOf(mark)));
}

const known = new Map<string, number>();

/** Unicode keeps the ten digits of a script side by side, and whole sets of ten next to one another. */
function digitOf(mark: string): number {
  let digit = known.get(mark);
  if (digit === undefined) {
    let before = 0;
    for (let at = mark.codePointAt(0)! - 1; /\p{Nd}/u.test(String.fromCodePoint(at)); at--) before++;
    digit = before % 10;
    known.set(mark, digit);
  }
  return digit;
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** `²³` and `⁻⁵` -> `23` and `-5`. */
export function lowered(text: string): string {
  return [...text]
    .map((mark) => (mark === '⁻' ? '-' : mark === '⁺' ? '+' : String(RAISED.indexOf(mark))))
    .join('');
}
