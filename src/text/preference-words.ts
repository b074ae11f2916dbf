// A judge of pairs that goes by the place of an answer is told of wherever its numbers are. Pure.
import { sanitizeLine } from '../core/text.ts';
import { formatAmount, formatCount } from './format.ts';

/** `applike: in 5 of 24 pairs the judge followed the order: taken as ties.` */
export function orderWords(of: {
  readonly variant: string;
  readonly followed: number;
  readonly pairs: number;
}): string {
  const taken = of.followed === 1 ? 'a tie' : 'ties';
  return `${sanitizeLine(of.variant)}: in ${formatCount(of.followed)} of ${formatAmount(of.pairs, 'pair')} the judge followed the order, whatever stood there: taken as ${taken}.`;
}
