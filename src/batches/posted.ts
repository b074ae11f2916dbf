// The life of one batch, from the moment at which it is written down:
//
//   intended --sent--> out --looked at--> ended --answers fetched--> every order has its own (collect.ts)
//      |                '--refused as a whole--> (refused.ts)
//      '--not known whether it was sent--> looked for: found -> out, not there -> sent anew or handed back
// Nothing is sent again while the vendor may have it. What cannot be told stays as it is, and its orders end with why.
import type { BatchSent } from '../core/batch.ts';
import { collect } from './collect.ts';
import { nobodyThere, refused, tooMuch } from './refused.ts';
import { type Following, LONG_MS, seek } from './seek.ts';
import { stopped, trouble } from './stopped.ts';
import { answerAll, isAsked, leaveAll, type Posted } from './waiters.ts';
import { isAwaited, isPassing, longer } from './waiting.ts';

const LOOK_MS = 60_000;
/** Then the loop's own retries begin. */
const MOST_TRIES = 6;

/** Sends what is written down. @returns whether it is out, and to be followed */
export async function post(posted: Posted, lines: readonly string[], by: Following): Promise<boolean> {
  const { wire, client, waits, pace } = by;
  const { tag } = posted.batch;
  let delayMs = pace.firstMs;
  for (let tries = 1; ; tries++) {
    const end = await waits.within(LONG_MS, (signal) => wire.send({ client, signal }, { tag, lines }));
    if (end.kind === 'sent') return await out(posted, { id: end.id, at: by.clock.now().toISOString() }, by);
    const { failure } = end;
    if (!end.isSure) {
      const found = await seek(posted, by);
      if (found.kind === 'id') return await out(posted, { id: found.id, at: posted.batch.intendedAt }, by);
      if (found.kind !== 'none') {
        stopped(posted, found, by);
        return false;
      }
    }
    if (!waits.isLeft() && isPassing(failure) && tries < MOST_TRIES) {
      await waits.sleep(Math.max(delayMs, failure.retryAfterMs ?? 0));
      delayMs = longer(delayMs, pace);
      if (!waits.isLeft()) continue;
    }
    await by.book.dropped(tag, failure.message);
    if (failure.kind === 'rate-limited') tooMuch(posted, failure, by);
    else if (isAwaited(failure)) nobodyThere(posted, { ...failure, isUnsent: true }, by);
    else answerAll(posted, { ...failure, isUnsent: true });
    return false;
  }
}

/** Of an earlier invocation. */
export async function pickUp(posted: Posted, by: Following): Promise<void> {
  const { sent, tag } = posted.batch;
  if (sent !== null) return await follow(posted, by);
  const found = await seek(posted, by);
  if (found.kind === 'id') {
    if (await out(posted, { id: found.id, at: posted.batch.intendedAt }, by)) await follow(posted, by);
    return;
  }
  if (found.kind !== 'none') return stopped(posted, found, by);
  await by.book.dropped(tag, 'it never reached the vendor');
  const waiters = [...posted.waiters.values()];
  posted.waiters.clear();
  for (const waiter of waiters) by.again(waiter);
}

/** @returns whether it is followed */
async function out(posted: Posted, sent: BatchSent, by: Following): Promise<boolean> {
  const { id } = sent;
  const { tag, provider, items } = posted.batch;
  await by.book.sent(tag, sent);
  posted.batch = { ...posted.batch, sent };
  by.taken();
  by.tell({ kind: 'batch-sent', batch: id, provider, items: items.length });
  if (by.until === 'sent') leaveAll(posted);
  return by.until !== 'sent';
}

/** Looks at it until it has ended. */
export async function follow(posted: Posted, by: Following): Promise<void> {
  const { wire, client, waits, pace } = by;
  const { id, at } = posted.batch.sent!;
  const { provider, items } = posted.batch;
  const shown = { batch: id, provider, items: items.length };
  let last = '';
  let delayMs = pace.firstMs;
  for (let troubles = 0; !waits.isLeft(); ) {
    const looked = await waits.within(LOOK_MS, (signal) => wire.look({ client, signal }, id));
    if (waits.isLeft()) break;
    if (looked.kind === 'err') {
      if (!isPassing(looked.error)) return stopped(posted, { kind: 'stuck', failure: looked.error }, by);
      if (++troubles === 3) by.tell(trouble(id, provider, looked.error));
    } else if (looked.value.kind === 'open') {
      troubles = 0;
      const { done, failed } = looked.value;
      const seen = `${done} ${failed}`;
      if (seen !== last)
        by.tell({ kind: 'batch-progress', ...shown, done: done + failed, failed, sent_at: at });
      last = seen;
      if (by.until === 'sent' || !isAsked(posted)) break;
    } else if (looked.value.kind === 'refused') {
      return await refused(posted, looked.value, by);
    } else return await collect(posted, looked.value, by);
    await waits.sleep(delayMs);
    delayMs = longer(delayMs, pace);
  }
  leaveAll(posted);
}
