// Agreement in words. Pure.
import type { Agreement, Estimate, VotesAgreement } from '../../core/agreement.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount } from '../../text/format.ts';
import { wrapWords } from '../../text/wrap.ts';

/** A line a judge. */
export function votesText(all: readonly VotesAgreement[], columns: number): string {
  return all.map((one) => `${wrapWords(votesSentence(one), { columns, indent: '  ' })}\n`).join('');
}

export function votesSentence(one: VotesAgreement): string {
  const { scorer, votes, answers, unanimous, scenarios } = one;
  const of = `${formatCount(unanimous)} of ${formatAmount(answers, 'answer')}`;
  return `${sanitizeLine(scorer)}: ${votes} votes agree on ${of} (${formatAmount(scenarios, 'scenario')}): ${coefficientWords(one)}`;
}

/** `alpha 0.81 (0.70 to 0.90), AC1 0.90 (0.82 to 0.95)`; of numbers, ordered categories and pairs more. */
export function coefficientWords(one: Agreement): string {
  const scale = one.alpha_scale === 'nominal' ? '' : ` (${one.alpha_scale})`;
  return [
    ...(one.kappa === undefined ? [] : [`kappa ${estimateWords(one.kappa)}`]),
    ...(one.kappa_quadratic === undefined ? [] : [`quadratic kappa ${estimateWords(one.kappa_quadratic)}`]),
    `alpha${scale} ${estimateWords(one.alpha)}`,
    `${one.ac_kind} ${estimateWords(one.ac)}`,
  ].join(', ');
}

export function estimateWords({ value, low, high }: Estimate): string {
  if (value === null) return 'not defined';
  const interval = low === null || high === null ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return `${value.toFixed(2)}${interval}`;
}
