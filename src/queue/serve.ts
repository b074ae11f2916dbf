// A worker's side: takes orders, has them done, and leaves their outcomes in Redis, where the coordinator finds them. What it has
// begun is done to its end; what it has not goes back.
//
//   a job --fits?--no--> handed back, or given up where what is wanted now is here: it is of a run that is gone
//           '--yes--> held --has its turn--> begun --done--> delivered, while its lock is held: an outcome; else: surplus
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { makeTurns, type Turns } from './ahead.ts';
import { cutOff } from './cut-off.ts';
import { every } from './every.ts';
import { partFrom } from './leaving.ts';
import type { HeldJob, Link, OnTrouble, Taker } from './link.ts';
import type { QueueNames } from './names.ts';
import { orderIn } from './packets.ts';
import { makeTelling } from './telling.ts';
import { type Beat, type Delivered, QUEUE_FORMAT, readPacket, readTold, write } from './words.ts';

const BEAT_MS = 2_000;
/** What is known of workers goes by itself when none is left. */
const FORGOTTEN_MS = 60_000;
/** A refusal by Redis (no memory, no right) may pass: what was paid for is not let go. */
const AGAIN_MS = 1_000;
/** A question that nobody has answered is asked again: whoever was asked may be gone. */
const ASK_AGAIN_MS = 5_000;

/** How an order is done here. */
export type Doing = {
  /** @param tools null where it makes one call, which was let in with it */
  readonly perform: (order: Order, tools: GateTools | null) => Promise<Outcome>;
  readonly abandon: (order: Order) => void;
  /** None of its further calls is let in any more. */
  readonly close: (order: Order) => void;
};

export type GateTools = {
  readonly ask: (question: unknown) => void;
  readonly hear: (listener: (told: unknown) => void) => void;
};

export type Serving = AsyncDisposable & {
  /** Orders that it has ended, and those under way. */
  readonly counts: () => { readonly done: number; readonly busy: number };
};

export function serveQueue(input: {
  readonly link: Link;
  readonly names: QueueNames;
  /** BullMQ's, by provider. */
  readonly queues: ReadonlyMap<string, string>;
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  readonly concurrency: number;
  readonly lockMs: number;
  readonly doing: Doing;
  /** Whether what an order needs is here. */
  readonly fits: (needs: string) => boolean;
  /** Whether that is here: what is needed now, as whoever coordinates has written it down; asked with each beat. null = it was taken away. */
  readonly check: (needs: string | null) => boolean;
  readonly onTrouble: OnTrouble;
  readonly clock: Clock;
}): Serving {
  const { link, names, name, clock, doing } = input;
  const { tell, deliver } = makeTelling(input);
  type Held = { readonly order: Order; hear: (told: unknown) => void };
  const held = new Map<string, Held>();
  let done = 0;
  let busy = 0;
  /** Of them, those that ask whoever coordinates, and have no answer yet. */
  const asking = new Set<string>();
  /** Those that nobody answered, and that were ended for it. */
  const closed = new WeakSet<Order>();
  /** Whether somebody coordinates, as of the last beat. */
  let isHeard = true;
  let isClosing = false;
  let isOver = false;

  async function perform(job: HeldJob, turns: Turns): Promise<void> {
    const packet = readPacket(job.data);
    if (packet === null) throw new Error('the job holds no order that this version of expgraph reads');
    if (isClosing) return await job.handBack();
    if (!input.fits(packet.needs)) return await turnAway(job);
    const order = await orderIn(packet, { id: job.id, link, names });
    if (order === null) throw new Error('the order is not in Redis any more');
    const own: Held = { order, hear: () => {} };
    held.set(job.id, own);
    try {
      if (!(await turns.take())) return await job.handBack();
      tell({ kind: 'begun', id: job.id, worker: name });
      const tools = packet.isGated ? makeTools(job.id, own) : null;
      busy++;
      const ended = await doing.perform(order, tools).finally(() => {
        busy--;
        turns.leave();
        tools?.close();
      });
      const outcome = ended.kind === 'cancelled' ? cutOff(order, ended, closed.has(order)) : ended;
      // It was never begun, or is cut off: whoever is left decides.
      if (outcome === null) return await job.handBack();
      await handIn(job, { order, outcome });
      done++;
    } finally {
      held.delete(job.id);
    }
  }

  /** Nobody can do it where what it wants is nowhere any more; whoever else may, takes it meanwhile. */
  async function turnAway(job: HeldJob): Promise<void> {
    const wanted = isRun ? await wantedNow() : null;
    if (wanted !== null && input.check(wanted)) throw new Error('the order is of a run that is gone');
    await pause(AGAIN_MS);
    await job.handBack();
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.after(ms, resolve);
    });

  function makeTools(id: string, own: Held): GateTools & { readonly close: () => void } {
    const open = new Map<number, unknown>();
    const ask = (question: unknown): void => tell({ kind: 'asked', id, worker: name, question });
    const end = every(clock, ASK_AGAIN_MS, async () => {
      if (open.size > 0) asking.add(id);
      else asking.delete(id);
      // Without an answer it has no end, and this worker is to end.
      if (isClosing && !isHeard && open.size > 0) {
        closed.add(own.order);
        doing.close(own.order);
      }
      for (const question of open.values()) ask(question);
    });
    const close = (): void => {
      asking.delete(id);
      end();
    };
    return {
      ask(question) {
        const { n } = question as { readonly n?: number };
        if (n !== undefined) open.set(n, question);
        ask(question);
      },
      hear(listener) {
        own.hear = (told) => {
          const { n } = told as { readonly n?: number };
          // The same answer may come twice.
          if (n !== undefined && !open.delete(n)) return;
          listener(told);
        };
      },
      close,
    };
  }

  async function handIn(
    { id, token, lockKey }: HeldJob,
    { order, outcome }: { readonly order: Order; readonly outcome: Outcome },
  ): Promise<void> {
    const delivered: Delivered = {
      ...{ v: QUEUE_FORMAT, id, key: order.key, cell: order.cell, attempt: order.attempt },
      ...{ model: order.request.model, isScore: order.score !== undefined, worker: name, outcome },
    };
    const delivery = { id, lockKey, token, text: write(delivered), field: `${id} ${name} ${done}` };
    for (let isAgain = false; ; isAgain = true) {
      try {
        await deliver(delivery, isAgain);
        return;
      } catch (error) {
        input.onTrouble(error);
        if (isOver) throw error;
        await pause(AGAIN_MS);
      }
    }
  }

  async function listen(): Promise<void> {
    while (!isOver) {
      for (const text of await link.pull(names.told(name))) {
        const told = readTold(text);
        const own = told === null ? undefined : held.get(told.id);
        if (told?.kind === 'told') own?.hear(told.told);
        else if (own) doing.abandon(own.order);
      }
    }
  }

  const since = clock.now().toISOString();
  let beats = 0;
  let leftMs = Number.POSITIVE_INFINITY;
  /** What is wanted was said anew between two beats: whoever said it is not gone. */
  let isRun = false;
  const wantedNow = async (): Promise<string | null> => (await link.ask('GET', names.meta)) as string | null;
  async function beat(): Promise<void> {
    const said: Beat = {
      ...{ v: QUEUE_FORMAT, name, host: input.host, pid: input.pid, concurrency: input.concurrency },
      providers: [...input.queues.keys()],
      doing: [...held.keys()],
      ...{ busy, done, since, seen: clock.now().toISOString(), beat: ++beats },
    };
    try {
      await link.ask('HSET', names.workers, name, write(said));
      await link.ask('PEXPIRE', names.workers, FORGOTTEN_MS);
      await link.ask('PEXPIRE', names.told(name), FORGOTTEN_MS);
      const before = leftMs;
      leftMs = (await link.ask('PTTL', names.meta)) as number;
      isHeard = ((await link.ask('EXISTS', names.coordinator)) as number) === 1;
      isRun = leftMs >= before;
      if (isRun) input.check(await wantedNow());
    } catch (error) {
      input.onTrouble(error);
    }
  }
  void beat();
  const endBeats = every(clock, BEAT_MS, beat);
  void listen();
  const lost = (id: string, why: string): void => tell({ kind: 'lost', id, why });
  const takers = [...input.queues.values()].map((queue) => {
    const { concurrency, lockMs } = input;
    const turns = makeTurns({ most: concurrency, clock, hold: (orders) => taker.hold(orders) });
    const taker: Taker = link.work(queue, {
      ...{ concurrency, lockMs, name, lost },
      perform: (job) => perform(job, turns),
    });
    return { taker, turns };
  });

  return {
    // What waits for somebody who is not there is nothing to do.
    counts: () => ({ done, busy: isHeard ? busy : busy - asking.size }),
    async [Symbol.asyncDispose]() {
      isClosing = true;
      for (const { turns } of takers) turns.close();
      await partFrom(link, { parting: part(), isFree: () => held.size === 0, clock });
      isOver = true;
      endBeats();
      for (const { taker } of takers) taker.drop();
    },
  };

  async function part(): Promise<void> {
    await Promise.all(takers.map(({ taker }) => taker[Symbol.asyncDispose]()));
    isOver = true;
    endBeats();
    await link.ask('HDEL', names.workers, name).catch(() => {});
    await link.ask('DEL', names.told(name)).catch(() => {});
    // The run may be over, and BullMQ has written down since how it ended.
    const others = await link.ask('EXISTS', names.coordinator).catch(() => 1);
    if (others === 0) for (const queue of input.queues.values()) await link.clean(queue).catch(() => {});
  }
}
