// Votes that stand even, in words: a line a judge. Where they merely differ, the line of their agreement says so. Pure.
import type { SplitVotes } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { wrapWords } from '../../text/wrap.ts';

export function splitText(all: readonly SplitVotes[], columns: number): string {
  return all
    .filter(({ tied }) => tied > 0)
    .map((one) => `${wrapWords(tiedSentence(one), { columns, indent: '  ' })}\n`)
    .join('');
}

function tiedSentence({ scorer, votes, cells, disagreed, tied }: SplitVotes): string {
  const differ = `${sanitizeLine(scorer)}: votes differ in ${formatCount(disagreed)} of ${formatAmount(cells, 'cell')}, and stand even in ${formatCount(tied)}`;
  const advice = votes % 2 === 0 ? `; "votes: ${votes + 1}" leaves fewer` : '';
  return `${differ}: the mean decides there what passes, and the first label is told${advice}`;
}
