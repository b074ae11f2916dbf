// The answers of a batch that has ended, each given to its order as it comes: of a file that is larger than memory one line is here
// at a time. What was given is not asked for again, however often the file breaks off.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ClientAnswer, SplitClient } from '../providers/provider.ts';
import { type Following, LONG_MS } from './seek.ts';
import { stopped, trouble } from './stopped.ts';
import { failed, leaveAll, type Posted, type Waiter } from './waiters.ts';
import { isPassing, longer } from './waiting.ts';
import type { EachItem, Ended, ItemEnd } from './wire.ts';

/** Of files that are shorter than the vendor says, or cannot be read. */
const MOST_FETCHES = 4;
/** Answers given out in one turn of the event loop. */
const SLICE = 100;

export async function collect(posted: Posted, ended: Ended, by: Following): Promise<void> {
  const { wire, client, waits, pace, clock } = by;
  const { id, at } = posted.batch.sent!;
  const { provider, items } = posted.batch;
  const seen = new Set<string>();
  let [given, answered] = [0, 0];
  let collectedAt = '';

  async function give(item: string, end: ItemEnd | undefined): Promise<void> {
    const waiter = posted.waiters.get(item);
    if (waiter === undefined) return;
    const batch = { id, item, submittedAt: at, collectedAt };
    const answer = await answerOf({ end, waiter, client, id });
    posted.waiters.delete(item);
    if (answer.kind === 'completion') answered++;
    waiter.resolve({ kind: 'answered', answer, batch });
    if (++given % SLICE === 0) await nextTurn();
  }

  let delayMs = pace.firstMs;
  for (let fetches = 1, short = 0; ; fetches++) {
    collectedAt = clock.now().toISOString();
    const fetched = await waits.within(LONG_MS, (signal, goesOn) => {
      const each: EachItem = async (item, end) => {
        if (waits.isLeft()) throw new Error('nobody waits any more');
        goesOn();
        seen.add(item);
        await give(item, end);
      };
      return wire.results({ client, signal }, ended, each);
    });
    if (waits.isLeft()) return leaveAll(posted);
    const isUnread = fetched.kind === 'err' && fetched.error.kind === 'invalid-response';
    if (fetched.kind === 'ok' || isUnread) short++;
    if (fetched.kind === 'err' && (!isPassing(fetched.error) || short >= MOST_FETCHES))
      return stopped(posted, { kind: 'stuck', failure: fetched.error }, by);
    if (fetched.kind === 'err' && fetches === 3) by.tell(trouble(id, provider, fetched.error));
    // Half a file looks like a whole one that is shorter.
    const isWhole = seen.size >= Math.min(ended.answers ?? items.length, items.length);
    // Who came to wait when his line was read already has it read again.
    const isLate = [...posted.waiters.keys()].some((item) => seen.has(item));
    if (fetched.kind === 'ok' && !isLate && (isWhole || short >= MOST_FETCHES)) break;
    await waits.sleep(delayMs);
    delayMs = longer(delayMs, pace);
    if (waits.isLeft()) return leaveAll(posted);
  }
  for (const item of [...posted.waiters.keys()]) await give(item, undefined);
  by.tell({
    kind: 'batch-collected',
    batch: id,
    provider,
    items: items.length,
    answered,
    failed: given - answered,
    after_ms: Math.max(0, Date.parse(collectedAt) - Date.parse(at)),
  });
}

async function answerOf(input: {
  readonly end: ItemEnd | undefined;
  readonly waiter: Waiter;
  readonly client: SplitClient;
  readonly id: string;
}): Promise<ClientAnswer> {
  const { end, waiter, client, id } = input;
  if (end?.kind === 'answer') {
    const { status, headers, text } = end;
    const answer = await client.read({ request: waiter.order.request, status, headers, text });
    // What a vendor answers with an error in a batch is not charged.
    return answer.kind === 'failure' && status >= 300
      ? { ...answer, failure: { ...answer.failure, isUnsent: true } }
      : answer;
  }
  if (end?.kind === 'cancelled') return failed('cancelled', `batch ${id} was cancelled before it came to it`);
  const why = end === undefined ? 'ended without an answer to it' : 'did not come to it within its day';
  return failed('overloaded', `batch ${id} ${why}`);
}
