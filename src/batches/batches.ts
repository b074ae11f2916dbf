// Orders that go in batches: gathered while they come, sent together, and each answered when its batch is done.
//
//   ask --out already--> its batch is looked at
//    '--gathered, until none comes for a moment--> bodies -> written down -> sent -> looked at -> answered
import type { BatchBook, OpenBatch } from '../core/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { RunEvent } from '../core/event.ts';
import type { Endpoint, Order } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { isLoopback } from '../core/price.ts';
import type { Result } from '../core/result.ts';
import type { SplitClient } from '../providers/provider.ts';
import { digestOf, itemOf, type Making, newMaking, tooLong } from './making.ts';
import { pickUp, post } from './posted.ts';
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
const MOST_QUIETS = 20;
/** Of one that is being sent when everybody leaves. */
const END_MS = 15_000;
const MAX_FULL_MS = 600_000;

type Account = {
  /** Batches are made one after the other: only one is in memory. */
  turn: Promise<void>;
  /** After it said that too much is enqueued. */
  fullMs: number;
};

export function makeBatches(input: BatchesInput): Batches {
  const { book, clock } = input;
  const waits = makeWaits(clock);
  const accounts = new Map<string, Account>();
  let gathered: Waiter[] = [];
  const posts = new Map<string, Posted>();
  const due = new Set<Posted>();
  const running = new Set<Promise<void>>();
  let cancelTimer: (() => void) | null = null;
  let quiets = 0;

  function touch(): void {
    if (quiets >= MOST_QUIETS) return;
    quiets++;
    cancelTimer?.();
    cancelTimer = clock.after(QUIET_MS, start);
  }

  function start(): void {
    cancelTimer = null;
    quiets = 0;
    for (const posted of due) run(posted, (by) => pickUp(posted, by));
    due.clear();
    const groups = Map.groupBy(gathered, ({ order }) => groupOf(order));
    gathered = [];
    for (const waiters of groups.values()) {
      const { endpoint } = waiters[0]!.order;
      const account = accountOf(endpoint);
      account.turn = account.turn.then(() => sendAll(waiters, account));
      own(account.turn);
    }
  }

  function own(work: Promise<void>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  function accountOf(endpoint: Endpoint): Account {
    const id = JSON.stringify(endpoint);
    const account = accounts.get(id) ?? { turn: Promise.resolve(), fullMs: 0 };
    accounts.set(id, account);
    return account;
  }

  /** Whatever goes wrong in here ends the orders that wait for it. */
  function run(posted: Posted, work: (by: Following) => Promise<void>): Promise<void> {
    const { batch } = posted;
    posts.set(batch.tag, posted);
    const done = followingOf(batch)
      .then((by) => (by.kind === 'err' ? answerAll(posted, by.error) : work(by.value)))
      .catch((cause: unknown) => answerAll(posted, brokenBy(cause)))
      .finally(() => posts.delete(batch.tag));
    own(done);
    return done;
  }

  async function followingOf({
    wire,
    endpoint,
  }: Pick<OpenBatch, 'wire' | 'endpoint'>): Promise<Result<Following, Failure>> {
    const client = await input.splitOf(endpoint);
    if (client.kind === 'err') return client;
    const pace = paceOf(isLoopback(endpoint.baseUrl ?? ''));
    const account = accountOf(endpoint);
    const full = (isFull: boolean): void => {
      account.fullMs = isFull ? Math.min(MAX_FULL_MS, Math.max(pace.fullMs, account.fullMs * 2)) : 0;
    };
    const again = (waiter: Waiter): void => {
      if (waits.isLeft() || waiter.order.batch?.only !== undefined) waiter.resolve({ kind: 'left' });
      else {
        gathered.push(waiter);
        touch();
      }
    };
    const { until, tell } = input;
    return {
      kind: 'ok',
      value: {
        wire: wireOf(wire, endpoint),
        client: client.value,
        pace,
        clock,
        book,
        waits,
        until,
        tell,
        again,
        full,
      },
    };
  }

  async function sendAll(waiters: readonly Waiter[], account: Account): Promise<void> {
    const { order } = waiters[0]!;
    const by = await followingOf({ wire: order.batch!.wire, endpoint: order.endpoint }).catch(
      (cause: unknown) => ({ kind: 'err' as const, error: brokenBy(cause) }),
    );
    if (by.kind === 'err') {
      for (const { resolve } of waiters) resolve(refusal(by.error));
      return;
    }
    if (account.fullMs > 0) await waits.sleep(account.fullMs);
    const { wire, client } = by.value;
    let making = newMaking(wire);
    for (const waiter of waiters) {
      if (waits.isLeft()) {
        waiter.resolve({ kind: 'left' });
        continue;
      }
      const body = await client.bodyOf(waiter.order.request);
      if (body.kind === 'err') {
        waiter.resolve(refusal({ ...body.error, isUnsent: true }));
        continue;
      }
      let line = wire.lineOf(itemOf(making.tag, waiter.order), body.value);
      if (!making.takes(line, waiter)) {
        await sendOne(making, by.value);
        making = newMaking(wire);
        line = wire.lineOf(itemOf(making.tag, waiter.order), body.value);
      }
      if (making.takes(line, waiter)) making.add(line, waiter);
      else waiter.resolve(refusal(tooLong(wire)));
    }
    await sendOne(making, by.value);
  }

  /** Resolves when it is out, or never will be: the lines of one batch are in memory at a time. */
  async function sendOne({ tag, lines, waiters }: Making, by: Following): Promise<void> {
    const [first] = waiters.values();
    if (first === undefined) return;
    const { endpoint, request } = first.order;
    const orders = [...waiters].map(([item, { order }]) => ({ item, order }));
    const intendedAt = clock.now().toISOString();
    const facts = { tag, wire: by.wire.name, endpoint, model: request.model, intendedAt };
    let posted: Posted | null = null;
    try {
      posted = { batch: await book.intend({ ...facts, orders, ...digestOf(lines) }), waiters, isHere: false };
      if (waits.isLeft()) {
        await book.dropped(tag, 'it was not sent any more');
        return leaveAll(posted);
      }
    } catch (cause) {
      return answerAll(posted ?? { waiters }, brokenBy(cause));
    }
    const done = run(posted, (following) => post(posted, lines, following));
    await Promise.race([done, sentOf(posted)]);
  }

  function sentOf(posted: Posted): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (posted.batch.sent !== null || posted.waiters.size === 0 || waits.isLeft()) resolve();
        else clock.after(QUIET_MS, look);
      };
      look();
    });
  }

  function leaveOut(which: (order: Order) => boolean): void {
    for (const waiter of gathered.filter(({ order }) => which(order))) waiter.resolve({ kind: 'left' });
    gathered = gathered.filter(({ order }) => !which(order));
  }

  return {
    ask(order) {
      if (waits.isLeft()) return Promise.resolve({ kind: 'left' });
      const place = order.batch?.out ?? null;
      const batch = place === null ? undefined : book.find(place.tag);
      return new Promise((resolve) => {
        const waiter = { order, resolve };
        if (place === null || batch === undefined) gathered.push(waiter);
        else {
          const posted = posts.get(place.tag) ?? { batch, waiters: new Map(), isHere: false };
          if (!posts.has(place.tag)) due.add(posted);
          posts.set(place.tag, posted);
          posted.waiters.set(place.item, waiter);
        }
        touch();
      });
    },
    leaveOut,
    leave() {
      waits.leave();
      leaveOut(() => true);
      for (const posted of posts.values()) if (!posted.isHere) leaveAll(posted);
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

function groupOf({ endpoint, request, batch }: Order): string {
  const { isOneModel } = wireOf(batch!.wire, endpoint);
  return JSON.stringify([endpoint, isOneModel ? request.model : null]);
}

function brokenBy(cause: unknown): Failure {
  const message = cause instanceof Error ? cause.message : String(cause);
  return { kind: 'internal', status: null, message: `the batch broke off: ${message}`, retryAfterMs: null };
}
