// PAGER of an environment -> the words of a command. Pure.

/** Quits where all fits on one screen, leaves what was read on it, and shows colours. */
const LESS = ['less', '-R', '-F', '-X'] as const;

/** null = none: `PAGER=` and `PAGER=cat` say so. */
export function pagerOf({ PAGER }: { readonly PAGER?: string | undefined }): readonly string[] | null {
  if (PAGER === undefined) return LESS;
  const words = wordsOf(PAGER);
  return words.length === 0 || words[0] === 'cat' ? null : words;
}

/** Quotes keep blanks together; nothing else of a shell is meant. */
function wordsOf(text: string): readonly string[] {
  return [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/["']/g, ''));
}
