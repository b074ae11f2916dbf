// BullMQ and its client of Redis, which are loaded where somebody spreads work: from the experiment's folder, or from beside
// expgraph. They are CommonJS, so a folder's own `require` finds them as Node does.
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Bull from 'bullmq';
import type { Cluster, Redis } from 'ioredis';
import { err, ok, type Result } from '../core/result.ts';
import type { HeldJob, Link, OpenLink } from './link.ts';
import type { RedisTarget } from './redis-url.ts';

/** For a blocking read, in seconds: what waits longer may hang on a connection that is gone. */
const PULL_SECONDS = 5;
const MOST_PULLED = 1_000;
const CONNECT_MS = 10_000;
/** A connection over which nothing comes for so long is dead, and the client makes another one. Far beyond blocking reads and long answers. */
const DEAD_MS = 120_000;
/** What BullMQ keeps beside jobs; a worker that waits makes its own again. */
const OWN_KEYS = ['id', 'meta', 'events', 'marker', 'stalled', 'stalled-check'];
/** Nobody reads its events: what happens is told in a list of our own, which loses nothing. */
const FEW_EVENTS = { events: { maxLen: 10 } };

type Packages = { readonly bull: typeof Bull; readonly redis: typeof import('ioredis') };
type Client = Redis | Cluster;

/** @returns err: one sentence that says what to type */
export function findQueuePackages(folder: string): Result<Packages, string> {
  const missing: string[] = [];
  const load = (name: string): unknown => {
    for (const from of [path.join(folder, 'experiment.js'), import.meta.url]) {
      try {
        return createRequire(from)(name);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
      }
    }
    missing.push(name);
    return undefined;
  };
  const bull = load('bullmq') as typeof Bull;
  const redis = load('ioredis') as Packages['redis'];
  if (missing.length === 0) return ok({ bull, redis });
  const are = missing.length === 1 ? 'is' : 'are';
  return err(
    `work is spread by BullMQ, and ${missing.join(' and ')} ${are} not installed: npm install --save-exact bullmq@6 ioredis`,
  );
}

export function openLinks({ bull, redis }: Packages): OpenLink {
  return async ({ target, prefix, onTrouble }) => {
    const told = (error: Error): void => onTrouble(error);
    let isLeaving = false;
    const options = {
      // Whatever is asked waits until there is a connection again.
      maxRetriesPerRequest: null,
      enableAutoPipelining: true,
      socketTimeout: DEAD_MS,
      // A client that is told to leave while it waits to try again tells nobody: commands would wait for ever.
      retryStrategy: (times: number) => (isLeaving ? null : Math.min(100 * times, 2_000)),
    };
    const nodes = await clusterNodes(redis, target);
    const connect = (more: { enableAutoPipelining?: boolean }): Client => {
      const settings = { ...options, ...more };
      const client =
        nodes.length > 0 && target.at.kind === 'tcp'
          ? new redis.Cluster([{ host: target.at.host, port: target.at.port }], {
              redisOptions: { ...settings, ...whoOf(target) },
            })
          : new redis.Redis({ ...settings, ...whereOf(target), ...whoOf(target) });
      client.on('error', told);
      return client;
    };
    const client = connect({});
    if (nodes.length > 0) await whenReached(client, { key: prefix, nodes });
    const pulling = connect({ enableAutoPipelining: false });
    const queues = new Map<string, Bull.Queue>();
    const queueOf = (name: string): Bull.Queue => {
      let queue = queues.get(name);
      if (queue === undefined) {
        queue = new bull.Queue(name, { connection: client as never, prefix, streams: FEW_EVENTS });
        queue.on('error', told);
        queues.set(name, queue);
      }
      return queue;
    };
    let isOver = false;
    /** Waits at its end for its server, and holds the process until then. */
    class Worker extends bull.Worker {
      drop(): void {
        void this.lockManager.close();
      }
    }
    /** Lists in which there was something the last time: no need to wait for a first one. */
    const busy = new Set<string>();

    const link: Link = {
      isUp: () => client.status === 'ready',
      ask: (command, ...words) => client.call(command, ...words),
      script: (lua, keys, args) => client.eval(lua, keys.length, ...keys, ...args),
      async pull(list) {
        if (isOver) return [];
        try {
          const there = busy.has(list) ? await pulling.lpop(list, MOST_PULLED) : null;
          if (there !== null) return there;
          busy.delete(list);
          const first = await pulling.blpop(list, PULL_SECONDS);
          if (first === null) return [];
          busy.add(list);
          const more = await pulling.lpop(list, MOST_PULLED);
          return [first[1], ...(more ?? [])];
        } catch (error) {
          if (!isOver) onTrouble(error);
          return [];
        }
      },
      async add(queue, jobs) {
        const over = { removeOnComplete: true, removeOnFail: true, attempts: 1 };
        await queueOf(queue).addBulk(
          jobs.map(({ id, data }) => ({ name: 'order', data, opts: { ...over, jobId: id } })),
        );
      },
      async remove(queue, id) {
        return (await queueOf(queue).remove(id)) === 1;
      },
      async ids(queue) {
        const [waiting, paused, active] = await Promise.all(
          ['wait', 'paused', 'active'].map((state) => client.lrange(`${prefix}:${queue}:${state}`, 0, -1)),
        );
        return { waiting: [...waiting!, ...paused!], active: active! };
      },
      async clean(queue) {
        const { waiting, active } = await link.ids(queue);
        if (waiting.length + active.length > 0) return;
        await client.del(OWN_KEYS.map((name) => `${prefix}:${queue}:${name}`));
      },
      work(queue, input) {
        const connection = connect({ enableAutoPipelining: false });
        const worker = new Worker(
          queue,
          (job, token = '') => input.perform(heldJob(bull, { job, token, prefix, queue })),
          {
            connection: connection as never,
            prefix,
            name: input.name,
            concurrency: input.concurrency,
            lockDuration: input.lockMs,
            stalledInterval: Math.max(500, Math.floor(input.lockMs / 2)),
            // A retry is the loop's to decide.
            maxStalledCount: 0,
          },
        );
        worker.on('error', told);
        worker.on('failed', (job, error) => {
          if (job?.id !== undefined) input.lost(job.id, error.message);
        });
        return {
          hold(jobs) {
            worker.concurrency = jobs;
          },
          drop() {
            isLeaving = true;
            worker.drop();
          },
          async [Symbol.asyncDispose]() {
            await worker.close();
            connection.disconnect();
          },
        };
      },
      async [Symbol.asyncDispose]() {
        isOver = true;
        for (const queue of queues.values()) await queue.close().catch(() => {});
        pulling.disconnect();
        client.disconnect();
      },
    };
    return link;
  };
}

/**
 * @returns addresses, as nodes of a cluster say them of themselves; [] where it is used as one server
 * @throws where nobody answers, or refuses who asks: nothing was begun yet
 */
async function clusterNodes(redis: Packages['redis'], target: RedisTarget): Promise<readonly string[]> {
  const first = new redis.Redis({
    ...whereOf(target),
    ...whoOf(target),
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    commandTimeout: CONNECT_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  // What was wrong is told here; the call below only knows that there is no connection.
  let why: unknown;
  first.on('error', (error) => {
    why ??= error;
  });
  try {
    await first.connect();
    if (!/cluster_enabled:1/.test(await first.info('cluster'))) return [];
    // A node that none has met does not know its own address, and is reached as it was asked: one with all slots is as good as no
    // cluster, and another one says MOVED. https://redis.io/docs/latest/commands/cluster-slots/
    const slots = (await first.call('CLUSTER', 'SLOTS')) as [number, number, ...[string | null, number][]][];
    const all = slots.flatMap(([, , ...nodes]) => nodes);
    return [
      ...new Set(all.filter(([host]) => host !== null && host !== '').map((at) => at.slice(0, 2).join(':'))),
    ];
  } catch (error) {
    throw why ?? error;
  } finally {
    first.disconnect();
  }
}

/** @throws where the node of that key does not answer at the address that it says of itself: a client would wait for ever, and say nothing */
async function whenReached(
  client: Client,
  { key, nodes }: { readonly key: string; readonly nodes: readonly string[] },
): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`Cluster nodes do not answer: ${nodes.join(', ')}`)),
    CONNECT_MS,
  );
  try {
    await Promise.race([client.exists(key), late.promise]);
  } catch (error) {
    client.disconnect();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function whereOf({
  at,
  db,
}: RedisTarget): { db: number } & ({ host: string; port: number } | { path: string }) {
  return { ...(at.kind === 'tcp' ? { host: at.host, port: at.port } : { path: at.path }), db };
}

type Who = { tls?: { servername: string }; username?: string; password?: string };

/** Each node of a cluster is told it. */
function whoOf({ at, username, password }: RedisTarget): Who {
  return {
    ...(at.kind === 'tcp' && at.isEncrypted ? { tls: { servername: at.host } } : {}),
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
  };
}

function heldJob(
  bull: typeof Bull,
  at: { readonly job: Bull.Job; readonly token: string; readonly prefix: string; readonly queue: string },
): HeldJob {
  const { job, token, prefix, queue } = at;
  return {
    id: job.id!,
    data: job.data,
    token,
    lockKey: `${prefix}:${queue}:${job.id}:lock`,
    async handBack() {
      await job.moveToWait(token);
      throw new bull.WaitingError();
    },
  };
}
