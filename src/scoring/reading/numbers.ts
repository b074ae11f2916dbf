// The numbers of a text, and which of them is its answer. A text is anybody's: each character is looked at a bounded
// number of times.
import { eitherMark, groupsByComma } from './comma-groups.ts';
import { type Decimal, negated } from './decimal.ts';
import { toAscii } from './digits.ts';
import { FORMS, type Form, markOf, type Sort } from './number-forms.ts';
import { type Separators, separatorsOf } from './separators.ts';

export type AnswerNumber = {
  /** What it is taken for; null = there is no number that an amount could be. */
  readonly value: Decimal | null;
  /** What somebody else would take it for: a miss is none where one of these is wanted. */
  readonly others: readonly Decimal[];
  /** Another number that has as good a claim: where it decides otherwise, nothing is decided. */
  readonly rivals: readonly Decimal[];
  /** What it would be if comma and dot meant the other thing; null = nobody would take it so. */
  readonly swapped: Decimal | null;
};

type Found = {
  readonly start: number;
  readonly end: number;
  readonly sort: Sort;
  readonly form: Form;
  readonly body: string;
  readonly isNegative: boolean;
  readonly isBracketed: boolean;
};

const NONE: AnswerNumber = { value: null, others: [], rivals: [], swapped: null };

export function answerNumber(written: string, locale = ''): AnswerNumber {
  const text = toAscii(written);
  const all = numbersOf(text);
  const separators = locale === '' ? conventionOf(all) : separatorsOf(locale, toAscii);
  const read = (one: Found): readonly Decimal[] => readingsOf(one, { text, separators });
  const usable = ['amount', 'label'].map((sort) => all.filter((one) => one.sort === sort));
  const amounts = usable.find((list) => list.length > 0);
  if (amounts === undefined) return { ...NONE, others: all.slice(-MAX_OTHERS).flatMap(read) };
  const last = amounts.at(-1)!;
  const marked = markedIn(text, amounts);
  const taken = marked?.found ?? last;
  const [value = null, ...others] = read(taken);
  const mark = separators === null ? eitherMark(taken.body) : null;
  const swapped = mark === null ? null : (others[0] ?? null);
  const unsettled = swapped !== null && mark === ',' && !groupsByComma(text, taken) ? [swapped] : [];
  if (marked !== null) {
    const isRival = !marked.isFirm && last.start > taken.start && !last.isBracketed;
    return { value, others, swapped, rivals: [...unsettled, ...(isRival ? read(last).slice(0, 1) : [])] };
  }
  const more = besides(text, { amounts, taken }).flatMap((one) => read(one).slice(0, 1));
  return { value, others: [...others, ...more], swapped, rivals: unsettled };
}

const MAX_OTHERS = 20;

/** What a number begins with is looked for first: most of a text is none. */
const FINDER = new RegExp(
  `(?=[\\d.\u2396\\\\½⅓⅔¼¾⅕-⅞⅐⅑⅒])(?:${FORMS.map(({ pattern }, n) => `(?<form${n}>${pattern})`).join('|')})`,
  'giu',
);

/** The answer is among the last of a text: a log of a megabyte is not looked through. */
const MAX_CHARS = 200_000;
const MAX_LOOKED = 1_000;

function numbersOf(text: string): readonly Found[] {
  const head = text.length > MAX_CHARS ? text.length - MAX_CHARS : 0;
  const matches = [...text.slice(head).matchAll(FINDER)];
  const looked = matches.length > MAX_LOOKED ? [matches[0]!, ...matches.slice(-MAX_LOOKED)] : matches;
  return looked.map((match) => {
    const form = FORMS.find((_, n) => match.groups![`form${n}`] !== undefined)!;
    const start = head + match.index;
    const end = start + match[0].length;
    const before = text.slice(Math.max(0, start - 40), start);
    const { sign, money } = prefixOf(before.slice(-10));
    const after = text.slice(end, end + 12);
    const place = { before, after };
    const sort =
      !money && isGlued(place) ? 'other' : form.sort === 'amount' && isLabel(place) ? 'label' : form.sort;
    const isBracketed =
      /[([][^()[\]]{0,39}$/.test(before) && /^[^()[\]]{0,11}[)\]]|^[^()[\]]{12}/.test(after);
    return { start, end, sort, form, body: match[0], isNegative: sign === '-', isBracketed };
  });
}

/** ISO 4217 as ICU knows it, and what people write instead. */
const MONEY = [...Intl.supportedValuesOf('currency'), 'Rs\\.?', 'kr\\.?', 'Fr\\.'].join('|');
const PREFIX = new RegExp(
  `(?<![\\p{L}\\d.)_])([-+]?)(?:[A-Z]{0,3}\\\\?\\p{Sc}|(?:${MONEY})) ?([-+]?)$|(?<![\\w.)])([-+])$`,
  'u',
);

/** A sign counts where no word or number stands before it: a date has no negative months. */
function prefixOf(before: string): { readonly sign: string; readonly money: boolean } {
  const found = PREFIX.exec(before);
  if (found === null) return { sign: '', money: false };
  const [, outer, inner, alone] = found;
  return { sign: alone ?? (outer || inner || ''), money: alone === undefined };
}

type Place = { readonly before: string; readonly after: string };

/** gpt-4, B2B, m2 and 4f3a are words. Scripts without blanks between words glue nothing. */
function isGlued({ before, after }: Place): boolean {
  if (/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}](?:[-_]|)$|\d[_-]$|\d\.$/u.test(before))
    return true;
  return /^[a-z]\d/i.test(after) && !/^(?:[mgs][23]|x\d)/i.test(after);
}

/** Words before the number of a place, in the languages that answers mostly are in. */
const PLACES = [
  ...[
    'steps?',
    'pages?',
    'pp?\\.',
    'sections?',
    'sec\\.',
    '§',
    'figures?',
    'fig\\.',
    'tables?',
    'chapters?',
    'ch\\.',
  ],
  ...[
    '(?:foot)?notes?',
    'references?',
    'refs?\\.',
    'equations?',
    'eqs?\\.',
    'lines?',
    'questions?',
    'problems?',
  ],
  ...['examples?', 'appendix', 'schritte?', 'seiten?', 'abschnitte?', 'kapitel', 'étapes?', 'paso', 'página'],
].join('|');
const PLACE = new RegExp(`(?:^|[^\\p{L}])(?:${PLACES}) ?[#(]?$`, 'iu');

function isLabel({ before, after }: Place): boolean {
  if (PLACE.test(before)) return true;
  if (/\[\^?(?:\d{1,3}[,–-] ?)*$/.test(before) && /^(?:[,–-] ?\d{1,3})*\]/.test(after)) return true;
  return /(?:^|\n)[ \t]*$/.test(before) && /^[.)][ \t]/.test(after);
}

/** What the numbers with one reading say of commas and dots; null = nothing, or both. */
function conventionOf(all: readonly Found[]): Separators | null {
  const marks = new Set(all.filter(({ sort }) => sort === 'amount').map(({ body }) => markOf(body)));
  marks.delete(null);
  const [decimal] = marks;
  return marks.size === 1 ? { decimal: decimal!, group: null } : null;
}

function readingsOf(
  { form, body, isNegative, start, end }: Found,
  { text, separators }: { readonly text: string; readonly separators: Separators | null },
): readonly Decimal[] {
  const read = form.read(body, separators);
  const signed = isNegative ? read.map(negated) : read;
  // Accountants write what is owed in parentheses, and some a minus behind.
  const opened = /\((?:[A-Z]{0,3}\p{Sc}|[A-Z]{3})? ?$/u.exec(text.slice(Math.max(0, start - 8), start));
  const isAccounted = opened !== null && text[end] === ')';
  const isBehind = /^-(?:$|[\s.,;])/.test(text.slice(end, end + 2));
  if (!isAccounted && !isBehind) return signed;
  const isAll = text.trim().length === (isAccounted ? opened![0].length + 1 : 1) + body.length;
  return isAll ? [...signed.map(negated), ...signed] : [...signed, ...signed.map(negated)];
}

type Marked = { readonly found: Found; readonly isFirm: boolean };

const SAYS =
  /(?:\b(?:answer|result|solution|antwort|ergebnis|lösung|réponse|résultat|respuesta|resultado|risposta|resposta)\b|答え|答案|结果)[^.\n\d=:]{0,40}?(?:\b(?:is|are|ist|lautet|est|es|è|é)\b|[:=]|は|是|为)/giu;

/** `\boxed{42}` and `#### 42` are made for whoever reads by machine; "the answer is" is a habit. */
function markedIn(text: string, amounts: readonly Found[]): Marked | null {
  const boxed = text.lastIndexOf('\\boxed{');
  const hashes = /(?:^|\n)#### [^\n]*$/.exec(text.trimEnd())?.index ?? -1;
  const firm = amounts.find(({ start }) => start > Math.max(boxed, hashes));
  if (Math.max(boxed, hashes) >= 0 && firm !== undefined) return { found: firm, isFirm: true };
  const said = [...text.matchAll(SAYS)].at(-1);
  if (said === undefined) return null;
  const from = said.index + said[0].length;
  const stop = /[.!?] |\n/.exec(text.slice(from + 3))?.index ?? text.length;
  const inside = amounts.filter(({ start }) => start >= from && start <= from + 3 + stop);
  // "10 + 5 = 15".
  const equal = inside.findLast(({ start }) => /= ?[-+]?\\?\p{Sc}?$/u.test(text.slice(start - 6, start)));
  const found = equal ?? inside[0];
  return found === undefined ? null : { found, isFirm: false };
}

/** Numbers that a reader may take before the last: the one before a bracket, a bold one, one that begins the answer. */
function besides(
  text: string,
  { amounts, taken }: { readonly amounts: readonly Found[]; readonly taken: Found },
): readonly Found[] {
  const outside = taken.isBracketed ? amounts.findLast(({ isBracketed }) => !isBracketed) : undefined;
  const bold = amounts.findLast(
    ({ start, end }) =>
      /\*\*[^*\n]{0,12}$/.test(text.slice(start - 14, start)) &&
      /^[^*\n]{0,12}\*\*/.test(text.slice(end, end + 14)),
  );
  const first = amounts[0]!;
  const begins = /^\s*[-+]?\p{Sc}?$/u.test(text.slice(0, first.start).slice(-20)) && first.start < 20;
  const isFirst =
    begins &&
    /^[^\n.,;:]{0,8}(?:[,;:\n]|\. | (?:because|since|as|weil|car)\b)/.test(
      text.slice(first.end, first.end + 20),
    );
  return [outside, bold, isFirst ? first : undefined].filter(
    (one) => one !== undefined && one !== taken,
  ) as Found[];
}
