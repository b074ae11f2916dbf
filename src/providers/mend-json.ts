// JSON as some servers send it: behind comments that keep a connection alive, and with numbers that JSON has not. Pure.

/** For text that JSON.parse refuses; what is no JSON for another reason stays so. */
export function mendJson(text: string): string {
  return withoutOddNumbers(withoutComments(text));
}

/** DeepSeek and OpenRouter keep a connection alive with blank lines and with comments of event streams. */
function withoutComments(text: string): string {
  let at = 0;
  for (;;) {
    const start = skipBlanks(text, at);
    if (text[start] !== ':') return at === 0 ? text : text.slice(start);
    const end = text.indexOf('\n', start);
    if (end < 0) return text;
    at = end + 1;
  }
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && BLANKS.has(text[at]!)) at++;
  return at;
}

const BLANKS = new Set([' ', '\t', '\r', '\n', '\ufeff']);

/** Python writes NaN, Infinity and -Infinity where a number is none (logprobs): null. What stands in a text stays. */
function withoutOddNumbers(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') at = endOfText(text, at);
    else if (character === 'N' || character === 'I' || character === '-') {
      const word = ODD_NUMBERS.find((one) => text.startsWith(one, at));
      if (word === undefined) continue;
      pieces.push(text.slice(from, at), 'null');
      from = at + word.length;
      at = from - 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}

const ODD_NUMBERS = ['NaN', '-NaN', 'Infinity', '-Infinity'];

function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at++;
  }
  return text.length;
}
