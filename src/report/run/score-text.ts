// What judging leaves: as text, with the cells that did not come out as wished and the gate, and as JSON. Pure.
import { shardText } from '../../core/shard.ts';
import type { GateVerdict, NotPassed, ScoresSummary, SharedSummary, Withheld } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import type { ScopeWords } from '../../text/next.ts';
import type { TextOptions } from '../../text/table.ts';
import { scoresText, undrawnSentence } from './scores.ts';
import { troubleBlocks } from './summary.ts';
import { withheldText } from './withheld.ts';

export type Judged = {
  readonly invocation: string;
  readonly summary: ScoresSummary;
  readonly gate: readonly GateVerdict[] | undefined;
  readonly notPassed: NotPassed | undefined;
  /** Cells. */
  readonly inScope: number;
  readonly undrawn: number;
  readonly remote: SharedSummary | undefined;
  readonly filter: Pick<Filter, 'shard'>;
  /** Only while a blind review is open. */
  readonly withheld?: Withheld;
};

export function scoreJson(
  { invocation, summary, gate, notPassed, undrawn, remote, filter, withheld }: Judged,
  experiment: string,
): object {
  const gated = gate ? { gate } : {};
  return {
    experiment,
    invocation,
    ...(filter.shard ? { shard: shardText(filter.shard) } : {}),
    undrawn,
    ...(remote ? { remote } : {}),
    ...summary,
    ...troublesOf(notPassed),
    ...gated,
    ...(withheld ? { withheld } : {}),
  };
}

export async function scoreText(
  { summary, gate = [], notPassed, inScope, undrawn, filter, withheld }: Judged,
  options: TextOptions & { readonly scope: ScopeWords },
): Promise<string> {
  const troubles = troubleBlocks({ ...troublesOf(notPassed), scores: summary }, { ...options, of: inScope });
  const gated = gate.length === 0 ? [] : [(await import('../compare/gate-sheet.ts')).gateText(gate, options)];
  const kept = withheld ? [withheldText(withheld, options)] : [];
  const blocks = [scoresText(summary, options), ...troubles, ...gated, ...kept];
  const whose = filter.shard ? `Shard ${shardText(filter.shard)}:\n` : '';
  return `${whose}${blocks.join('\n')}${undrawnSentence(undrawn, options.scope.named)}`;
}

function troublesOf(notPassed: NotPassed | undefined): { readonly not_passed?: NotPassed } {
  return notPassed ? { not_passed: notPassed } : {};
}
