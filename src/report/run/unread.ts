// Verdicts that could not be read, in words: a line a scorer. Pure.
import type { UnreadVerdicts } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { wrapWords } from '../../text/wrap.ts';

export function unreadText(all: readonly UnreadVerdicts[], columns: number): string {
  return all.map((one) => `${wrapWords(unreadSentence(one), { columns, indent: '  ' })}\n`).join('');
}

const MOST_WORDS = 160;

/** `12 of 80 verdicts of faithful could not be read; the first: the judge answered no JSON: Hard to say.` */
function unreadSentence({ scorer, verdicts, unread, first }: UnreadVerdicts): string {
  const words = sanitizeLine(first);
  const told = words.length <= MOST_WORDS ? words : `${words.slice(0, MOST_WORDS - 1)}…`;
  return `${formatCount(unread)} of ${formatAmount(verdicts, 'verdict')} of ${sanitizeLine(scorer)} could not be read; the first: ${told}`;
}
