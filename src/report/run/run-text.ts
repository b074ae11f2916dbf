// What a run leaves on the screen, with its gate and what `until:` wants: what is not asked for is not loaded. Pure.
import type { RunSummary } from '../../core/summary.ts';
import type { ScopeWords } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';
import { runSummaryText } from './summary.ts';

export async function runText(
  summary: RunSummary,
  options: TextOptions & { readonly scope: ScopeWords },
): Promise<string> {
  const { gate = [], until } = summary;
  const told = until ? (await import('../words/until-words.ts')).untilText(until, options) : '';
  const said = gate.length === 0 ? '' : (await import('../compare/gate-sheet.ts')).gateText(gate, options);
  const both = [told, said].filter((text) => text !== '').join('\n');
  return runSummaryText(summary, { ...options, gate: both });
}
