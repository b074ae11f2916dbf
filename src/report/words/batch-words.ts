// Batches that are out, in words. Pure.
import type { BatchOut } from '../../core/batch-facts.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount } from '../../text/format.ts';

/** `12 cells are out: batch batch_1 of openai (some-model), 12 since 2026-11-29 10:00 UTC` */
export function outSentence(batches: readonly BatchOut[]): string {
  const cells = batches.reduce((sum, one) => sum + one.cells, 0);
  const shown = batches.slice(0, MOST).map(one);
  const more = batches.length - MOST;
  const rest = more > 0 ? `; and ${formatCount(more)} more` : '';
  const amount = `${formatAmount(cells, 'cell')} ${cells === 1 ? 'is' : 'are'} out in batches`;
  return `${amount}: ${shown.join('; ')}${rest}`;
}

const MOST = 5;

function one({ batch, provider, model, sent_at, cells, asked }: BatchOut): string {
  const name = batch === null ? 'one that may not have been sent' : `batch ${batch}`;
  const since = sent_at.slice(0, 16).replace('T', ' ');
  const unasked = asked === cells ? '' : `, ${formatCount(cells - asked)} of them no longer asked for`;
  return sanitizeLine(
    `${name} of ${provider} (${model}), ${formatCount(cells)} since ${since} UTC${unasked}`,
  );
}

/** What tables of latencies leave out. */
export function untimedWords({ unknown, of }: { readonly unknown: number; readonly of: number }): string {
  const who = `${formatCount(unknown)} of ${formatAmount(of, 'answer')}`;
  return `Latency leaves out ${who}: they came in a batch or from elsewhere, and how long the model took is not known.`;
}
