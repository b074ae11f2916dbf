// The YAML library's error codes in sentences that say what to do.

export function syntaxSentence(code: string, message: string): string {
  if (message.includes('call stack')) return 'nested too deeply to be read';
  if (/^Missing closing .quote/.test(message))
    return 'not valid YAML: the quote that opens here is never closed';
  return `not valid YAML: ${SENTENCES[code] ?? firstSentence(message)}`;
}

/** @param of.before what stands on the line before it */
export function syntaxHint(
  code: string,
  { message, before }: { readonly message: string; readonly before: string },
): string | null {
  if (/^Missing closing .quote/.test(message)) return 'close it, or write a text of several lines under "|"';
  // `pass: >= 0.9`: to YAML a text over several lines begins there.
  if (code === 'UNEXPECTED_TOKEN' && /[:-]\s+>=?\s*$/.test(before)) {
    return 'text that starts with > needs quotes: ">= 0.9"';
  }
  return HINTS[code] ?? null;
}

const SENTENCES: { readonly [code: string]: string | undefined } = {
  BAD_INDENT: 'this line is indented differently from what it belongs to',
  BLOCK_AS_IMPLICIT_KEY: 'two "key: value" pairs stand on one line, or an indent is wrong',
  MISSING_CHAR: 'a closing quote, bracket or colon is missing',
  MULTILINE_IMPLICIT_KEY: 'this key has no ":" on its line',
  TAB_AS_INDENT: 'a tab indents this line',
  TAG_RESOLVE_FAILED: 'this tag is not known',
  UNEXPECTED_TOKEN: 'this does not belong here',
  BAD_DQ_ESCAPE: 'this \\ escape does not exist in double quotes',
  BAD_ALIAS: 'this alias or anchor has no proper name',
};

const HINTS: { readonly [code: string]: string | undefined } = {
  BLOCK_AS_IMPLICIT_KEY: 'text that holds ": " needs quotes',
  BAD_DQ_ESCAPE: 'single quotes take a backslash as it is',
  BAD_SCALAR_START: 'text that starts with this character needs quotes',
  MULTILINE_IMPLICIT_KEY: 'write "key: value", or indent the line if it continues a text',
  TAB_AS_INDENT: 'indent with spaces',
  TAG_RESOLVE_FAILED: 'data is plain here: leave the tag out',
};

function firstSentence(message: string): string {
  const sentence = message.split('\n')[0]!.slice(0, 200);
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
