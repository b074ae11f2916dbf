// Cuts a message into words, numbers and the few marks that matter. Linear, and over the first part of the text only.

export type Word = {
  /** As written. */
  readonly text: string;
  readonly lower: string;
  /** Value of a number, otherwise null. */
  readonly number: number | null;
  /** Set by the readers of times and dates: such a word is no part of a title. */
  taken: boolean;
};

/** What a person types fits; a pasted book must not cost time. */
const MAX_CHARS_READ = 2_000;

const STAMP = /\[(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?: ?UTC| ?Z)?\]/;

/** Where no stamp is in the text: a fixed time, because an answer depends on the request alone. */
const DEFAULT_NOW = Date.UTC(2026, 0, 1, 9, 0);

/** The words of a message, and the time that it says it is (epoch ms, UTC). */
export function readWords(message: string): { readonly words: readonly Word[]; readonly now: number } {
  const text = message.slice(0, MAX_CHARS_READ);
  const stamp = STAMP.exec(text);
  const rest = stamp ? text.slice(0, stamp.index) + text.slice(stamp.index + stamp[0].length) : text;
  const words: Word[] = [];
  // Each alternative starts with another class of character: no backtracking.
  for (const [found] of rest.matchAll(/\p{L}+(?:['’-]\p{L}+)*|\d+|[:.,/?!;-]/gu)) {
    const first = found.charCodeAt(0);
    const isNumber = first >= 48 && first <= 57;
    words.push({
      text: found,
      lower: isNumber ? found : found.toLowerCase().replaceAll('’', "'"),
      number: isNumber && found.length <= 6 ? Number(found) : null,
      taken: false,
    });
  }
  return { words, now: stamp ? stampTime(stamp) : DEFAULT_NOW };
}

/** Lower-case words with single spaces around them, marks left out: made to be searched for phrases. */
export function phraseText(words: readonly Word[]): string {
  let text = ' ';
  for (const word of words) if (!isMark(word)) text += `${word.lower} `;
  return text;
}

export function isMark(word: Word): boolean {
  return word.lower.length === 1 && ':.,/?!;-'.includes(word.lower);
}

export function endsSentence(word: Word): boolean {
  return word.lower === '.' || word.lower === '?' || word.lower === '!' || word.lower === ';';
}

function stampTime(stamp: RegExpExecArray): number {
  const [, year, month, day, hour, minute] = stamp.map(Number);
  return Date.UTC(year!, month! - 1, day!, hour!, minute!);
}
