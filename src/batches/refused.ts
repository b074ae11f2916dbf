// A batch that the vendor did not take, or refused as a whole after it had: nothing of it was run, and nothing is charged.
import type { RunEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import type { Following } from './seek.ts';
import { answerAll, leaveAll, type Posted, refusal, stopAll } from './waiters.ts';
import { isPassing } from './waiting.ts';
import type { LookEnd } from './wire.ts';

type Refused = Extract<LookEnd, { kind: 'refused' }>;

/** After it was taken. */
export async function refused(posted: Posted, why: Refused, by: Following): Promise<void> {
  const { tag, items, sent, provider } = posted.batch;
  const message = `batch ${sent!.id}: ${why.failure.message}`;
  const failure: Failure = { ...why.failure, message, isUnsent: true };
  await by.book.dropped(tag, failure.message);
  by.tell({
    kind: 'batch-refused',
    batch: sent!.id,
    provider,
    items: items.length,
    why: why.failure.message,
  });
  if (failure.kind === 'rate-limited') return tooMuch(posted, failure, by);
  const guilty = new Map(
    [...why.lines].flatMap(([line, words]) => (items[line] ? [[items[line], words]] : [])),
  );
  if (guilty.size > 0) return withoutThese(posted, { guilty, failure }, by);
  // The vendor broke: as often as the loop tries a call.
  if (isPassing(failure)) return answerAll(posted, failure);
  const hint = 'nothing of it was run or charged; mend what it says, or ask call by call with --no-batch';
  stopAll(posted, { ...failure, message: `${message}; ${hint}` });
}

/** Those that are the reason have failed, each in the words about it; the others were never out. */
function withoutThese(
  posted: Posted,
  { guilty, failure }: { readonly guilty: ReadonlyMap<string, string>; readonly failure: Failure },
  by: Following,
): void {
  const { sent } = posted.batch;
  const waiters = [...posted.waiters];
  posted.waiters.clear();
  for (const [item, waiter] of waiters) {
    const words = guilty.get(item);
    if (words === undefined) by.again(waiter);
    else
      waiter.resolve(
        refusal({ ...failure, message: `batch ${sent!.id} was refused for this request: ${words}` }),
      );
  }
}

/** One order tells the loop; the others have failed nothing. */
export function nobodyThere(posted: Posted, failure: Failure, by: Following): void {
  by.silent();
  const [first, ...others] = posted.waiters.values();
  posted.waiters.clear();
  first?.resolve(refusal(failure));
  for (const waiter of others) by.again(waiter);
}

/** It goes again when there is room, which may be hours: that is no failure of a cell. */
export function tooMuch(posted: Posted, failure: Failure, by: Following): void {
  const end = by.waits.isLeft() ? null : by.full(posted.batch);
  if (end === 'never') {
    answerAll(posted, { ...failure, isUnsent: true });
    return;
  }
  if (end === 'news') by.tell(noRoom(posted, failure, by.until));
  if (end === null || by.until === 'sent') {
    leaveAll(posted);
    return;
  }
  const waiters = [...posted.waiters.values()];
  posted.waiters.clear();
  for (const waiter of waiters) by.again(waiter);
}

function noRoom({ batch }: Posted, { message }: Failure, until: Following['until']): RunEvent {
  const { provider, items } = batch;
  const cells = `${items.length} ${items.length === 1 ? 'cell' : 'cells'}`;
  return {
    kind: 'diagnostic',
    severity: 'note',
    code: 'batch-no-room',
    message: `${provider} has no room for a batch of ${cells} just now: ${message}`,
    hint:
      until === 'sent'
        ? 'they are not sent; npx expgraph run sends them later'
        : 'they are sent when there is room; Ctrl-C leaves them to the next run',
  };
}
