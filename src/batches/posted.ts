// The life of one batch, from the moment at which it is written down:
//
//   intended --sent--> out --looked at--> ended --answers fetched--> every order has its own
//      |                '--refused as a whole--> every order has that
//      '--not known whether it was sent--> looked for: found -> out, not there -> sent anew or handed back
// Nothing is sent again while the vendor may have it. What cannot be told stays as it is, and its orders end with why.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchSent } from '../core/batch.ts';
import type { RunEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import type { ClientAnswer, SplitClient } from '../providers/provider.ts';
import { type Following, LONG_MS, type Sought, seek } from './seek.ts';
import { answerAll, failed, isAsked, leaveAll, type Posted, refusal, type Waiter } from './waiters.ts';
import { isPassing, longer } from './waiting.ts';
import type { Ended, ItemEnd, LookEnd } from './wire.ts';

const LOOK_MS = 60_000;
/** Then the loop's own retries begin. */
const MOST_TRIES = 6;
const MOST_FETCHES = 4;
/** Answers given out in one turn of the event loop. */
const SLICE = 100;

/** Sends what is written down. */
export async function post(posted: Posted, lines: readonly string[], by: Following): Promise<void> {
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
      if (found.kind !== 'none') return stopped(posted, found, by);
    }
    if (!waits.isLeft() && isPassing(failure) && tries < MOST_TRIES) {
      await waits.sleep(Math.max(delayMs, failure.retryAfterMs ?? 0));
      delayMs = longer(delayMs, pace);
      if (!waits.isLeft()) continue;
    }
    await by.book.dropped(tag, failure.message);
    return answerAll(posted, { ...failure, isUnsent: true });
  }
}

/** Of an earlier invocation. */
export async function pickUp(posted: Posted, by: Following): Promise<void> {
  const { sent, tag } = posted.batch;
  if (sent !== null) return await follow(posted, by);
  const found = await seek(posted, by);
  if (found.kind === 'id') return await out(posted, { id: found.id, at: posted.batch.intendedAt }, by);
  if (found.kind !== 'none') return stopped(posted, found, by);
  await by.book.dropped(tag, 'it never reached the vendor');
  const waiters = [...posted.waiters.values()];
  posted.waiters.clear();
  for (const waiter of waiters) by.again(waiter);
}

async function out(posted: Posted, sent: BatchSent, by: Following): Promise<void> {
  const { id } = sent;
  const { tag, provider, items } = posted.batch;
  await by.book.sent(tag, sent);
  posted.batch = { ...posted.batch, sent };
  by.full(false);
  by.tell({ kind: 'batch-sent', batch: id, provider, items: items.length });
  if (by.until === 'sent') return leaveAll(posted);
  await follow(posted, by);
}

/** Looks at it until it has ended. */
async function follow(posted: Posted, by: Following): Promise<void> {
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

async function collect(posted: Posted, ended: Ended, by: Following): Promise<void> {
  const { wire, client, waits, pace, clock } = by;
  const { id, at } = posted.batch.sent!;
  let came: ReadonlyMap<string, ItemEnd> = new Map();
  for (let fetches = 1, delayMs = pace.firstMs; ; fetches++) {
    const fetched = await waits.within(LONG_MS, (signal) => wire.results({ client, signal }, ended));
    if (fetched.kind === 'err' && !isPassing(fetched.error))
      return stopped(posted, { kind: 'stuck', failure: fetched.error }, by);
    if (fetched.kind === 'err' && fetches === 3) by.tell(trouble(id, posted.batch.provider, fetched.error));
    if (fetched.kind === 'ok') {
      came = fetched.value;
      // Half a file looks like a whole one that is shorter.
      if (came.size >= Math.min(ended.answers ?? 0, posted.batch.items.length) || fetches >= MOST_FETCHES)
        break;
    }
    await waits.sleep(delayMs);
    delayMs = longer(delayMs, pace);
    if (waits.isLeft()) return leaveAll(posted);
  }
  posted.isHere = true;
  const collectedAt = clock.now().toISOString();
  let answered = 0;
  let given = 0;
  for (const [item, waiter] of posted.waiters) {
    const batch = { id, item, submittedAt: at, collectedAt };
    const answer = await answerOf({ end: came.get(item), waiter, client, id });
    if (answer.kind === 'completion') answered++;
    waiter.resolve({ kind: 'answered', answer, batch });
    if (++given % SLICE === 0) await nextTurn();
  }
  const { provider, items } = posted.batch;
  posted.waiters.clear();
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

async function refused(
  posted: Posted,
  { failure, lines }: Extract<LookEnd, { kind: 'refused' }>,
  by: Following,
): Promise<void> {
  const { tag, items, sent } = posted.batch;
  await by.book.dropped(tag, failure.message);
  if (failure.kind === 'rate-limited') by.full(true);
  const message = `batch ${sent!.id}: ${failure.message}`;
  const guilty = new Set(lines.flatMap((line) => items[line] ?? []));
  for (const [item, waiter] of posted.waiters) {
    const isOthers = guilty.size > 0 && !guilty.has(item);
    const own: Failure = isOthers
      ? { ...failure, kind: 'overloaded', message: `${message} (for other items of it)` }
      : { ...failure, message };
    waiter.resolve(refusal({ ...own, isUnsent: true }));
  }
  posted.waiters.clear();
}

function stopped(posted: Posted, why: Extract<Sought, { kind: 'left' | 'stuck' }>, by: Following): void {
  if (why.kind === 'left' || by.waits.isLeft()) {
    leaveAll(posted);
    return;
  }
  const { sent, intendedAt } = posted.batch;
  const name = sent === null ? 'a batch that may be out' : `batch ${sent.id}`;
  const { failure } = why;
  const message = `${name}, sent ${intendedAt.slice(0, 16).replace('T', ' ')} UTC: ${failure.message}; nothing of it is sent again before that is clear (npx expgraph batches)`;
  answerAll(posted, { ...failure, kind: 'unauthorized', refuses: 'all', message, isUnsent: true });
}

function trouble(id: string, provider: string, { message }: Failure): RunEvent {
  return {
    kind: 'diagnostic',
    severity: 'warning',
    code: 'batch-unreachable',
    message: `batch ${id} of ${provider} cannot be looked at just now: ${message}`,
    hint: 'it goes on without us and is asked again; Ctrl-C leaves it there, and run picks it up',
  };
}
