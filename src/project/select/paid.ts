// What earlier invocations paid: turns that a conversation goes on from, and the one that did not come to its end.
import { maybeFromHere } from '../../cache/disk/origin.ts';
import type { StoreReader } from '../../cache/store.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Turn } from '../../core/outcome.ts';
import type { Task } from '../../core/task.ts';
import { formatAmount, formatMoney } from '../../text/format.ts';

/** What is drawn again on purpose is another conversation, from its first word. */
export function goneOnFrom(
  store: Pick<StoreReader, 'paidTurns'>,
  input: { readonly task: Task; readonly force: boolean },
): readonly Turn[] {
  return input.force ? [] : store.paidTurns(input.task.key);
}

/** @param lock whoever holds the store's lock knows that nobody else is at work */
export function unendedNote(
  store: Pick<StoreReader, 'unended'>,
  lock: 'held' | 'not-held',
): readonly Diagnostic[] {
  const unended = store.unended();
  if (unended === null || unended.spent.calls === 0) return [];
  const { invocation, isImport, spent } = unended;
  const cost =
    spent.costUsd === null ? `at least ${formatMoney(spent.atLeastUsd)}` : formatMoney(spent.costUsd);
  // The lock says of this machine alone who is at work: what was merged may go on where it was begun.
  const isKilled = lock === 'held' && maybeFromHere(invocation);
  const how = isKilled ? 'was killed' : 'has not ended, or was killed';
  const paid = `${cost} and ${formatAmount(spent.usage.total_tokens, 'token')} for ${formatAmount(spent.calls, 'answer')}`;
  const became = isImport
    ? `kept of what it imports: ${formatAmount(spent.calls, 'result')}; the same import adds the rest`
    : `it has paid ${paid}: what is kept of them is not asked for again`;
  return [
    {
      severity: 'note',
      code: 'unended-invocation',
      message: `invocation ${invocation} ${how}; ${became}`,
      location: null,
      hint: null,
      related: [],
    },
  ];
}
