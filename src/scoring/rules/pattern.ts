// Regular expressions of expectations: JavaScript's, with the flags u and s.

/** `(?i)` at the start ignores case, as people know it from elsewhere. @throws SyntaxError */
export function compilePattern(pattern: string, flags = ''): RegExp {
  const folded = pattern.startsWith('(?i)');
  const all = new Set(['u', 's', ...flags, ...(folded ? ['i'] : [])]);
  return new RegExp(folded ? pattern.slice('(?i)'.length) : pattern, [...all].join(''));
}

/** Beside u and s, which always hold; g and y would make the answer depend on the question before. */
export const FLAGS: readonly string[] = ['i', 'm', 's', 'u'];

export function patternProblem(pattern: string, flags = ''): string | null {
  try {
    compilePattern(pattern, flags);
    return null;
  } catch (error) {
    // "Invalid regular expression: /(/us: Unterminated group"
    const reason = /: ([^:]+)$/.exec((error as Error).message)?.[1] ?? (error as Error).message;
    return `does not compile: ${reason.toLowerCase()}`;
  }
}

/** Text that stands for itself inside of a pattern. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
