// A judge of pairs that goes by the place of an answer is told of wherever its numbers are. Pure.
import { sanitizeLine } from '../core/text.ts';
import { formatAmount, formatCount } from './format.ts';

/** `applike: in 5 of 24 pairs the judge followed the order: taken as ties.` */
export function orderWords(input: {
  readonly variant: string;
  readonly followed: number;
  readonly pairs: number;
}): string {
  const taken = input.followed === 1 ? 'a tie' : 'ties';
  return `${sanitizeLine(input.variant)}: in ${formatCount(input.followed)} of ${formatAmount(input.pairs, 'pair')} the judge followed the order, whatever stood there: taken as ${taken}.`;
}
