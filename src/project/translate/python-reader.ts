// The smallest steps through Python source: strings, comments, blanks, and the end of an argument.

export type Reader = { readonly source: string; at: number };

export function makeReader(source: string, at: number): Reader {
  return { source, at };
}

/** Stands at the opening quote, ends behind the closing one. null: f-strings and bytes. */
export function readString(reader: Reader, prefix: string): string | null {
  const { source } = reader;
  const quote =
    source.startsWith('"""', reader.at) || source.startsWith("'''", reader.at)
      ? source.slice(reader.at, reader.at + 3)
      : source[reader.at]!;
  const start = reader.at + quote.length;
  let end = start;
  while (end < source.length && !source.startsWith(quote, end)) {
    if (quote.length === 1 && source[end] === '\n') break;
    end += source[end] === '\\' ? 2 : 1;
  }
  reader.at = Math.min(source.length, end + quote.length);
  if (/[bf]/i.test(prefix)) return null;
  const written = source.slice(start, end);
  return /r/i.test(prefix) ? written : unescaped(written);
}

const ESCAPES: { readonly [letter: string]: string | undefined } = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  0: '\0',
};

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([\s\S]))/gi,
    (whole, x?: string, u?: string, long?: string, letter?: string) => {
      const code = x ?? u ?? long;
      if (code !== undefined) {
        const point = Number.parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      }
      return ESCAPES[letter!] ?? whole;
    },
  );
}

/** To the comma or the bracket that ends this argument. */
export function skipArgument(reader: Reader): void {
  const { source } = reader;
  let open = 0;
  while (reader.at < source.length) {
    const character = source[reader.at]!;
    if (character === '#') skipComment(reader);
    else if (/["']/.test(character)) readString(reader, '');
    else if (/[([{]/.test(character)) {
      open++;
      reader.at++;
    } else if (/[)\]}]/.test(character)) {
      if (open === 0) return;
      open--;
      reader.at++;
    } else if (character === ',' && open === 0) return;
    else reader.at++;
  }
}

export function blanks(reader: Reader): void {
  const { source } = reader;
  for (;;) {
    const space = /^(?:\s|\\\n)+/.exec(source.slice(reader.at, reader.at + 500))?.[0];
    if (space !== undefined) reader.at += space.length;
    else if (source[reader.at] === '#') skipComment(reader);
    else return;
  }
}

export function skipComment(reader: Reader): void {
  const end = reader.source.indexOf('\n', reader.at);
  reader.at = end < 0 ? reader.source.length : end;
}
