// What judging leaves: as text, with the cells that did not come out as wished and the gate, and as JSON. Pure.
import type { GateVerdict, NotPassed, ScoresSummary } from '../../core/summary.ts';
import type { ScopeWords } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';
import { scoresText, undrawnSentence } from './scores.ts';
import { troubleBlocks } from './summary.ts';

export type Judged = {
  readonly invocation: string;
  readonly summary: ScoresSummary;
  readonly gate: readonly GateVerdict[] | undefined;
  readonly notPassed: NotPassed | undefined;
  /** Cells. */
  readonly inScope: number;
  readonly undrawn: number;
};

export function scoreJson(
  { invocation, summary, gate, notPassed, undrawn }: Judged,
  experiment: string,
): object {
  const gated = gate ? { gate } : {};
  return { experiment, invocation, undrawn, ...summary, ...troublesOf(notPassed), ...gated };
}

export async function scoreText(
  { summary, gate = [], notPassed, inScope, undrawn }: Judged,
  options: TextOptions & { readonly scope: ScopeWords },
): Promise<string> {
  const troubles = troubleBlocks({ ...troublesOf(notPassed), scores: summary }, { ...options, of: inScope });
  const gated = gate.length === 0 ? [] : [(await import('../compare/gate-sheet.ts')).gateText(gate, options)];
  const blocks = [scoresText(summary, options), ...troubles, ...gated];
  return `${blocks.join('\n')}${undrawnSentence(undrawn, options.scope.named)}`;
}

function troublesOf(notPassed: NotPassed | undefined): { readonly not_passed?: NotPassed } {
  return notPassed ? { not_passed: notPassed } : {};
}
