// Why an invocation ended, as its invocation.json keeps it: the sentence that was printed, and the signal that nobody sees later.
import type { HowEnded } from '../../core/summary.ts';
import { formatAmount } from '../../text/format.ts';

const WORDS: { readonly [signal: string]: string } = {
  SIGINT: 'by Ctrl-C (SIGINT)',
  SIGTERM: 'by SIGTERM: another program asked it to end',
  SIGHUP: 'by SIGHUP: its terminal was closed or its connection lost',
};

/** null = it is complete. */
export function endedWhy(input: {
  readonly how: HowEnded;
  readonly why: string | null;
  readonly signal: NodeJS.Signals | null;
  readonly failed: number;
  readonly missing: number;
}): string | null {
  const { how, why, signal, failed, missing } = input;
  if (how === 'complete') return null;
  if (how === 'interrupted') {
    const [, rest = ''] = /^interrupted(.*)$/s.exec(why ?? '') ?? [];
    const words = WORDS[signal ?? ''];
    // Two sentences of which each has its colon read as one that has none.
    return words === undefined ? `interrupted${rest}` : `interrupted ${words}${rest.replace(/^: /, '; ')}`;
  }
  if (why !== null) return why;
  const parts = [
    ...(failed > 0 ? [`${formatAmount(failed, 'task')} failed`] : []),
    ...(missing > 0 ? [`${formatAmount(missing, 'task')} ${missing === 1 ? 'is' : 'are'} missing`] : []),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}
