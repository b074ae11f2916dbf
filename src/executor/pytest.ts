// Cells of pytest harnesses: gathered, handed over together, so that the start of pytest is paid once a batch.
//
//   waiting --gathered--> in a batch --begun--> under way --ended--> settled
//      ^                      |                     '--pytest died--> settled as lost
//      '--pytest died before--'
import type { Clock } from '../core/clock.ts';
import type { Env } from '../core/env.ts';
import type { CallGate } from '../core/gate.ts';
import type { PytestHarness } from '../core/harness.ts';
import type { Witness } from '../core/input-moments.ts';
import type { Order } from '../core/order.ts';
import type { Outcome } from '../core/outcome.ts';
import { openOrder } from '../worker/open-order.ts';
import type { Attempted, ClientAnswer } from '../worker/perform.ts';
import { type Batch, type BatchCell, runBatch } from '../worker/pytest/pytest-batch.ts';
import { clearSpools, openUnread, type Unread } from '../worker/pytest/pytest-spool.ts';
import { makeTraceAfter } from '../worker/trace-after.ts';
import type { Executor, TellWaiting } from './executor.ts';
import { cancelledOutcome, failedOutcome, type Started, startNow } from './lost.ts';
import { whenEnded } from './orphans.ts';

/** Orders come in one burst; the next turn of the event loop has them all. */
const GATHER_MS = 20;

type Waiting = {
  readonly order: Order;
  readonly gate: CallGate | undefined;
  started: Started;
  readonly resolve: (outcome: Outcome) => void;
};

/** Where what tests tell is kept until it has records. */
export type Spools = {
  /** Absolute. */
  readonly folder: string;
  /** Cells are drawn again on purpose. */
  readonly isForced: boolean;
  readonly hasRecord: (key: string) => boolean;
};

type Settled = Pick<
  Attempted,
  'answer' | 'log' | 'tookMs' | 'beganMs' | 'undeclared' | 'ran' | 'lessons' | 'traceMs' | 'beside'
>;

/** Cells that one process can take: the same harness, and where the environment names it, the same variant. */
type Group = {
  readonly waiting: Waiting[];
  /** Handed to the batch. */
  taken: readonly Waiting[];
  batch: Batch | null;
  /** Nothing of it is begun any more. */
  isStopped: boolean;
  /** Of these nothing is begun any more, and the rest goes on. */
  readonly leftOut: ((order: Order) => boolean)[];
  /** The batch was stopped for their sake. */
  isParted: boolean;
};

export function makePytestExecutor(input: {
  readonly capacity: number;
  readonly env: Env;
  /** The manifest's, absolute; pytest starts here. */
  readonly folder: string;
  readonly clock: Clock;
  readonly witness: Witness;
  readonly waiting: TellWaiting;
  readonly spools: Spools | null;
}): Executor {
  const { env, folder, clock, spools } = input;
  let unread: Promise<Unread | null> | null = null;
  const groups = new Map<string, Group>();
  const traceAfter = makeTraceAfter(input);
  let isStopped = false;

  function gather(group: Group): void {
    clock.after(GATHER_MS, () => {
      unread ??= openWhatIsLeft(group.waiting);
      void unread.then((left) => {
        if (left !== null) takeUnread(group, left);
        startBatch(group);
      });
    });
  }

  /** What is drawn again on purpose is not taken from where it lies. */
  async function openWhatIsLeft(waiting: readonly Waiting[]): Promise<Unread | null> {
    if (spools === null || spools.isForced) return null;
    const { pids } = openUnread(spools.folder, folder);
    const limits = waiting.map(({ order }) => order.timeoutMs + endMsOf(order));
    const isOver = (): boolean => isStopped;
    await whenEnded(pids, { clock, waiting: input.waiting, limitMs: Math.max(0, ...limits), isOver });
    return openUnread(spools.folder, folder);
  }

  function takeUnread(group: Group, left: Unread): void {
    for (const one of group.waiting.splice(0)) {
      const attempted = left.take(one.order, clock.now().getTime());
      if (attempted === undefined) group.waiting.push(one);
      else {
        one.gate?.goesOn();
        void settle(one, attempted, input.witness.now());
      }
    }
  }

  function startBatch(group: Group): void {
    if (group.batch !== null || group.waiting.length === 0) return;
    if (isStopped || group.isStopped) {
      cancelAll(group);
      return;
    }
    group.isParted = false;
    const { work } = group.waiting[0]!.order;
    const harness = work!.harness as PytestHarness;
    const taken = group.waiting.splice(0, harness.batch);
    group.taken = taken;
    // Its modules are loaded once for all of its cells.
    const heldSince = input.witness.now();
    const cells = taken.map((one) => cellOf(one, heldSince));
    const { waiting } = input;
    // What the proxy saw died with us: the rest alone is no answer.
    const kept = work!.proxy === undefined && spools !== null ? spools.folder : null;
    const batch = runBatch({ cells, harness, folder, env, clock, waiting, spools: kept });
    group.batch = batch;
    void batch.ended.then(({ left, problem }) => {
      group.batch = null;
      const begunNone = taken.filter((_, n) => left.includes(cells[n]!));
      const again = begunNone.filter((one) => !isLeftOut(group, one));
      for (const one of begunNone) if (!again.includes(one)) cancel(one);
      // A process that began nothing would begin nothing the next time.
      if (again.length === taken.length && !group.isParted)
        for (const one of again)
          void settle(one, { answer: failed(problem ?? 'pytest began nothing') }, heldSince);
      else group.waiting.unshift(...again);
      startBatch(group);
    });
  }

  function cellOf(one: Waiting, heldSince: number): BatchCell {
    return {
      order: one.order,
      begin() {
        one.started = startNow(clock);
        one.gate?.goesOn();
      },
      waits: () => one.gate?.waits(),
      ...(one.gate?.whenWaiting ? { whenWaiting: one.gate.whenWaiting } : {}),
      settle: (attempted) => void settle(one, attempted, heldSince),
    };
  }

  async function settle(
    { order, started, resolve }: Waiting,
    attempted: Settled,
    heldSince: number,
  ): Promise<void> {
    const { answer, log, undeclared, ran, lessons, beside } = attempted;
    // pytest's own clock, where it tells: its news may come late.
    const durationMs = attempted.tookMs ?? clock.monotonicMs() - started.ms;
    // Spans of its own hang on a root that began then, and a trace's id is found again by when its attempt began.
    const startMs =
      attempted.traceMs ??
      attempted.beganMs ??
      (attempted.tookMs === undefined ? Date.parse(started.at) : clock.now().getTime() - durationMs);
    const spans = await traceAfter({
      order,
      startMs,
      answer,
      ...(beside === undefined ? {} : { besideId: beside.runId }),
    });
    const timing = {
      startedAt: new Date(startMs).toISOString(),
      durationMs,
      ...(spans === null ? {} : { spans }),
      ...(beside === undefined ? {} : { beside }),
      ...(log === undefined ? {} : { log }),
      ...(undeclared === undefined ? {} : { undeclared }),
      ...(ran === undefined ? {} : { ran }),
      ...(lessons === undefined ? {} : { lessons }),
      heldSince,
    };
    const { requestId, limits } = { requestId: null, limits: null };
    if (answer.kind === 'completion') {
      resolve({ kind: 'success', ...timing, requestId, limits, completion: answer.completion });
    } else if (answer.kind === 'failure') {
      resolve({ kind: 'failure', ...timing, requestId, limits, failure: answer.failure });
    } else resolve({ kind: 'cancelled', ...timing, requestId });
  }

  function cancelAll(group: Group): void {
    for (const one of group.waiting.splice(0)) cancel(one);
  }

  function cancel({ started, resolve }: Waiting): void {
    resolve(cancelledOutcome({ started, clock }));
  }

  function isLeftOut(group: Group, { order }: Waiting): boolean {
    return group.leftOut.some((which) => which(order));
  }

  return {
    capacity: input.capacity,
    execute(given, gate) {
      const opened = openOrder(given, { env, folder });
      if (opened.kind === 'err')
        return Promise.resolve(failedOutcome(opened.error, { started: startNow(clock), clock }));
      const order = opened.value;
      gate?.waits();
      const id = groupOf(order);
      const group = groups.get(id) ?? {
        waiting: [],
        taken: [],
        batch: null,
        isStopped: false,
        leftOut: [],
        isParted: false,
      };
      groups.set(id, group);
      return new Promise((resolve) => {
        group.waiting.push({ order, gate, started: startNow(clock), resolve });
        if (group.batch === null) gather(group);
      });
    },
    abandon() {
      // Each item has a deadline of its own, at which its process is ended.
    },
    startNothing(which) {
      if (which === undefined) isStopped = true;
      for (const group of groups.values()) {
        // One harness, one code: what stops one variant of it stops all.
        if (which !== undefined && ![...group.waiting, ...group.taken].some(({ order }) => which(order)))
          continue;
        group.isStopped = true;
        cancelAll(group);
        group.batch?.stop();
      }
    },
    leaveOut(which) {
      for (const group of groups.values()) {
        if (![...group.waiting, ...group.taken].some(({ order }) => which(order))) continue;
        group.leftOut.push(which);
        for (const one of group.waiting.splice(0)) {
          if (which(one.order)) cancel(one);
          else group.waiting.push(one);
        }
        // pytest knows one word, to stop; what is not left out goes into the next process.
        group.isParted = group.batch !== null;
        group.batch?.stop();
      }
    },
    async ending() {
      // What is not done by now is nobody's: pytest ends after the item that it is at.
      if ([...groups.values()].some(({ waiting }) => waiting.length > 0)) this.startNothing?.();
      await Promise.all([...groups.values()].map(({ batch }) => batch?.ended));
    },
    async [Symbol.asyncDispose]() {
      isStopped = true;
      const ended = [...groups.values()].map(({ batch }) => {
        batch?.kill();
        return batch?.ended;
      });
      await Promise.all(ended);
      if (spools !== null) clearSpools(spools.folder, spools.hasRecord);
    },
  };
}

function failed(message: string): ClientAnswer {
  const failure = {
    kind: 'code-failed',
    status: null,
    message: message.slice(0, 2_000),
    retryAfterMs: null,
  } as const;
  return { kind: 'failure', failure, requestId: null, limits: null };
}

function endMsOf({ work }: Order): number {
  return (work!.harness as PytestHarness).endTimeoutMs;
}

function groupOf({ work }: Order): string {
  const { variant, ...harness } = work!.harness as PytestHarness;
  return JSON.stringify([harness, harness.variantsFrom.kind === 'env' ? variant : null]);
}
