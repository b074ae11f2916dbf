// Two texts word by word: what both say, what only the first says, what only the second says. Pure; the one file that imports
// the package `diff`.
import { diffArrays } from 'diff';

export type Piece = { readonly kind: 'same' | 'added' | 'removed'; readonly text: string };

export type TextDiff = {
  /** `lines` where they differ in too much to be told by words, `whole` where not even that can be told in time. */
  readonly grain: 'words' | 'lines' | 'whole';
  /** `same` and `added` in order are the second text, character by character. */
  readonly pieces: readonly Piece[];
  /** How much of the longer text both have, 0..1: at little of it, marks tell a reader nothing. */
  readonly shared: number;
};

/**
 * The search takes time with the square of the edits: 1,500 are 30 ms, and more than an eye follows. Beyond so many characters
 * words are not even looked for.
 */
const MAX_EDITS = 1_500;
const MAX_CHARS_BY_WORDS = 200_000;
const MAX_CHARS_BY_LINES = 2_000_000;

/** Words with the space behind them: spaces of their own would be found alike everywhere. Each Chinese character is a word. */
const WORDS =
  /(?:[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}_]+|\s+|[\s\S])\s*/gu;
const LINES = /[^\n]*\n|[^\n]+/g;

export function diffTexts(from: string, to: string): TextDiff {
  const chars = from.length + to.length;
  const words = chars <= MAX_CHARS_BY_WORDS ? piecesBy(WORDS, from, to) : null;
  if (words !== null) return told('words', joined(words), from, to);
  const lines = chars <= MAX_CHARS_BY_LINES ? piecesBy(LINES, from, to) : null;
  if (lines !== null) return told('lines', lines, from, to);
  return told('whole', [piece('removed', from), piece('added', to)].filter(isThere), from, to);
}

/** They say the same in the same words: only spaces and line ends are others. */
export function differsOnlyInSpace({ pieces }: TextDiff, from: string, to: string): boolean {
  return from !== to && pieces.every(({ kind }) => kind === 'same');
}

/** Where it says the same for long, only what stands beside a change is kept. `chars` on each side, up to the next space. */
export function nearChanges(pieces: readonly Piece[], chars: number): readonly Piece[] {
  return pieces.map((one, n) => {
    if (one.kind !== 'same') return one;
    const [isFirst, isLast] = [n === 0, n === pieces.length - 1];
    const room = isFirst || isLast ? chars : 2 * chars;
    // What is left out has to be worth a mark that says so.
    if (one.text.length <= room + chars) return one;
    const head = isFirst ? '' : one.text.slice(0, one.text.indexOf(' ', chars) + 1);
    const tail = isLast ? '' : one.text.slice(one.text.lastIndexOf(' ', one.text.length - chars));
    return { kind: 'same', text: head.length + tail.length < one.text.length ? `${head}…${tail}` : one.text };
  });
}

function told(grain: TextDiff['grain'], pieces: readonly Piece[], from: string, to: string): TextDiff {
  const same = pieces.reduce((sum, { kind, text }) => sum + (kind === 'same' ? weightOf(text) : 0), 0);
  const longer = Math.max(weightOf(from), weightOf(to));
  return { grain, pieces, shared: longer === 0 ? 1 : Math.min(1, same / longer) };
}

const weightOf = (text: string): number => text.replace(/\s+/g, '').length;

/** null = too many edits. */
function piecesBy(unit: RegExp, from: string, to: string): readonly Piece[] | null {
  const [a, b] = [from.match(unit) ?? [], to.match(unit) ?? []];
  // Numbers are compared faster than texts, and a word is the same whatever space follows it.
  const ids = new Map<string, number>();
  const idOf = (token: string): number => {
    const word = token.trimEnd();
    const known = ids.get(word) ?? ids.size;
    ids.set(word, known);
    return known;
  };
  const changes = diffArrays(a.map(idOf), b.map(idOf), { maxEditLength: MAX_EDITS });
  if (changes === undefined) return null;
  let [i, j] = [0, 0];
  return changes.map(({ added, removed, count }) => {
    if (removed) {
      i += count;
      return piece('removed', a.slice(i - count, i).join(''));
    }
    if (!added) i += count;
    j += count;
    return piece(added ? 'added' : 'same', b.slice(j - count, j).join(''));
  });
}

function piece(kind: Piece['kind'], text: string): Piece {
  return { kind, text };
}

const isThere = ({ text }: Piece): boolean => text !== '';

/**
 * A comma that happens to be alike between two changed words tears one change into two: what holds no letter between changes is
 * part of the change. Of each change first what is gone, then what is new.
 */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = [];
  let [gone, come] = ['', ''];
  const close = (): void => {
    result.push(...[piece('removed', gone), piece('added', come)].filter(isThere));
    [gone, come] = ['', ''];
  };
  pieces.forEach((one, n) => {
    if (one.kind === 'removed') gone += one.text;
    else if (one.kind === 'added') come += one.text;
    else if (gone !== '' && come !== '' && n + 1 < pieces.length && !/[\p{L}\p{N}]/u.test(one.text)) {
      gone += one.text;
      come += one.text;
    } else {
      close();
      result.push(one);
    }
  });
  close();
  return result;
}
