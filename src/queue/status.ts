// What is in a queue and who works at it, read from Redis without changing anything there. Jobs lie as BullMQ lays them: lists of
// ids by state, the newest at the left, and a hash for each job. https://docs.bullmq.io
import { parseObject } from '../core/json-text.ts';
import { type ProviderQueue, perSecondOf, type QueueStatus, type QueueWorker } from '../core/queue-status.ts';
import { readRedisFacts } from './redis-facts.ts';

type Ask = (command: string, ...words: readonly (string | number)[]) => Promise<unknown>;

/** A worker says something every two seconds. By two clocks, which may differ: then a second look tells. */
const SILENT_MS = 10_000;
const SECOND_LOOK_MS = 5_000;

export async function lookAtQueue(input: {
  readonly ask: Ask;
  readonly experiment: string;
  /** As it may be shown. */
  readonly url: string;
  readonly names: {
    readonly prefix: string;
    readonly coordinator: string;
    readonly workers: string;
    readonly outcomes: string;
    readonly surplus: string;
  };
  /** BullMQ's name of a queue, by provider. */
  readonly orders: ReadonlyMap<string, string>;
  readonly sleep: (ms: number) => Promise<void>;
}): Promise<QueueStatus> {
  const { ask, names } = input;
  const [seconds, microseconds] = ((await ask('TIME')) as readonly (string | number)[]).map(Number);
  const nowMs = seconds! * 1_000 + Math.floor(microseconds! / 1_000);
  const facts = readRedisFacts(String(await ask('INFO')), null);
  const beats = await aliveBeats({ ...input, nowMs });
  // Who is alive is believed before who is silent.
  const bySilence = [...beats].sort((a, b) => Number(b.isSilent) - Number(a.isSilent));
  const told = new Map(bySilence.flatMap((one) => one.doing.map((id) => [id, one.isSilent] as const)));
  const queues: ProviderQueue[] = [];
  for (const [provider, queue] of input.orders) {
    queues.push(await queueOf(ask, { provider, at: `${names.prefix}:${queue}`, told, nowMs }));
  }
  return {
    experiment: input.experiment,
    at: new Date(nowMs).toISOString(),
    server: {
      url: input.url,
      software: facts.software,
      version: facts.version,
      used_bytes: facts.memory.usedBytes,
      max_bytes: facts.memory.maxBytes,
    },
    coordinator: holderIn(await ask('GET', names.coordinator)),
    workers: beats.map(workerOf),
    queues: queues.sort((a, b) => compare(a.provider, b.provider)),
    outcomes: Number(await ask('HLEN', names.outcomes)),
    surplus: Number(await ask('HLEN', names.surplus)),
  };
}

type Beat = Omit<QueueWorker, 'per_second' | 'is_silent'> & {
  readonly doing: readonly string[];
  readonly seen: string;
  readonly beat: number;
};
type Told = Beat & { readonly isSilent: boolean };

async function aliveBeats(input: {
  readonly ask: Ask;
  readonly names: { readonly workers: string };
  readonly sleep: (ms: number) => Promise<void>;
  readonly nowMs: number;
}): Promise<readonly Told[]> {
  const look = async (): Promise<readonly Beat[]> => {
    const texts = (await input.ask('HVALS', input.names.workers)) as readonly string[];
    return texts.flatMap((text) => beatIn(text) ?? []).sort((a, b) => compare(a.name, b.name));
  };
  const first = await look();
  const isDoubtful = ({ seen }: Beat): boolean => !(Math.abs(input.nowMs - Date.parse(seen)) < SILENT_MS);
  if (!first.some(isDoubtful)) return first.map((one) => ({ ...one, isSilent: false }));
  await input.sleep(SECOND_LOOK_MS);
  const before = new Map(first.map((one) => [one.name, one]));
  return (await look()).map((one) => ({
    ...one,
    isSilent: isDoubtful(one) && before.get(one.name)?.beat === one.beat,
  }));
}

async function queueOf(
  ask: Ask,
  of: {
    readonly provider: string;
    readonly at: string;
    /** Orders that workers say they do -> whether whoever says it is silent. */
    readonly told: ReadonlyMap<string, boolean>;
    readonly nowMs: number;
  },
): Promise<ProviderQueue> {
  const { provider, at, told, nowMs } = of;
  const active = (await ask('LRANGE', `${at}:active`, 0, -1)) as readonly string[];
  const age = async (id: string | null | undefined, field: string): Promise<number | null> => {
    if (id === null || id === undefined) return null;
    const since = await ask('HGET', `${at}:${id}`, field);
    return since === null || since === undefined ? null : Math.max(0, nowMs - Number(since));
  };
  // What was begun since its worker last spoke has a lock; one that was lost has none, or is a silent worker's.
  const isStalled = async (id: string): Promise<boolean> =>
    told.get(id) ?? Number(await ask('EXISTS', `${at}:${id}:lock`)) === 0;
  const stalled = await Promise.all(active.map(isStalled));
  return {
    provider,
    waiting: Number(await ask('LLEN', `${at}:wait`)),
    active: active.length,
    stalled: stalled.filter((is) => is).length,
    oldest_waiting_ms: await age((await ask('LINDEX', `${at}:wait`, -1)) as string | null, 'timestamp'),
    oldest_active_ms: await age(active.at(-1), 'processedOn'),
  };
}

function workerOf({ doing: _, seen, beat: __, isSilent, ...worker }: Told): QueueWorker {
  return {
    ...worker,
    per_second: perSecondOf({ done: worker.done, since: worker.since, seen }),
    is_silent: isSilent,
  };
}

/** Of another version, or torn: there is no such worker. */
function beatIn(text: string): Beat | null {
  const said = parseObject(text);
  if (said === null) return null;
  const { name, host, since, seen } = said;
  if (typeof name !== 'string' || typeof host !== 'string') return null;
  if (typeof since !== 'string' || typeof seen !== 'string') return null;
  const [pid, concurrency, busy, done, beat] = ['pid', 'concurrency', 'busy', 'done', 'beat'].map((field) =>
    typeof said[field] === 'number' ? said[field] : 0,
  );
  return {
    ...{ name, host, pid: pid!, concurrency: concurrency!, busy: busy!, done: done!, beat: beat! },
    ...{ since, seen, providers: textsIn(said.providers), doing: textsIn(said.doing) },
  };
}

function holderIn(reply: unknown): QueueStatus['coordinator'] {
  const said = typeof reply === 'string' ? parseObject(reply) : null;
  if (said === null) return null;
  const { host, pid, since } = said;
  if (typeof host !== 'string' || typeof pid !== 'number' || typeof since !== 'string') return null;
  return { host, pid, since };
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
