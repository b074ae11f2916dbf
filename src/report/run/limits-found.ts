// What accounts that refused calls turned out to allow, once, when their work is done. Pure.
import type { FoundLimits } from '../../core/limit-memory.ts';
import { sanitizeLine } from '../../core/text.ts';
import { limitsWords } from '../../text/limits-words.ts';
import type { TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';

/** `Limits found: openai takes about 19/s, burst 2. The next run begins there.` */
export function limitsSentence(found: readonly FoundLimits[], { columns }: TextOptions): string {
  const each = found.map((one) => `${sanitizeLine(one.lane)} takes about ${limitsWords(one)}`);
  const words = `Limits found: ${each.join('; ')}. The next run begins there.`;
  return wrapWords(words, { columns, indent: '  ' });
}
