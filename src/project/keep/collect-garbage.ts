// Records that nobody would miss go into an archive, and come back from it: what would go is one step, doing it another.
import type { GcPlan as CachePlan } from '../../cache/gc/gc-plan.ts';
import { dryGc, isNothing, runGc, runRestore } from '../../cache/gc/run-gc.ts';
import { writtenTime } from '../../core/written-time.ts';
import { CommandError, EXIT } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { takeStoreLock } from '../open/lock.ts';
import { packageVersion } from '../open/provenance.ts';
import type { World } from '../open/world.ts';
import { citedRecords } from '../review/cited-records.ts';
import { viewCells } from '../select/plan-experiment.ts';

export type GcInput = {
  readonly experiment: Experiment;
  /** Only records whose first attempt started before this; null = of any age. */
  readonly olderThan: Date | null;
  /** Of each cell at least this many of its newest records stay. */
  readonly keep: number;
};

export type Locking = {
  /** Wait for whoever has the store, however long that takes. */
  readonly wait: boolean;
  /** What others are told of who holds the store, and what an archive says of how it was made. */
  readonly argv: readonly string[];
};

export type GcPlan = CachePlan;

export type GcTotals = {
  readonly records: number;
  /** Of the lines and the blobs that go. */
  readonly bytes: number;
  readonly blobs: number;
};

/** What would go. Takes no lock and writes nothing. */
export function planGc({ experiment, olderThan, keep }: GcInput): GcPlan {
  const { root } = experiment;
  const options = { olderThan, keep, cited: citedRecords(root) };
  return dryGc({ root, cells: viewCells(experiment, null), options });
}

/**
 * Does it.
 * @param input.agreed what somebody said yes to; null = whatever it is by now
 * @returns the plan that was done, and the name of the archive; null where nothing went
 * @throws CommandError where the store is in use, or holds something else than was agreed to
 */
export async function archiveRecords(
  world: World,
  input: GcInput & Locking & { readonly agreed: GcPlan | null },
): Promise<{ readonly plan: GcPlan; readonly archive: string | null }> {
  const { olderThan, keep, agreed, argv } = input;
  const done = runGc({
    ...(await locked(world, input)),
    options: { olderThan, keep, cited: citedRecords(input.experiment.root) },
    agreed,
    now: world.clock.now(),
    argv,
    expgraph: packageVersion(),
  });
  if (done.kind === 'ok') return done.value;
  throw new CommandError(
    'the store changed since it was asked about: nothing was done; ask again',
    EXIT.store,
  );
}

export type RestoredArchive = {
  /** Its whole name. */
  readonly archive: string;
  readonly records: number;
  /** What could not go back: then the archive is kept. */
  readonly problems: readonly string[];
};

/**
 * Puts an archive back into the history.
 * @param input.archive its number, or its whole name
 * @throws CommandError where the store is in use, or has no such archive
 */
export async function restoreArchive(
  world: World,
  input: Locking & { readonly experiment: Experiment; readonly archive: string },
): Promise<RestoredArchive> {
  const done = runRestore({ ...(await locked(world, input)), archive: input.archive });
  if (done.kind === 'err') throw new CommandError(done.error);
  const { archive, records, problems } = done.value;
  return { archive, records, problems };
}

export function isEmptyPlan(plan: GcPlan): boolean {
  return isNothing(plan);
}

export function totalsOf({ groups, removed }: GcPlan): GcTotals {
  const records = groups.reduce((sum, group) => sum + group.records, 0);
  return { records, bytes: groups.reduce((sum, group) => sum + group.bytes, 0), blobs: removed.length };
}

const UNITS_MS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `30d`, `12h`, `2w` before now, or a date. @throws CommandError on what is neither */
export function readCutoff(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null;
  const age = /^(\d{1,6})([hdw])$/.exec(text);
  if (age) return new Date(now.getTime() - Number(age[1]) * UNITS_MS[age[2] as keyof typeof UNITS_MS]);
  const date = writtenTime(text);
  if (date !== null) return new Date(date);
  throw new CommandError(
    `--older-than ${JSON.stringify(text)}: write an age (12h, 30d, 8w) or a date (2026-02-01)`,
  );
}

/** @throws CommandError on what is no whole number */
export function readKeep(text: string | undefined): number {
  if (text === undefined) return 1;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new CommandError(`--keep ${JSON.stringify(text)}: a whole number is needed`);
}

async function locked(
  world: World,
  { experiment, argv, wait }: Locking & { readonly experiment: Experiment },
): Promise<Omit<Parameters<typeof runRestore>[0], 'archive'>> {
  const { root, redact } = experiment;
  const cells = viewCells(experiment, null);
  return { root, redact, cells, lock: await takeStoreLock({ io: world, experiment, argv, wait }) };
}
