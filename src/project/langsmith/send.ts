// Use cases that end in a push: what waits, experiments of results that were drawn before, a verdict on a record.
import type { Filter } from '../../core/task.ts';
import { shieldedValues } from '../../tracing/spans/shield.ts';
import { loadShield } from '../../tracing/spans/shield-settings.ts';
import { makeSayFeedback } from '../../tracing/spool/feedback.ts';
import { spoolFolders } from '../../tracing/spool/spool-read.ts';
import type { Age } from '../../tracing/upload/upload.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { refuseWithheld } from '../open/withheld.ts';
import type { World } from '../open/world.ts';
import { findRecord } from '../select/find-records.ts';
import { planExperiment } from '../select/plan-experiment.ts';
import { comparePage } from './pages.ts';
import { type Pushed, push, SYNC_FOLDER } from './push.ts';
import { feedbackOfRoots, openSyncedRoots } from './roots.ts';
import { requireTracing, type Tracing } from './settings.ts';
import { type Synced, spoolResults } from './sync.ts';

export type PushInput = {
  readonly experiment: Experiment;
  /** Only traces of these: a number is enough of an invocation's name. None = all. */
  readonly invocations: readonly string[];
  /** Of traces older than LangSmith takes: hold them back, send them as of today, or send them as they are. */
  readonly age: Age;
  /** Try again what was refused before. */
  readonly again: boolean;
};

/** @throws CommandError where tracing is off, or an invocation has no traces */
export async function pushTraces(world: World, input: PushInput): Promise<Pushed> {
  const { invocations, age, again } = input;
  await refuseWithheld(world, input.experiment);
  const tracing = requireTracing(world, input.experiment);
  const folders = invocations.length === 0 ? null : invocations.map((text) => folderOf(tracing, text));
  return push({ io: world, tracing, folders, age, again });
}

export type SyncInput = { readonly experiment: Experiment; readonly filter: Filter };

export type SyncResult = {
  readonly pushed: Pushed;
  readonly synced: Synced;
  /** LangSmith's page that holds the experiments against each other; null = it is not known yet. */
  readonly compare: string | null;
};

/** Scenarios as a dataset, variants as experiments over it. @throws CommandError where tracing is off */
export async function syncResults(world: World, { experiment, filter }: SyncInput): Promise<SyncResult> {
  await refuseWithheld(world, experiment);
  const tracing = requireTracing(world, experiment);
  using store = experiment.stores.read();
  const plan = await planExperiment({ experiment, store, filter, force: false });
  const synced = await spoolResults({ io: world, tracing, experiment, store, plan });
  const experiments = synced.experiments.map(({ id }) => id);
  const age = { kind: 'hold' } as const;
  const pushed = await push({ io: world, tracing, folders: synced.folders, age, experiments });
  return { pushed, synced, compare: comparePage(tracing, experiments) };
}

export type FeedbackInput = {
  readonly experiment: Experiment;
  /** variant/scenario/run, a key (or its beginning), or key@generation. */
  readonly record: string;
  /** What is judged. */
  readonly key: string;
  readonly score: number | null;
  /** A category. */
  readonly value: string | null;
  /** Why. */
  readonly comment: string | null;
  /** Verdicts of two reviewers stand side by side; the same one revises theirs. */
  readonly reviewer: string | null;
};

/** @throws CommandError where tracing is off, or the record cannot be found or has no trace */
export async function addFeedback(world: World, input: FeedbackInput): Promise<Pushed> {
  const { experiment, score } = input;
  await refuseWithheld(world, experiment);
  const tracing = requireTracing(world, experiment);
  using store = experiment.stores.read();
  const row = findRecord(store, input.record);
  const read = store.read(row);
  if (read.kind === 'err') throw new CommandError(`the record is damaged: ${read.error}`);
  const { text } = shieldedValues(await loadShield({ env: world.env, shield: tracing.shield }));
  const shielded = (value: string | null): string | null => (value === null ? null : text(value));
  const all = feedbackOfRoots({
    record: read.value,
    cell: null,
    synced: openSyncedRoots(tracing.root),
    tracing,
    saying: {
      key: text(input.key),
      score,
      value: shielded(input.value),
      comment: shielded(input.comment),
      source: 'app',
      reviewer: shielded(input.reviewer),
      at: world.clock.now().toISOString(),
    },
  });
  if (all.length === 0) {
    throw new CommandError('this record was not traced; `npx expgraph langsmith sync` uploads what was not');
  }
  const say = makeSayFeedback(tracing.root);
  for (const feedback of all) say(feedback);
  const mine: readonly string[] = [read.value.invocation, SYNC_FOLDER];
  const folders = spoolFolders(tracing.root).filter((name) => mine.includes(name));
  return push({ io: world, tracing, folders, age: { kind: 'hold' } });
}

/** A number is enough of an invocation's name. */
function folderOf({ root }: Tracing, text: string): string {
  const folders = spoolFolders(root);
  const found = folders.filter(
    (name) =>
      name === text || (/^\d+$/.test(text) && Number(name.slice(0, name.indexOf('-'))) === Number(text)),
  );
  if (found.length === 1) return found[0]!;
  throw new CommandError(
    `no traces of ${JSON.stringify(text)}; there are some of ${folders.join(', ') || 'no invocation'}`,
  );
}
