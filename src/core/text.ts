// Text of others (models, providers, scenario files) made fit for a terminal: nothing moves the cursor, nothing lies
// about its order, nothing is wider than it is taken for.

/**
 * What a terminal or a reader's eye would obey instead of show: control characters (C0, DEL, C1), line and paragraph
 * separators, marks and overrides of writing direction, invisible tags, a byte order mark.
 */
const UNSAFE = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** On one line: line ends and tabs become spaces, every other control character its escape, e.g. `\x1b`. */
export function sanitizeLine(text: string): string {
  return sanitize(text.replace(/\r\n|[\n\r\t]/g, ' '));
}

/** On several lines: line ends stay, tabs become two spaces, every other control character its escape. */
export function sanitizeBlock(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\t/g, '  ').split('\n');
  return lines.map(sanitize).join('\n');
}

function sanitize(text: string): string {
  // Printable ASCII is nearly everything that is ever shown.
  if (/^[ -~]*$/.test(text)) return text;
  return text.toWellFormed().replace(UNSAFE, (mark) => {
    const code = mark.codePointAt(0)!;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** What of it formats leave as it is that escape C0 themselves, as JSON and XML do. */
export const UNSAFE_AS_TEXT: RegExp =
  /[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** A value as one line of JSON, line end included, fit for a terminal: it parses to the same value. */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value).replace(UNSAFE_AS_TEXT, (mark) =>
    Array.from(
      { length: mark.length },
      (_, i) => `\\u${mark.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
  return `${json}\n`;
}

/** Columns that text takes on a terminal; the text holds no escapes. */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemesOf(text)) width += graphemeWidth(grapheme);
  return width;
}

export type Cut = { readonly width: number; readonly from: 'end' | 'middle' };

/** Shortens text to a width; what was taken out is marked by an ellipsis. From the middle: both ends tell names apart. */
export function cutText(text: string, { width, from }: Cut): string {
  if (displayWidth(text) <= width) return text;
  if (width < 1) return '';
  const room = width - 1;
  const headRoom = from === 'end' ? room : Math.ceil(room / 2);
  if (NARROW.test(text)) {
    return `${text.slice(0, headRoom)}…${text.slice(text.length - (room - headRoom))}`;
  }
  const graphemes = graphemesOf(text);
  const head = takeWidth(graphemes, headRoom);
  const tail = takeWidth(graphemes.toReversed(), from === 'end' ? 0 : room - headRoom).toReversed();
  return `${head.join('')}…${tail.join('')}`;
}

/** Fills up with spaces on the right, or cuts. */
export function fitText(text: string, cut: Cut): string {
  const fitted = cutText(text, cut);
  return fitted + ' '.repeat(Math.max(0, cut.width - displayWidth(fitted)));
}

/** A column each, and each by itself: ASCII, Latin letters, and the marks and lines that tables are drawn with. */
const NARROW =
  /^[ -~\u00a1-\u00a8\u00aa-\u00ac\u00af-\u024f\u2013\u2014\u2018-\u201d\u2026\u2192\u2248\u2260\u2264\u2265\u2500-\u257f\u2713\u2717]*$/;

let segmenter: Intl.Segmenter | null = null;

/** Its tables take ten milliseconds to load: whoever shows no other script does without. */
function graphemesOf(text: string): readonly string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/**
 * East Asian wide and full-width forms, and pictures: two columns in every terminal of today. A test holds this against the
 * package string-width, which knows more and takes 30 ms to load: a tenth of what a start takes (docs/decisions/0060-one-of-each.md).
 */
const WIDE =
  /^(?:[\u1100-\u115e\u2329\u232a\u2630-\u2637\u268a-\u268f\u2e80-\u303e\u3041-\u3163\u3165-\u3247\u3250-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{16ff6}\u{17000}-\u{18df2}\u{1aff0}-\u{1b2fb}\u{1d300}-\u{1d376}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Emoji}\ufe0f)/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Default_Ignorable_Code_Point}]+$/u;

function graphemeWidth(grapheme: string): number {
  if (NO_WIDTH.test(grapheme)) return 0;
  if (WIDE.test(grapheme)) return 2;
  // Marks that take room and consonants that join, as in Devanagari; what is joined by a joiner takes none.
  const visible = [...grapheme.replace(/\u200d.*/su, '')].filter((character) => !NO_WIDTH.test(character));
  return visible.length;
}

function takeWidth(graphemes: readonly string[], width: number): string[] {
  const taken: string[] = [];
  let room = width;
  for (const grapheme of graphemes) {
    room -= graphemeWidth(grapheme);
    if (room < 0) break;
    taken.push(grapheme);
  }
  return taken;
}
