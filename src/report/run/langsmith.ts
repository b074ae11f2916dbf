// What became of a run's traces, in one line. Pure.
import type { LangSmithSummary } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatAmount, formatCount } from '../../text/format.ts';

export function langsmithSentence(input: LangSmithSummary): string {
  const { traces, sent, rejected, held, left, state } = input;
  if (sent === traces) {
    const where = input.url === null ? `project ${input.project}` : input.url;
    return sanitizeLine(`LangSmith: ${formatAmount(traces, 'trace')} sent to ${where}`);
  }
  const parts = [`LangSmith: ${formatCount(sent)} of ${formatAmount(traces, 'trace')} sent`];
  if (rejected > 0) parts.push(`${formatCount(rejected)} refused (npx expgraph langsmith status)`);
  if (held > 0) parts.push(`${formatCount(held)} held back (npx expgraph langsmith status)`);
  if (left > 0 && state === 'up' && input.why === null)
    parts.push(`${formatCount(left)} are being sent in the background`);
  else if (left > 0) {
    const why = input.why === null ? '' : `: ${input.why}`;
    parts.push(`${formatCount(left)} wait here${why}; npx expgraph langsmith push sends them`);
  }
  return sanitizeLine(parts.join(', '));
}
