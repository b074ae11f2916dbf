// One variant at two moments, and nothing drawn in between: its answers would be compared with themselves. Pure.
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount } from '../../text/format.ts';
import { quoteWord } from '../../text/next.ts';
import { type CompareInput, momentName } from './input.ts';
import { movedBetween } from './moved.ts';
import type { Finding } from './result.ts';

export function notRedrawn(pair: readonly [number, number], { arms, between }: CompareInput): Finding | null {
  if (between === 'variants') return null;
  const [before, after] = [arms[pair[0]]!, arms[pair[1]]!];
  const { cells, untouched } = movedBetween(before, after);
  if (cells === 0 || untouched < cells) return null;
  return {
    kind: 'not-redrawn',
    severity: 'warning',
    mark: null,
    isFirst: true,
    arms: pair,
    message: `nothing of ${before.variant} was drawn again between ${momentName(before)} and ${momentName(after)}: ${formatAmount(cells, 'answer')} ${cells === 1 ? 'is' : 'are'} compared with ${cells === 1 ? 'itself' : 'themselves'}`,
    hint: `a difference of 0 says nothing here; \`npx expgraph run --force --variant ${quoteWord(sanitizeLine(after.variant))}\` draws it again`,
    cells: [],
    count: untouched,
  };
}
