// Orders that go in batches: gathered while they come, sent together, and each answered when its batch is done.
//
//   ask --out already--> its batch is looked at
//    '--gathered, until none comes for a moment--> bodies -> written down -> sent -> looked at -> answered
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchBook, OpenBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/event.ts';
import type { Endpoint, Order } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { isLoopback } from '../core/price.ts';
import type { Result } from '../core/result.ts';
import type { SplitClient } from '../providers/provider.ts';
import { type Account, makeAccounts, mostIn } from './accounts.ts';
import { digestOf, type Making, newMaking, tooLong } from './making.ts';
import { follow, pickUp, post } from './posted.ts';
import type { Following } from './seek.ts';
import { answerAll, type BatchEnd, leaveAll, type Posted, refusal, type Waiter } from './waiters.ts';
import { makeWaits, paceOf } from './waiting.ts';
import { wireOf } from './wires.ts';

export type { BatchEnd } from './waiters.ts';

export type BatchesInput = {
  readonly book: BatchBook;
  readonly clock: Clock;
  /** With the values of this environment. */
  readonly splitOf: (endpoint: Endpoint) => Promise<Result<SplitClient, Failure>>;
  readonly until: Following['until'];
  readonly tell: (event: RunEvent) => void;
  /** Left out = the vendors'. */
  readonly wires?: typeof wireOf;
};

export interface Batches extends AsyncDisposable {
  /** Never rejects. */
  ask(order: Order): Promise<BatchEnd>;
  /** Nobody waits any more. What is about to be sent is not sent; what is out stays out. */
  leave(): void;
  /** The same for those that were not sent. */
  leaveOut(which: (order: Order) => boolean): void;
}

/** Orders of one invocation come within milliseconds, those that are tried again likewise. */
const QUIET_MS = 150;
/** What comes drop by drop goes then. */
const MOST_GATHERING_MS = 3_000;
/** Of one that is being sent when everybody leaves. */
const END_MS = 15_000;
/** Bodies made in one turn of the event loop. */
const SLICE = 200;

export function makeBatches(input: BatchesInput): Batches {
  const { book, clock, wires = wireOf } = input;
  const waits = makeWaits(clock);
  let gathered: Waiter[] = [];
  /** Nothing of them was written down yet. */
  const unsent = new Set<Waiter>();
  const posts = new Map<string, Posted>();
  const accounts = makeAccounts(posts);
  const due = new Set<Posted>();
  const running = new Set<Promise<void>>();
  let cancelTimer: (() => void) | null = null;
  let [firstMs, lastMs] = [0, 0];

  function gather(waiter: Waiter): void {
    gathered.push(waiter);
    unsent.add(waiter);
    touch();
  }

  function touch(): void {
    lastMs = clock.monotonicMs();
    if (cancelTimer !== null) return;
    firstMs = lastMs;
    cancelTimer = clock.after(QUIET_MS, whenQuiet);
  }

  function whenQuiet(): void {
    const restMs = Math.min(lastMs + QUIET_MS, firstMs + MOST_GATHERING_MS) - clock.monotonicMs();
    if (restMs > 0) cancelTimer = clock.after(restMs, whenQuiet);
    else start();
  }

  function start(): void {
    cancelTimer = null;
    for (const posted of due) void run(posted, (by) => pickUp(posted, by)).then(() => late(posted));
    due.clear();
    const groups = Map.groupBy(gathered, groupOf);
    gathered = [];
    for (const waiters of groups.values()) {
      const account = accounts.of(waiters[0]!.order.endpoint);
      account.turn = account.turn
        .then(() => sendAll(waiters, account))
        .catch((cause: unknown) => refuse(waiters, brokenBy(cause)));
      own(account.turn);
    }
  }

  function refuse(waiters: readonly Waiter[], failure: Failure): void {
    for (const waiter of waiters) if (unsent.delete(waiter)) waiter.resolve(refusal(failure));
  }

  /** Whoever came to wait for it in the moment in which it ended. */
  function late({ batch, waiters }: Posted): void {
    const left = [...waiters];
    waiters.clear();
    for (const [, waiter] of left) {
      if (waiter.order.batch?.out?.tag === batch.tag) wait(waiter);
      else waiter.resolve({ kind: 'left' });
    }
  }

  /** For what is out, or for what is to be sent. */
  function wait(waiter: Waiter): void {
    const place = waiter.order.batch?.out ?? null;
    const batch = place === null ? undefined : book.find(place.tag);
    if (waits.isLeft()) waiter.resolve({ kind: 'left' });
    else if (place === null || batch === undefined) gather(waiter);
    else {
      const posted = posts.get(place.tag) ?? { batch, waiters: new Map() };
      if (!posts.has(place.tag)) due.add(posted);
      posts.set(place.tag, posted);
      posted.waiters.set(place.item, waiter);
      touch();
    }
  }

  function groupOf({ order: { endpoint, request, batch } }: Waiter): string {
    const { isOneModel } = wires(batch!.wire, endpoint);
    return JSON.stringify([endpoint, isOneModel ? request.model : null]);
  }

  function own(work: Promise<void>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  /** Whatever goes wrong in here ends the orders that wait for it. @returns null then */
  function run<Value>(posted: Posted, work: (by: Following) => Promise<Value>): Promise<Value | null> {
    const { batch } = posted;
    posts.set(batch.tag, posted);
    const done = followingOf(batch)
      .then((by) => {
        if (by.kind === 'ok') return work(by.value);
        answerAll(posted, by.error);
        return null;
      })
      .catch((cause: unknown) => {
        answerAll(posted, brokenBy(cause));
        return null;
      })
      .finally(() => posts.delete(batch.tag));
    own(done.then(() => {}));
    return done;
  }

  async function followingOf({
    wire,
    endpoint,
  }: Pick<OpenBatch, 'wire' | 'endpoint'>): Promise<Result<Following, Failure>> {
    const client = await input.splitOf(endpoint);
    if (client.kind === 'err') return client;
    const pace = paceOf(isLoopback(endpoint.baseUrl ?? ''));
    const again = (waiter: Waiter): void => {
      if (waits.isLeft() || waiter.order.batch?.only !== undefined) waiter.resolve({ kind: 'left' });
      else gather(waiter);
    };
    const { until, tell } = input;
    return {
      kind: 'ok',
      value: {
        wire: wires(wire, endpoint),
        client: client.value,
        pace,
        clock,
        book,
        waits,
        until,
        tell,
        again,
        taken: () => accounts.taken(endpoint),
        silent: () => accounts.silent(endpoint),
        full: (batch) => accounts.full(batch, pace),
      },
    };
  }

  async function sendAll(waiters: readonly Waiter[], account: Account): Promise<void> {
    const { order } = waiters[0]!;
    const by = await followingOf({ wire: order.batch!.wire, endpoint: order.endpoint }).catch(
      (cause: unknown) => ({ kind: 'err' as const, error: brokenBy(cause) }),
    );
    if (by.kind === 'err') return refuse(waiters, by.error);
    const { wire, client } = by.value;
    const room = (): Making => newMaking({ ...wire, maxItems: Math.min(wire.maxItems, mostIn(account)) });
    let making = room();
    for (const [i, waiter] of waiters.entries()) {
      if (i % SLICE === 0) await nextTurn();
      if (!unsent.has(waiter)) continue;
      const body = await client.bodyOf(waiter.order.request);
      if (body.kind === 'err') {
        refuse([waiter], { ...body.error, isUnsent: true });
        continue;
      }
      if (!making.add(waiter, body.value)) {
        await sendOne(making, by.value);
        making = room();
        // Nobody may wait for it any more by now.
        if (unsent.has(waiter) && !making.add(waiter, body.value)) refuse([waiter], tooLong(wire));
      }
      unsent.delete(waiter);
    }
    await sendOne(making, by.value);
  }

  /** Resolves when it is out, or never will be: the lines of one batch are in memory at a time. */
  async function sendOne({ tag, lines, waiters }: Making, by: Following): Promise<void> {
    const [first] = waiters.values();
    if (first === undefined) return;
    const { fullMs } = accounts.of(first.order.endpoint);
    if (fullMs > 0) await waits.sleep(fullMs);
    if (waits.isLeft()) return leaveAll({ waiters });
    const { endpoint, request } = first.order;
    const orders = [...waiters].map(([item, { order }]) => ({ item, order }));
    const intendedAt = clock.now().toISOString();
    const facts = { tag, wire: by.wire.name, endpoint, model: request.model, intendedAt };
    let posted: Posted | null = null;
    try {
      posted = { batch: await book.intend({ ...facts, orders, ...digestOf(lines) }), waiters };
      if (waits.isLeft()) {
        await book.dropped(tag, 'it was not sent any more');
        return leaveAll(posted);
      }
    } catch (cause) {
      return answerAll(posted ?? { waiters }, brokenBy(cause));
    }
    // What was sent is let go before the wait for its answers begins: that is a day.
    const isOut = await run(posted, (following) => post(posted, lines, following));
    if (isOut) void run(posted, (following) => follow(posted, following)).then(() => late(posted));
  }

  function leaveOut(which: (order: Order) => boolean): void {
    for (const waiter of unsent) {
      if (!which(waiter.order)) continue;
      unsent.delete(waiter);
      waiter.resolve({ kind: 'left' });
    }
    gathered = gathered.filter((waiter) => unsent.has(waiter));
  }

  return {
    ask: (order) => new Promise((resolve) => wait({ order, resolve })),
    leaveOut,
    leave() {
      waits.leave();
      leaveOut(() => true);
      for (const posted of posts.values()) leaveAll(posted);
    },
    async [Symbol.asyncDispose]() {
      this.leave();
      cancelTimer?.();
      const ended = Promise.allSettled(running);
      let cancel = (): void => {};
      const late = new Promise<void>((resolve) => {
        cancel = clock.after(END_MS, resolve);
      });
      await Promise.race([ended, late]);
      cancel();
      waits.cutOff();
      await ended;
    },
  };
}

function brokenBy(cause: unknown): Failure {
  const message = cause instanceof Error ? cause.message : String(cause);
  return { kind: 'internal', status: null, message: `the batch broke off: ${message}`, retryAfterMs: null };
}
