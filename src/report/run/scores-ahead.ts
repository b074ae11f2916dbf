// What `plan` says of the scores to come. Pure.
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount, formatMoney } from '../../text/format.ts';

export type ScoresAhead = {
  /** Judgements of answers that are there: equal answers have one. */
  readonly tasks: number;
  readonly cached: number;
  readonly pending: number;
  /** Judgements of answers that are still to be drawn, at most. */
  readonly upcoming: number;
  /** What is judged again although nothing was edited, in one sentence; null = nothing is. */
  readonly again: string | null;
  readonly scorers: readonly {
    readonly scorer: string;
    readonly now: number;
    readonly later: number;
    /** The judge's; null = no model is asked. */
    readonly model: string | null;
    /** Of the judge, at most. */
    readonly calls: number;
    /** null = nothing is known of how many a judgement takes. */
    readonly tokens: number | null;
    readonly costUsd: number | null;
    /** The judge is played: it costs nothing. */
    readonly isSimulated: boolean;
  }[];
};

export function scoresAheadText(ahead: ScoresAhead): string {
  const { cached, pending, upcoming } = ahead;
  const parts = [
    ...(pending > 0 ? [`${formatCount(pending)} to judge`] : []),
    ...(upcoming > 0 ? [`up to ${formatCount(upcoming)} of answers still to be drawn`] : []),
    `${formatCount(cached)} cached`,
  ];
  const judges = ahead.scorers.filter(({ model, calls }) => model !== null && calls > 0);
  const calls = judges.map(({ scorer, model, calls: count, tokens, costUsd }) => {
    const cost = costUsd === null ? 'cost unknown' : `about ${formatMoney(costUsd)}`;
    const size = tokens === null ? 'tokens unknown' : `about ${formatAmount(tokens, 'token')}`;
    return `  ${sanitizeLine(scorer)} asks ${sanitizeLine(model!)}: at most ${formatAmount(count, 'call')}, ${size}, ${cost}\n`;
  });
  const note = ahead.again === null ? '' : `note: ${ahead.again}.\n`;
  return `Scores: ${parts.join(', ')}\n${calls.join('')}${note}`;
}

export function scoresAheadJson({ tasks, cached, pending, upcoming, scorers }: ScoresAhead): object {
  return {
    tasks,
    cached,
    pending,
    upcoming_at_most: upcoming,
    scorers: scorers.map(({ scorer, now, later, model, calls, tokens, costUsd }) => ({
      scorer,
      pending: now,
      upcoming_at_most: later,
      model,
      calls_at_most: calls,
      tokens_at_most: tokens,
      cost_usd_at_most: costUsd,
    })),
  };
}
