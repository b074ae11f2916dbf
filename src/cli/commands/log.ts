// expgraph log: every invocation, newest first; one of them in full. It reads only.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { layoutOf, scoresRoot } from '../../cache/disk/layout.ts';
import type { StoreReader } from '../../cache/store.ts';
import { invocationSequence } from '../../core/brand.ts';
import type { Json } from '../../core/json.ts';
import { NO_FILTER } from '../../core/task.ts';
import { jsonLine } from '../../core/text.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { scopeWords } from '../../project/open/filters.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { cellName } from '../../project/select/find-records.ts';
import { historyRows } from '../../project/select/history-rows.ts';
import { type Known, readLog } from '../../project/select/invocations.ts';
import { historyGroups } from '../../report/records/history-groups.ts';
import { type FullEntry, type LogEntry, logEntryText, logText, type When } from '../../report/records/log.ts';
import { formatTime } from '../../text/format.ts';
import { jsonChanges } from '../../text/json-changes.ts';
import type { Io } from '../io.ts';

export type LogOptions = {
  readonly file: string;
  readonly invocation?: string;
  readonly number?: string;
  readonly reverse?: boolean;
  readonly json?: boolean;
};

/** Two lines each, they fill a screen; a pipe gets all. */
const ON_A_TERMINAL = 20;

export async function logCommand(io: Io, options: LogOptions): Promise<number> {
  const most = limitOf(io, options);
  const experiment = await openExperiment(io, options.file);
  using store = experiment.stores.read();
  notifyDiagnostics(io, store.diagnostics);
  const all = readLog(store, experiment);
  const as = { columns: io.out.columns(), colors: io.out.colors, scope: scopeWords(NO_FILTER, io) };
  if (options.invocation !== undefined) {
    const at = findEntry(all, options.invocation);
    const full = fullEntry({ io, experiment, store, all, at });
    if (options.json) io.out.write(jsonLine(fullJson(experiment, full)));
    else io.out.write(logEntryText(full, as));
    return 0;
  }
  const newest = all.slice(Math.max(0, all.length - most));
  const shown = options.reverse ? newest : newest.toReversed();
  if (options.json) {
    const invocations = shown.map(({ entry }) => entry);
    io.out.write(jsonLine({ experiment: experiment.manifest.name, invocations }));
    return 0;
  }
  const entries = shown.map(({ entry }) => ({ entry, when: whenOf(io, entry) }));
  io.out.write(logText(entries, { ...as, more: all.length - shown.length }));
  return 0;
}

function limitOf(io: Io, { number, json }: LogOptions): number {
  if (number === undefined) return io.out.isTerminal && !json ? ON_A_TERMINAL : Number.MAX_SAFE_INTEGER;
  if (!/^[1-9]\d{0,8}$/.test(number)) {
    throw new CommandError(`-n takes a whole number from 1, not ${JSON.stringify(number)}`);
  }
  return Number(number);
}

function findEntry(all: readonly Known[], text: string): number {
  if (all.length === 0)
    throw new CommandError('nothing was run yet: `npx expgraph run` is the first invocation');
  const number = /^\d{1,9}$/.test(text) ? Number(text) : invocationSequence(text);
  const found =
    text === 'last'
      ? all.length - 1
      : text === 'previous'
        ? all.length - 2
        : all.findLastIndex(({ entry }) => entry.invocation === text || entry.number === number);
  if (found >= 0) return found;
  const numbers = `there are ${all[0]!.entry.number} to ${all.at(-1)!.entry.number}`;
  throw new CommandError(
    number === null && text !== 'previous'
      ? `${JSON.stringify(text)} is no invocation: write its number, last or previous; ${numbers}`
      : `there is no invocation ${text}; ${numbers}`,
  );
}

function fullEntry(of: {
  readonly io: Io;
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly all: readonly Known[];
  readonly at: number;
}): FullEntry {
  const { io, experiment, store, all, at } = of;
  const { entry, record } = all[at]!;
  const before = all[at - 1];
  // All of them: what an answer is held against may be of any invocation before it.
  const groups = historyGroups(historyRows({ experiment, store }, () => true)).filter(
    ({ invocation }) => invocation === entry.invocation,
  );
  const rows = groups.flatMap((group) => group.rows);
  const changes =
    before === undefined ? null : jsonChanges(before.record.manifest as Json, record.manifest as Json);
  return {
    entry,
    when: whenOf(io, entry),
    before: before?.entry.number ?? null,
    manifest: changes,
    groups,
    folders: foldersOf(io, experiment, entry),
    example: rows.length === 0 ? null : cellName(rows.find(({ status }) => status === 'failed') ?? rows[0]!),
  };
}

function foldersOf(io: Io, { root }: Experiment, { invocation }: LogEntry): readonly string[] {
  return [root, scoresRoot(root)]
    .map((one) => path.join(layoutOf(one).history, invocation))
    .filter((folder) => existsSync(folder))
    .map((folder) => `${path.relative(io.cwd, folder)}/`);
}

function fullJson({ manifest: { name } }: Experiment, full: FullEntry): object {
  const { entry, before, manifest, groups, folders } = full;
  return {
    experiment: name,
    ...entry,
    ...{ before, files: folders },
    manifest_changed:
      manifest?.map(({ path: where, from = null, to = null }) => ({ path: where, from, to })) ?? null,
    drew: groups.map(({ changed, rows, failed, another, same, moved, toPass, toFail, costUsd }) => ({
      changed: changed?.map(({ part, from = null, to = null }) => ({ part, from, to })) ?? null,
      ...{ cells: rows.length, failed, another_answer: another, same_answer: same, moved },
      ...{ to_pass: toPass, to_fail: toFail, cost_usd: costUsd },
    })),
  };
}

/** As history and the names of invocations have it: the same for everybody who reads it. */
function whenOf(io: Io, { started_at }: LogEntry): When {
  const start = new Date(started_at);
  return {
    utc: `${formatTime(start.toISOString()).slice(0, 16)} UTC`,
    ageMs: io.clock.now().getTime() - start.getTime(),
  };
}
