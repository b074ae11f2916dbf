// What limits an experiment of a million, a hundred million and ten thousand million tasks: sums of what a task costs, and a
// simulation of the way of its orders from coordinators over Redis to workers and back. Pure: costs in, numbers out.

/** What one task costs, and where that was measured. Times in microseconds of one processor. */
export type InputName =
  | 'plan_us'
  | 'plan_bytes'
  | 'null_us'
  | 'null_bytes'
  | 'writer_us'
  | 'record_bytes'
  | 'index_bytes'
  | 'index_us'
  | 'view_bytes'
  | 'view_us'
  | 'order_bytes'
  | 'order_redis_us'
  | 'order_coordinator_us';
export type Input = { readonly value: number; readonly from: string };
export type Inputs = { readonly [name in InputName]: Input };

export const SIZES = [1_000_000, 100_000_000, 10_000_000_000] as const;

/** Node's own limit of the heap on a machine with 16 GB and more. */
export const HEAP_BYTES = 4 * 1024 ** 3;
/** V8 makes no larger Map. */
export const MOST_IN_MAP = 2 ** 24;
/** Above it a process has no room for what comes in bursts. */
export const BUSY = 0.7;
/** Orders that wait in Redis: what the lanes can start in so long. */
export const WINDOW_S = 10;
/** Transcripts of models: 18.5 MB of 6,000 became 4.6 MB. Those of the simulation shrink twelve times. */
export const PACKED = 4;
/** An object of a store: one request, and what is read for one record of it. */
export const PACK_BYTES = 64 * 1024 ** 2;
/** Cells that a coordinator plans at a time, in the design for many. */
export const SLICE = 2_000_000;

export type Flow = {
  /** What all lanes together may start. */
  readonly callsPerS: number;
  readonly latencyS: number;
  readonly coordinators: number;
  readonly servers: number;
  /** Calls that all workers together hold at one time. */
  readonly places: number;
};

export type Simulated = {
  /** In the steady half. */
  readonly perS: number;
  /** Share of the time that one of each is busy. */
  readonly coordinatorBusy: number;
  readonly redisBusy: number;
  /** In all of Redis at one time: orders and outcomes. */
  readonly mostOrders: number;
  /** Of these: waiting for a worker. */
  readonly mostWaiting: number;
  readonly mostBytes: number;
  readonly limitedBy: 'lanes' | 'coordinator' | 'Redis' | 'workers';
  /** Orders that went in, less those that are somewhere and those that came out: 0 where nothing is lost. */
  readonly lost: number;
};

const STEP_S = 0.1;
const RUN_S = 600;

/**
 * Steps of a tenth of a second. What a coordinator has to do, and what Redis has to, is done in equal shares where the time is
 * short. Calls take their time on the average, some less and some more. What waits in Redis is never more than the lanes start in WINDOW_S.
 */
export function simulate(flow: Flow, inputs: Inputs): Simulated {
  const costS = (name: InputName): number => inputs[name].value / 1_000_000;
  // Sending and fetching cost alike: of what both cost, half is the way there and half the way back.
  const sendS = costS('order_coordinator_us') / 2;
  const takeS = costS('order_coordinator_us') / 2 + costS('writer_us');
  const redisS = costS('order_redis_us') / 2;
  let [sent, waiting, calling, answered, outcomes, kept] = [0, 0, 0, 0, 0, 0];
  let [most, mostWaiting, ownUsed, redisUsed, keptInHalf] = [0, 0, 0, 0, 0];
  const steps = RUN_S / STEP_S;
  for (let step = 0; step < steps; step++) {
    // Calls that have ended: their workers say so as fast as Redis hears it, and begin no other before.
    const ended = Math.min(calling, (calling * STEP_S) / flow.latencyS);
    calling -= ended;
    answered += ended;
    const allowed = flow.callsPerS * STEP_S;
    const wanted = Math.max(0, Math.min(allowed, flow.callsPerS * WINDOW_S - waiting));
    const own = shareOf(STEP_S * flow.coordinators, [wanted * sendS, outcomes * takeS]);
    const server = shareOf(STEP_S * flow.servers, [wanted * own * redisS, answered * redisS]);
    const added = wanted * own * server;
    const taken = outcomes * own;
    const told = answered * server;
    sent += added;
    kept += taken;
    answered -= told;
    outcomes += told - taken;
    const begun = Math.max(0, Math.min(waiting + added, flow.places - calling - answered));
    waiting += added - begun;
    calling += begun;
    mostWaiting = Math.max(mostWaiting, waiting);
    most = Math.max(most, waiting + calling + answered + outcomes);
    if (step < steps / 2) continue;
    keptInHalf += taken;
    ownUsed += added * sendS + taken * takeS;
    redisUsed += (added + told) * redisS;
  }
  const perS = keptInHalf / (RUN_S / 2);
  const coordinatorBusy = ownUsed / ((RUN_S / 2) * flow.coordinators);
  const redisBusy = redisUsed / ((RUN_S / 2) * flow.servers);
  return {
    perS,
    coordinatorBusy,
    redisBusy,
    mostOrders: most,
    mostWaiting,
    mostBytes: most * inputs.order_bytes.value,
    limitedBy: limitOf({ flow, perS, coordinatorBusy, redisBusy }),
    lost: sent - waiting - calling - answered - outcomes - kept,
  };
}

/** Of what is asked for, as much as there is time for. */
function shareOf(budgetS: number, asked: readonly number[]): number {
  const sum = asked.reduce((total, one) => total + one, 0);
  return sum <= budgetS ? 1 : budgetS / sum;
}

function limitOf(of: {
  readonly flow: Flow;
  readonly perS: number;
  readonly coordinatorBusy: number;
  readonly redisBusy: number;
}): Simulated['limitedBy'] {
  if (of.perS >= of.flow.callsPerS * 0.99) return 'lanes';
  if (of.coordinatorBusy >= 0.99) return 'coordinator';
  return of.redisBusy >= 0.99 ? 'Redis' : 'workers';
}

/** One process, one store, one Redis, as it is today. */
export type Today = {
  readonly planBytes: number;
  readonly planS: number;
  readonly nullBytes: number;
  readonly nullS: number;
  readonly historyBytes: number;
  readonly indexBytes: number;
  readonly indexS: number;
  readonly viewBytes: number;
  readonly viewS: number;
  /** Sent, taken and written by one coordinator that does nothing else. */
  readonly coordinatorS: number;
  readonly redisS: number;
};

export function today(tasks: number, inputs: Inputs): Today {
  const of = (name: InputName): number => inputs[name].value * tasks;
  const seconds = (...names: readonly InputName[]): number =>
    names.reduce((sum, name) => sum + of(name) / 1_000_000, 0);
  return {
    planBytes: of('plan_bytes'),
    planS: seconds('plan_us'),
    nullBytes: of('null_bytes'),
    nullS: seconds('null_us'),
    historyBytes: of('record_bytes'),
    indexBytes: of('index_bytes'),
    indexS: seconds('index_us'),
    viewBytes: of('view_bytes'),
    viewS: seconds('view_us'),
    coordinatorS: seconds('order_coordinator_us', 'writer_us'),
    redisS: seconds('order_redis_us'),
  };
}

/** How many tasks one process holds at all. */
export function mostTasks(inputs: Inputs): { readonly planned: number; readonly rerun: number } {
  const inHeap = (bytes: number): number => Math.min(MOST_IN_MAP, Math.floor(HEAP_BYTES / bytes));
  return { planned: inHeap(inputs.plan_bytes.value), rerun: inHeap(inputs.null_bytes.value) };
}

/** What it takes to be done within a time. */
export type Sharded = {
  readonly callsPerS: number;
  /** By their work alone: each has its lanes, its part of the history and its index. */
  readonly coordinatorsByWork: number;
  /** As many as the plan takes where each holds all of its cells at once. */
  readonly coordinatorsByMemory: number;
  readonly servers: number;
  /** Of the cells that are planned at one time. */
  readonly slices: number;
  readonly sliceBytes: number;
  readonly sliceIndexBytes: number;
  readonly sliceIndexS: number;
  readonly packs: number;
  readonly packedBytes: number;
  /** A run that finds nothing to do, over all coordinators at once. */
  readonly nullS: number;
};

export function sharded(of: { readonly tasks: number; readonly withinS: number }, inputs: Inputs): Sharded {
  const { tasks, withinS } = of;
  const callsPerS = tasks / withinS;
  const { coordinatorS, redisS, planBytes, historyBytes, nullS } = today(tasks, inputs);
  const coordinatorsByWork = Math.max(1, Math.ceil(coordinatorS / withinS / BUSY));
  const cells = Math.min(tasks, SLICE);
  const slice = today(cells, inputs);
  const packedBytes = historyBytes / PACKED;
  return {
    callsPerS,
    coordinatorsByWork,
    coordinatorsByMemory: Math.max(1, Math.ceil(planBytes / (HEAP_BYTES * BUSY))),
    servers: Math.max(1, Math.ceil(redisS / withinS / BUSY)),
    slices: Math.ceil(tasks / SLICE),
    sliceBytes: slice.planBytes,
    sliceIndexBytes: slice.indexBytes,
    sliceIndexS: slice.indexS,
    packs: Math.ceil(packedBytes / PACK_BYTES),
    packedBytes,
    nullS: nullS / coordinatorsByWork,
  };
}
