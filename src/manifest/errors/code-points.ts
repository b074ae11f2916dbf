// The length of text as JSON Schema counts it: in code points. Used by the generated validators.

export function codePoints(text: string): number {
  let count = text.length;
  // A pair of surrogates is one code point; text without any is the rule.
  if (!/[\ud800-\udbff]/.test(text)) return count;
  for (let at = 0; at < text.length - 1; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      count--;
      at++;
    }
  }
  return count;
}
