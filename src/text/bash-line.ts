// A line of bash that is being written: its words as the program would get them, and how a name is written into it. Nothing of it
// is ever evaluated, neither here nor by the shell.

export type BashLine = {
  /** After the program's name; the last one is being written. */
  readonly words: readonly string[];
  /** What of the last word bash keeps: it replaces only what follows. */
  readonly kept: string;
  /** In what the rest is written. */
  readonly quote: Quote;
};

export type Quote = '"' | "'" | null;

/** @param breaks COMP_WORDBREAKS: bash replaces a word from the last of these on */
export function readBashLine(line: string, breaks: string): BashLine {
  const words: string[] = [];
  let word = '';
  let isIn = false;
  let quote: Quote = null;
  let kept = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at]!;
    if (quote === "'") {
      if (char === "'") quote = null;
      else word += char;
    } else if (char === '\\') {
      const next = line[++at] ?? '';
      // Within double quotes a backslash is one, but before what it could take its meaning from.
      word += quote === '"' && !'$`"\\'.includes(next) ? `\\${next}` : next;
      isIn = true;
    } else if (quote === '"') {
      if (char === '"') quote = null;
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      isIn = true;
      kept = word;
    } else if (/\s/.test(char)) {
      if (isIn) words.push(word);
      [word, isIn, kept] = ['', false, ''];
    } else {
      word += char;
      isIn = true;
      if (breaks.includes(char)) kept = word;
    }
  }
  if (quote === null && kept !== '' && !breaks.includes(kept.at(-1)!)) kept = lastBreak(word, breaks);
  const named = words.findIndex((one) => !/^\w+=/.test(one));
  return { words: [...words.slice(named + 1), word], kept, quote };
}

/** A quote that is closed again is none to bash: it looks for the last break. */
function lastBreak(word: string, breaks: string): string {
  let at = word.length;
  while (at > 0 && !breaks.includes(word[at - 1]!)) at--;
  return word.slice(0, at);
}

/** As it is to be inserted; null where it cannot be written so that bash takes it as it is. */
export function quoted(text: string, quote: Quote): string | null {
  if (quote === "'") return text.replaceAll("'", "'\\''");
  if (quote === '"') return text.includes('!') ? null : text.replace(/["$`\\]/g, '\\$&');
  return text.replace(/[^\w./:=@%+,\u0080-\u{10ffff}-]/gu, '\\$&');
}
