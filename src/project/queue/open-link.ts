// Redis as commands reach it: its address read, the packages found, the server looked at before anything is put there.
import { findQueuePackages, openLinks } from '../../queue/bullmq.ts';
import type { Link } from '../../queue/link.ts';
import { type QueueNames, queueNames } from '../../queue/names.ts';
import { checkRedis, findingSentence, isRefusal } from '../../queue/redis-checks.ts';
import { redisTrouble } from '../../queue/redis-errors.ts';
import { readRedisFacts, SETTINGS_READ } from '../../queue/redis-facts.ts';
import { type RedisTarget, readRedisUrl, shownRedis } from '../../queue/redis-url.ts';
import { watchSilence } from '../../queue/silence.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { note, type World } from '../open/world.ts';
import { makeTroubles } from './troubles.ts';

export type Opened = AsyncDisposable & {
  readonly link: Link;
  readonly names: QueueNames;
  /** The address, as it may be shown. */
  readonly shown: string;
  readonly onTrouble: (thrown: unknown) => void;
};

/** @throws CommandError where a package is missing, nobody answers, or the server is not fit for a queue */
export async function openLink(io: World, { manifest }: Experiment, url: string): Promise<Opened> {
  const read = readRedisUrl(url);
  if (read.kind === 'err') throw new CommandError(read.error);
  const target = read.value;
  const found = findQueuePackages(manifest.folder);
  if (found.kind === 'err') throw new CommandError(found.error);
  const names = queueNames(manifest.name);
  const onTrouble = makeTroubles(io, (thrown) => redisTrouble(thrown, target).sentence);
  let link: Link | null = null;
  try {
    link = await openLinks(found.value)({ target, prefix: names.prefix, onTrouble });
    await checkServer(io, { link, target });
    const opened = link;
    const endWatch = watchSilence({ link, onTrouble, clock: io.clock });
    return {
      link,
      names,
      shown: shownRedis(target),
      onTrouble,
      async [Symbol.asyncDispose]() {
        endWatch();
        await opened[Symbol.asyncDispose]();
      },
    };
  } catch (thrown) {
    await link?.[Symbol.asyncDispose]();
    if (thrown instanceof CommandError) throw thrown;
    throw new CommandError(redisTrouble(thrown, target).sentence);
  }
}

async function checkServer(
  io: World,
  { link, target }: { readonly link: Link; readonly target: RedisTarget },
): Promise<void> {
  const info = String(await link.ask('INFO'));
  const findings = checkRedis(readRedisFacts(info, await settingsOf(link)), shownRedis(target));
  const refusals = findings.filter(isRefusal);
  if (refusals.length > 0) throw new CommandError(refusals.map(findingSentence).join('. '));
  for (const finding of findings) note(io, findingSentence(finding));
}

/** null = they may not be asked for. */
async function settingsOf(link: Link): Promise<{ readonly [name: string]: string } | null> {
  try {
    const all: [string, string][] = [];
    for (const setting of SETTINGS_READ) {
      const [name, value] = (await link.ask('CONFIG', 'GET', setting)) as string[];
      if (name !== undefined && value !== undefined) all.push([name, value]);
    }
    return Object.fromEntries(all);
  } catch {
    return null;
  }
}
