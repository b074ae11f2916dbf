// The side that plans: orders go to Redis, outcomes come from there, and stay there until their records are durable.
//
//   asked --> waiting --begun--> under way --done--> settled --kept--> gone from Redis
//               |  ^                 '--lost, or silent--> worker-lost
//               |  '-- it is not there any more (Redis lost it): put there again
//               '--removed--> cancelled
//
// What was begun before this coordinator was, or comes from a worker that was taken for lost, answers whoever asks next for the
// same draw: nothing is paid twice that is paid once.
import type { Clock } from '../core/clock.ts';
import type { Order } from '../core/order.ts';
import { makeAdding } from './adding.ts';
import type { Asked, End, Flight } from './asked.ts';
import { every } from './every.ts';
import { partFrom } from './leaving.ts';
import { findLeftovers, isOfUse, jobIn, jobsIn } from './leftovers.ts';
import type { Link, OnTrouble } from './link.ts';
import { drawOfJob, jobId, type QueueNames, type Where } from './names.ts';
import { makeForgetting, makeReader, type Reader } from './packets.ts';
import { makeQuestions } from './questions.ts';
import { makeRoll, type Roll } from './roll.ts';
import { makeRoom } from './room.ts';
import { type Delivered, type News, readNews, type Told, write } from './words.ts';

/** How often what is waited for is looked after, whatever was told. */
const LOOK_MS = 2_000;
/** What comes within so long is heard together: each word alone costs a round to Redis and a turn of the loop. */
const TOGETHER_MS = 10;
/** Looks that find nothing of an order before it is put there again, or taken for lost. */
const MOST_MISSING = 3;
const MOST_AGAIN = 3;
const GONE = 'its worker is gone, and so is its order';
const GIVEN_UP = 'it did not answer in time and was given up';

export interface Coordinator extends AsyncDisposable {
  ask(asked: Asked): void;
  /** What it came to is durable: Redis may forget it. */
  kept(order: Order): void;
  abandon(order: Order): void;
  /** Those that nobody has begun. */
  startNothing(which: (order: Order) => boolean): void;
  /** Nothing is waited for any more. What a worker has begun answers whoever asks for it next. */
  letGo(): Promise<void>;
  /** Outcomes that nobody asked for: each is gone from Redis when `keep` resolves with true. */
  left(keep: (delivered: Delivered) => Promise<boolean>): Promise<void>;
  /** BullMQ's queues in which somebody waits to be begun. */
  waiting(): ReadonlySet<string>;
  readonly roll: Roll;
}

export async function openCoordinator(input: {
  readonly link: Link;
  readonly names: QueueNames;
  /** BullMQ's, of all providers. */
  readonly queues: readonly string[];
  /** Calls at one time, as declared; null = nobody has. */
  readonly placesOf: (queue: string) => number | null;
  /** Digest of what workers must have. */
  readonly needs: string;
  /** False: somebody else coordinates now, and nothing is done any more. */
  readonly holds: () => boolean;
  /** Beside each look, to put back what Redis lost. */
  readonly look: () => Promise<void>;
  readonly onTrouble: OnTrouble;
  readonly clock: Clock;
}): Promise<Coordinator> {
  const { link, names, clock } = input;
  const flights = new Map<string, Flight>();
  const byOrder = new Map<Order, Flight>();
  const byDraw = new Map<string, Flight>();
  const held = new Map<Order, Where>();
  const read: Reader = makeReader(link, names);
  const roll = makeRoll({ link, names });
  const { forget, over: forgotten } = makeForgetting(link, names, input.onTrouble);
  let isOver = false;

  const lefts = await findLeftovers({ ...input, read, forget });
  const adding = makeAdding<Flight>({
    ...input,
    isWanted: (flight) => !isOver && flights.get(flight.id) === flight && !flight.hasBegun,
  });
  const room = makeRoom<Flight>({ ...input, lefts, all: () => flights.values(), add: adding.add });

  function ask(asked: Asked): void {
    if (isOver || !input.holds()) {
      asked.ended({ kind: 'cancelled' });
      return;
    }
    const left = lefts.take(asked.draw);
    let n = asked.order.attempt;
    while (lefts.mayBe(jobId(asked.draw, n)) || flights.has(jobId(asked.draw, n))) n++;
    const id = left?.kind === 'job' ? left.id : jobId(asked.draw, n);
    const flight: Flight = {
      ...asked,
      ...{ id, hasBegun: false, isAdopted: left !== undefined, missing: 0, again: 0, worker: null },
      questions: makeQuestions((told) => {
        if (flight.worker !== null) say(flight.worker, { kind: 'told', id, told });
      }),
    };
    flights.set(id, flight);
    byOrder.set(asked.order, flight);
    byDraw.set(asked.draw, flight);
    if (left?.kind === 'outcome') void take(flight, left.at);
    else if (left === undefined) room.put(flight);
    else begins(flight, null);
  }

  function begins(flight: Flight, worker: string | null): void {
    flight.worker = worker ?? flight.worker;
    if (flight.hasBegun) return;
    flight.hasBegun = true;
    flight.begun();
  }

  function settle(flight: Flight, end: End): void {
    if (flight.isAdopted) lefts.note(flight.id);
    flights.delete(flight.id);
    adding.over(flight.id, flight.isAdopted);
    room.drop(flight);
    byOrder.delete(flight.order);
    if (byDraw.get(flight.draw) === flight) byDraw.delete(flight.draw);
    flight.ended(end);
    room.look();
  }

  /** Its outcome lies there, as a rule. It is taken once, whoever else tells of it. */
  async function take(flight: Flight, at: Where): Promise<void> {
    const delivered = await read(at.hash, at.field).catch(() => null);
    if (delivered === null || flights.get(flight.id) !== flight) return;
    const { outcome, worker } = delivered;
    if (at.field !== flight.id && !isOfUse(outcome)) return passOver(flight, at);
    begins(flight, worker);
    if (outcome.kind === 'cancelled') void forget(at);
    else held.set(flight.order, at);
    const isAdopted = flight.isAdopted || at.hash === names.surplus;
    if (at.field !== flight.id) await withdraw(flight);
    settle(flight, { kind: 'outcome', outcome, worker, isAdopted });
  }

  /** Another attempt of it came to nothing: it is done as if that had not been. */
  function passOver(flight: Flight, at: Where): void {
    void forget(at);
    if (flight.isAdopted && !flight.hasBegun) room.put(Object.assign(flight, { isAdopted: false }));
  }

  /** What was to be done again is answered already. */
  async function withdraw(flight: Flight): Promise<void> {
    lefts.note(flight.id);
    const isGone = await link.remove(flight.queue, flight.id).catch(() => false);
    if (!isGone && flight.worker !== null) say(flight.worker, { kind: 'abandoned', id: flight.id });
  }

  function hear(news: News): void {
    if (news.kind === 'surplus') arrived(news.field, names.surplus);
    else hearOf(news, flights.get(news.id));
    room.look();
  }

  function hearOf(news: Exclude<News, { kind: 'surplus' }>, flight: Flight | undefined): void {
    if (news.kind === 'done') arrived(news.id, names.outcomes);
    else if (news.kind === 'lost') {
      lefts.gone(news.id);
      if (!flight) adding.over(news.id, true);
      // Nobody had begun what was only held: it costs no attempt, unless nobody can begin it.
      if (flight && !flight.hasBegun && flight.again++ < MOST_AGAIN) adding.add(flight);
      else if (flight) settle(flight, { kind: 'lost', why: news.why, worker: flight.worker });
    } else if (flight) {
      begins(flight, news.worker);
      if (news.kind === 'asked')
        flight.questions.hear(news.question, (one) => flight.heard(one, flight.questions.answered));
    } else if (news.kind === 'asked') {
      lefts.quiet(news.id);
      // One that may still be asked for here is asked again by its worker.
      if (!lefts.isUnderWay(drawOfJob(news.id) ?? '')) say(news.worker, { kind: 'abandoned', id: news.id });
    }
  }

  function say(worker: string, told: Told): void {
    void link.ask('RPUSH', names.told(worker), write(told)).catch(input.onTrouble);
  }

  /** An outcome that is asked for is taken; another one waits for whoever asks. */
  function arrived(field: string, hash: string): void {
    const id = jobIn(field);
    const draw = drawOfJob(id);
    if (draw === null) return;
    const at = { hash, field };
    const flight = flights.get(id) ?? byDraw.get(draw);
    if (flight !== undefined) void take(flight, at);
    else if (![...held.values()].some((one) => one.hash === hash && one.field === field)) {
      lefts.add(id, { kind: 'outcome', at });
      adding.over(id, true);
    }
  }

  async function listen(): Promise<void> {
    while (!isOver) {
      const texts = await link.pull(names.news);
      for (const text of texts) {
        const news = readNews(text);
        if (news !== null) hear(news);
      }
      if (texts.length > 0) await new Promise<void>((resolve) => clock.after(TOGETHER_MS, resolve));
    }
  }

  /** What was told may have been lost: with Redis, or with whoever coordinated before. */
  async function look(): Promise<void> {
    await input.look();
    await roll.look();
    if (!input.holds()) {
      for (const flight of [...flights.values()]) settle(flight, { kind: 'cancelled' });
      return;
    }
    const all = [...flights.values()];
    if (all.length === 0) return;
    for (const field of (await link.ask('HKEYS', names.surplus)) as string[])
      if (byDraw.has(drawOfJob(jobIn(field)) ?? '')) arrived(field, names.surplus);
    const done = (await link.ask('HMGET', names.outcomes, ...all.map(({ id }) => id))) as unknown[];
    const there = await jobsIn(link, new Set(all.map(({ queue }) => queue)));
    room.look((id) => there.has(id) || roll.isDoing(id));
    await Promise.all(
      all.map((flight, i) => (done[i] == null ? lookFor(flight, there) : arrived(flight.id, names.outcomes))),
    );
  }

  async function lookFor(flight: Flight, there: ReadonlySet<string>): Promise<void> {
    if (there.has(flight.id) || roll.isDoing(flight.id) || room.has(flight)) {
      flight.missing = 0;
      return;
    }
    if (++flight.missing < MOST_MISSING || flights.get(flight.id) !== flight) return;
    flight.missing = 0;
    // What is left of it would stand in the way of another one: nobody takes that.
    await link.remove(flight.queue, flight.id);
    if (flights.get(flight.id) !== flight) return;
    if (flight.hasBegun) settle(flight, { kind: 'lost', why: GONE, worker: flight.worker });
    else adding.add(flight);
  }

  const part = (parting: Promise<unknown>): Promise<void> => partFrom(link, { parting, clock });

  async function takeBack(these: readonly Flight[], onRefused: OnTrouble): Promise<void> {
    const takeOne = async (flight: Flight): Promise<void> => {
      const isGone = room.has(flight) || (await link.remove(flight.queue, flight.id).catch(onRefused));
      // One that was done meanwhile is gone as well.
      if (isGone && !room.has(flight)) await take(flight, { hash: names.outcomes, field: flight.id });
      if (isGone && flights.get(flight.id) === flight) settle(flight, { kind: 'cancelled' });
    };
    await part(Promise.all(these.filter(({ hasBegun }) => !hasBegun).map(takeOne)));
  }

  function leave(flight: Flight): void {
    if (flights.get(flight.id) !== flight) return;
    settle(flight, { kind: 'cancelled' });
    lefts.add(flight.id, { kind: 'job', id: flight.id, queue: flight.queue });
  }

  async function letGo(): Promise<void> {
    await takeBack([...flights.values()], () => {});
    for (const flight of [...flights.values()]) leave(flight);
  }

  const listening = listen();
  const endLooks = every(clock, LOOK_MS, () => look().catch(input.onTrouble));

  return {
    roll,
    ask,
    waiting: () => new Set([...flights.values()].flatMap((one) => (one.hasBegun ? [] : [one.queue]))),
    kept(order) {
      const at = held.get(order);
      held.delete(order);
      if (at !== undefined) void forget(at);
    },
    abandon(order) {
      const flight = byOrder.get(order);
      if (flight === undefined) return;
      lefts.note(flight.id);
      if (flight.worker !== null) say(flight.worker, { kind: 'abandoned', id: flight.id });
      settle(flight, { kind: 'lost', why: GIVEN_UP, worker: flight.worker });
    },
    startNothing(which) {
      const these = [...flights.values()].filter(({ order }) => which(order));
      void takeBack(these, input.onTrouble).then(() => {
        // Of a server that is gone nobody can take it.
        if (!link.isUp()) for (const flight of these) if (!flight.hasBegun) leave(flight);
      });
    },
    left: (keep) => part(lefts.keep(keep)),
    letGo,
    async [Symbol.asyncDispose]() {
      isOver = true;
      endLooks();
      await letGo();
      await part(forgotten());
      void listening;
    },
  };
}
