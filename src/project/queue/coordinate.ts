// `run --executor queue`: one coordinator for all that this command does, and the executors that ask it.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { type MakeExecutor, makeExecutor } from '../../executor/index.ts';
import { makeQueuedExecutor } from '../../executor/queued.ts';
import { openCoordinator } from '../../queue/coordinator.ts';
import { hold } from '../../queue/holding.ts';
import { partFrom } from '../../queue/leaving.ts';
import { ordersOf } from '../../queue/names.ts';
import { type Holder, write } from '../../queue/words.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { note, type World } from '../open/world.ts';
import { digestOfNeeds, needsOf, queuedProviders } from './needs.ts';
import { openLink } from './open-link.ts';
import { tellLonely, tellRoom } from './troubles.ts';

/** Looks are two seconds apart. */
const SAID_MS = 15_000;

export type Coordinating = AsyncDisposable & { readonly makeExecutor: MakeExecutor };

/** @throws CommandError where there is no queue to be had, or another coordinator has it */
export async function coordinate(
  io: World,
  input: { readonly experiment: Experiment; readonly url: string; readonly wait: boolean },
): Promise<Coordinating> {
  const { experiment, url, wait } = input;
  await using stack = new AsyncDisposableStack();
  const { link, names, onTrouble } = stack.use(await openLink(io, experiment, url));
  const held = await hold({
    ...{ link, names, clock: io.clock, onTrouble },
    holder: {
      ...{ host: hostname(), pid: process.pid, since: io.clock.now().toISOString(), token: randomUUID() },
    },
    isGone: isGoneHere,
    waits: waiting(io, wait),
  });
  if (!('holds' in held)) {
    throw new CommandError(
      `${experiment.manifest.name} is run over this queue by ${holderWords(held)}. Wait for it (--wait does), or stop it.`,
      EXIT.store,
    );
  }
  stack.use(held);
  const needs = needsOf(experiment);
  const text = write(needs);
  /** Again and again: what is not said anew is of a run that is gone. */
  const say = (): Promise<unknown> => link.ask('SET', names.meta, text, 'PX', SAID_MS);
  let isTold = false;
  const holds = (): boolean => {
    if (held.holds()) return true;
    if (!isTold) note(io, 'another run coordinates this queue now: nothing more is begun here');
    isTold = true;
    return false;
  };
  const digest = digestOfNeeds(needs);
  const providers = queuedProviders(experiment);
  const lonely = tellLonely(io, providers);
  const roomy = tellRoom(io);
  let most = Number.POSITIVE_INFINITY;
  const queues = providers.map(ordersOf);
  const places = new Map(
    Object.values(experiment.manifest.providers).map(({ name, limits }) => [
      ordersOf(name),
      limits.concurrency,
    ]),
  );
  const clean = async (): Promise<void> => {
    await link.ask('DEL', names.meta, names.news);
    // What waits here now was handed back by workers: of a run that is gone, and the next one makes its own.
    for (const queue of queues) {
      for (const id of (await link.ids(queue)).waiting) await link.remove(queue, id);
      await link.clean(queue);
    }
  };
  // What is left for the next one is found by what lies there, and not by what was told of it.
  stack.defer(async () => {
    if (held.holds()) await partFrom(link, { parting: clean(), clock: io.clock });
  });
  await say();
  const coordinator = await openCoordinator({
    ...{ link, names, clock: io.clock, onTrouble, holds },
    queues,
    placesOf: (queue) => places.get(queue) ?? null,
    needs: digest,
    async look() {
      if (!holds()) return;
      await say();
      const alive = coordinator.roll.alive();
      lonely({ waiting: coordinator.waiting(), alive });
      roomy({ most, alive });
    },
  });
  stack.use(coordinator);
  const whole = stack.move();
  return {
    async makeExecutor(settings) {
      const { batches, spare: _, ...rest } = settings;
      const inner = await makeExecutor({ ...rest, kinds: ['rule'] });
      const { clock, env, folder } = settings;
      const known = settings.known!;
      most = known.tasks > settings.capacity ? settings.capacity : Number.POSITIVE_INFINITY;
      const queued = makeQueuedExecutor({ inner, coordinator, known, clock });
      if (batches === undefined) return queued;
      const { makeBatchedExecutor } = await import('../../executor/batched.ts');
      return makeBatchedExecutor({ inner: queued, env, folder, clock, ...batches });
    },
    async [Symbol.asyncDispose]() {
      await whole.disposeAsync();
    },
  };
}

/** Of this machine it can be seen. */
function isGoneHere({ host, pid }: Holder): boolean {
  if (host !== hostname()) return false;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function waiting(io: World, wait: boolean): (other: Holder) => Promise<boolean> {
  let hasTold = false;
  return async (other) => {
    if (!wait) return false;
    if (!hasTold)
      note(io, `waiting for ${holderWords(other)}, who runs this experiment over the queue; Ctrl-C leaves`);
    hasTold = true;
    using leaving = io.interrupts.wait();
    await leaving.sleep(300);
    if (leaving.isLeaving()) throw new CommandError('left while waiting: nothing was done', EXIT.interrupted);
    return true;
  };
}

function holderWords({ host, pid, since }: Holder): string {
  return `process ${pid} on ${host}, since ${since}`;
}
