// What accounts that refused calls turned out to allow, once, when their work is done. Pure.
import type { NewLimits } from '../../core/limit-memory.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount } from '../../text/format.ts';
import { limitsWords } from '../../text/limits-words.ts';
import type { TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';

/** `Limits found: openai takes about 19/s, burst 2 (22 calls were refused). The next run begins there.` */
export function limitsSentence(found: readonly NewLimits[], { columns }: TextOptions): string {
  const each = found.map((one) => {
    const refused = `${formatAmount(one.refused, 'call')} ${one.refused === 1 ? 'was' : 'were'} refused`;
    return `${sanitizeLine(one.lane)} takes about ${limitsWords(one)} (${refused})`;
  });
  const words = `Limits found: ${each.join('; ')}. The next run begins there.`;
  return wrapWords(words, { columns, indent: '  ' });
}
