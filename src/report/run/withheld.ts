// Why numbers of arms are not there: what stands at the end of whatever is told while a blind review is open. Pure.
import type { Withheld } from '../../core/summary.ts';
import { makeColors } from '../../text/colors.ts';
import type { TextOptions } from '../../text/table.ts';
import { wrapWords } from '../../text/wrap.ts';

export function withheldText({ why }: Withheld, options: TextOptions): string {
  const words = wrapWords(`Withheld: ${why}.`, { columns: options.columns, indent: '  ' });
  return `${makeColors(options.colors).warning(words)}\n`;
}
