// Whether the remote answers and may be read; and, where that is asked for, whether it can be written to by several machines.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RemoteSettings } from '../../core/remote.ts';
import { unreachable } from '../../core/result.ts';
import { openRemote } from '../../remote/index.ts';
import { RACED_BYTES, RACERS, RACES, type RaceEnd, raceWrites } from '../../remote/race.ts';
import { RemoteError } from '../../remote/remote.ts';
import type { World } from '../open/world.ts';
import { type Check, ok, PROBE_MS } from './check.ts';

const NAME = 'remote';
const WRITING = 'writing to it';

/** Some megabytes, on a line that may be slow. */
const RACE_MS = 60_000;

export async function remoteChecks(
  world: World,
  input: {
    readonly settings: RemoteSettings;
    /** It leaves a file there. */
    readonly mayWrite: boolean;
  },
): Promise<readonly Check[]> {
  const { settings, mayWrite } = input;
  const reads = await readCheck(world, settings);
  if (reads.state === 'failed') return [reads];
  if (!settings.push)
    return [reads, { name: WRITING, state: 'off', found: 'push: false, so nothing is sent', advice: null }];
  if (mayWrite) return [reads, await writeCheck(world, settings)];
  const advice = `npx expgraph doctor --remote tries it: ${RACERS} writers at one time, ${RACES} times; ${filesOf(RACES)} are left there`;
  return [reads, { name: WRITING, state: 'off', found: 'not tried', advice }];
}

async function readCheck(world: World, settings: RemoteSettings): Promise<Check> {
  const signal = AbortSignal.timeout(PROBE_MS);
  try {
    await using remote = await openRemote(settings, world);
    // No file is called so; what counts is that the answer says it.
    if (await isAnything(remote.get(NOBODYS, { maxBytes: 1000, signal })))
      return {
        ...{ name: NAME, state: 'failed' },
        found: `${remote.shown} answers with a file to a name that nobody gave one (${NOBODYS}): it is no store of files`,
        advice:
          'it may want somebody to log in, or show a page of an application: look at it in a browser, and write the address of the files',
      };
    if (settings.kind === 'file' && !existsSync(fileURLToPath(settings.url)))
      return {
        ...{ name: NAME, state: 'off', found: `${remote.shown} is not there yet` },
        advice: 'it is made when something is shared; where a share is meant, look whether it is mounted',
      };
    return ok(NAME, `${remote.shown} answers and may be read`);
  } catch (cause) {
    return failed(NAME, { cause, signal, settings });
  }
}

const NOBODYS = 'doctor/nothing';

async function isAnything(got: Promise<unknown>): Promise<boolean> {
  try {
    return (await got) !== null;
  } catch (cause) {
    if (cause instanceof RemoteError && cause.kind === 'too-large') return true;
    throw cause;
  }
}

async function writeCheck(world: World, settings: RemoteSettings): Promise<Check> {
  const signal = AbortSignal.timeout(RACE_MS);
  try {
    const { left, end } = await raceWrites(settings, { world, signal });
    const last = left.length > 1 ? ` to -${left.length}` : '';
    const kept = left.length === 0 ? '' : `; left there: ${filesOf(left.length)}, ${left[0]}${last}`;
    if (end.kind === 'one-won')
      return ok(WRITING, `one of ${RACERS} writers won, ${RACES} times out of ${RACES}${kept}`);
    return {
      ...{ name: WRITING, state: 'failed', found: `${raceWords(end)}: this store cannot be used${kept}` },
      advice: 'use a store that knows If-None-Match; from this one, results can be read: push: false',
    };
  } catch (cause) {
    const isKeptOut =
      cause instanceof RemoteError && (cause.kind === 'forbidden' || cause.kind === 'unauthorized');
    if (!isKeptOut) return failed(WRITING, { cause, signal, settings });
    // It was read a moment ago: who may read only is a reader of what others share.
    const found = `${cause.message}; results of others are read, and none are sent`;
    return { name: WRITING, state: 'warning', found, advice: cause.advice };
  }
}

function filesOf(count: number): string {
  return `${count} ${count === 1 ? 'file' : 'files'} of ${RACED_BYTES / 1024} kB`;
}

function raceWords(end: Exclude<RaceEnd, { readonly kind: 'one-won' }>): string {
  switch (end.kind) {
    case 'several-won':
      return `${end.winners} writers were told that they made one and the same file`;
    case 'nobody-won':
      return `none of ${RACERS} writers could make a file that was not there`;
    case 'other-bytes':
      return 'what one writer made was read as other bytes';
    default:
      return unreachable(end);
  }
}

function failed(
  name: string,
  input: { readonly cause: unknown; readonly signal: AbortSignal; readonly settings: RemoteSettings },
): Check {
  const { cause, signal, settings } = input;
  if (cause instanceof RemoteError)
    return { name, state: 'failed', found: cause.message, advice: cause.advice };
  if (!signal.aborted) throw cause;
  const advice = 'look whether it is up, and whether this machine reaches it';
  return { name, state: 'failed', found: `${settings.url}: no answer in time`, advice };
}
