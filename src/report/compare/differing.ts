// Below a comparison: how many questions the arms answered otherwise, and the command that shows these answers. Pure.

import type { CompareInput } from '../../analysis/compare/input.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount } from '../../text/format.ts';
import { commandLines, quoteWord, type ScopeWords } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';

/** '' where nothing passes or fails, where all agree, and over time: `show` shows what counts now. */
export function differingText(
  { arms, between }: Pick<CompareInput, 'arms' | 'between'>,
  options: TextOptions & { readonly scope: ScopeWords },
): string {
  if (between === 'moments' || arms.some(({ at }) => at !== null)) return '';
  const said = new Map<string, Set<boolean>>();
  for (const { scenario, run, passed } of arms.flatMap(({ cells }) => cells)) {
    if (passed === null) continue;
    const place = JSON.stringify([scenario, run]);
    said.set(place, (said.get(place) ?? new Set()).add(passed));
  }
  const count = [...said.values()].filter(({ size }) => size > 1).length;
  if (count === 0) return '';
  const names = arms.map(({ variant }) => ` --variant ${quoteWord(sanitizeLine(variant))}`).join('');
  const command = `npx expgraph show --differs${names}${options.scope.cells}`;
  const does = `${formatAmount(count, 'draw')} with different verdicts, arm by arm`;
  return `\n${commandLines([{ command, does }], options)}`;
}
