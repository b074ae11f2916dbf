// Every invocation of an experiment, and one of them in full.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { layoutOf, scoresRoot } from '../../cache/disk/layout.ts';
import { invocationsMeant, seemsInvocation, shortNames } from '../../core/invocation-id.ts';
import type { Json } from '../../core/json.ts';
import type { Withheld } from '../../core/summary.ts';
import { historyGroups } from '../../report/records/history-groups.ts';
import type { FullEntry, LogEntry } from '../../report/records/log.ts';
import { jsonChanges } from '../../text/json-changes.ts';
import { CommandError } from '../open/command-error.ts';
import { openToRead, type Reading } from '../open/read.ts';
import { withheldNow } from '../open/withheld.ts';
import type { World } from '../open/world.ts';
import { findInvocation } from '../select/find-invocation.ts';
import { cellName } from '../select/find-records.ts';
import { historyRows } from '../select/history-rows.ts';
import { type Known, readLog } from '../select/invocations.ts';
import { entryWithoutArms } from './without-arms.ts';

export type LogInput = {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
};

export type InvocationLog = {
  readonly experiment: string;
  /** Oldest first. */
  readonly invocations: readonly LogEntry[];
  /** Only while a blind review is open: no entry names an arm. */
  readonly withheld?: Withheld;
};

/** Draws and judgements of one invocation are one entry. @throws ManifestError on a manifest with mistakes */
export async function listInvocations(world: World, { file }: LogInput): Promise<InvocationLog> {
  using reading = await openToRead(world, file);
  const { experiment, store } = reading;
  const invocations = readLog(store, experiment).map(({ entry }) => entry);
  const withheld = await withheldNow(world, experiment);
  const shown = withheld ? invocations.map(entryWithoutArms(namesIn(reading))) : invocations;
  return { experiment: experiment.manifest.name, invocations: shown, ...(withheld ? { withheld } : {}) };
}

/** One of them with what it drew and what was edited before it. */
export type InvocationDetails = FullEntry & { readonly experiment: string; readonly withheld?: Withheld };

/** @param input.invocation its number, its name, `last` or `previous` @throws CommandError where there is no such invocation */
export async function readInvocation(
  world: World,
  { file, invocation }: LogInput & { readonly invocation: string },
): Promise<InvocationDetails> {
  using reading = await openToRead(world, file);
  const all = readLog(reading.store, reading.experiment);
  const position = findEntry(all, invocation);
  const details = detailsOf(world, { reading, all, position });
  const withheld = await withheldNow(world, reading.experiment);
  if (withheld === null) return details;
  const entry = entryWithoutArms(namesIn(reading))(details.entry);
  return { ...details, entry, manifest: null, groups: [], example: null, withheld };
}

/** Those of today, and all that were ever drawn. */
function namesIn({ experiment, store }: Reading): readonly string[] {
  const names = new Set(experiment.manifest.variants.map(({ name }) => name));
  for (const { variant } of store.everyRecord()) names.add(variant);
  return [...names];
}

function findEntry(all: readonly Known[], text: string): number {
  if (all.length === 0)
    throw new CommandError('nothing was run yet: `npx expgraph run` is the first invocation');
  const names = all.map(({ entry }) => entry.invocation);
  if (invocationsMeant(text, names).length > 0) return names.indexOf(findInvocation(names, text));
  const found = text === 'last' ? all.length - 1 : text === 'previous' ? all.length - 2 : -1;
  if (found >= 0) return found;
  const short = shortNames(names);
  const numbers = `there are ${short(names[0]!)} to ${short(names.at(-1)!)}`;
  throw new CommandError(
    !seemsInvocation(text) && text !== 'previous'
      ? `${JSON.stringify(text)} is no invocation: write its number, last or previous; ${numbers}`
      : `there is no invocation ${text}; ${numbers}`,
  );
}

function detailsOf(
  world: Pick<World, 'cwd'>,
  known: { readonly reading: Reading; readonly all: readonly Known[]; readonly position: number },
): InvocationDetails {
  const { reading, all, position } = known;
  const { entry, record } = all[position]!;
  const before = all[position - 1];
  const short = shortNames(all.map((one) => one.entry.invocation));
  // All of them: what an answer is held against may be of any invocation before it.
  const groups = historyGroups(historyRows(reading, () => true)).filter(
    ({ invocation }) => invocation === entry.invocation,
  );
  const rows = groups.flatMap((group) => group.rows);
  const changes =
    before === undefined ? null : jsonChanges(before.record.manifest as Json, record.manifest as Json);
  const { manifest, root } = reading.experiment;
  return {
    experiment: manifest.name,
    entry,
    before: before?.entry.number ?? null,
    called: {
      it: short(entry.invocation),
      before: before === undefined ? null : short(before.entry.invocation),
    },
    manifest: changes,
    groups,
    folders: [root, scoresRoot(root)]
      .map((one) => path.join(layoutOf(one).history, entry.invocation))
      .filter((folder) => existsSync(folder))
      .map((folder) => `${path.relative(world.cwd, folder)}/`),
    example: rows.length === 0 ? null : cellName(rows.find(({ status }) => status === 'failed') ?? rows[0]!),
  };
}
