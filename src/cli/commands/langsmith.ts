// expgraph langsmith: what waits for LangSmith, sending it, experiments of earlier results, feedback.

import { jsonLine, sanitizeLine } from '../../core/text.ts';
import { comparePage, projectPage } from '../../project/langsmith/pages.ts';
import { type Pushed, push, SYNC_FOLDER } from '../../project/langsmith/push.ts';
import { feedbackOfRoots, openSyncedRoots } from '../../project/langsmith/roots.ts';
import { readTracing, type Tracing, tracesRoot } from '../../project/langsmith/settings.ts';
import { type Synced, spoolResults } from '../../project/langsmith/sync.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter } from '../../project/open/filters.ts';
import { findRecord } from '../../project/select/find-records.ts';
import { planExperiment } from '../../project/select/plan-experiment.ts';
import { langsmithStatusText } from '../../report/records/langsmith-status.ts';
import { shieldedValues } from '../../tracing/spans/shield.ts';
import { loadShield } from '../../tracing/spans/shield-settings.ts';
import { countSpool } from '../../tracing/spool/count.ts';
import { countFeedback, makeSayFeedback } from '../../tracing/spool/feedback.ts';
import { spoolFolders } from '../../tracing/spool/spool-read.ts';
import { type Age, MAX_AGE_MS } from '../../tracing/upload/upload.ts';
import type { Io } from '../io.ts';

type Options = { readonly file: string; readonly json?: boolean };

export async function langsmithStatusCommand(io: Io, options: Options): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const root = tracesRoot(experiment);
  const state = readTracing(io, experiment);
  const tracing = state.kind === 'on' ? state.tracing : null;
  const now = io.clock.now();
  const spools = spoolFolders(root).map((folder) => countSpool({ root, folder, now, maxAgeMs: MAX_AGE_MS }));
  const status = {
    tracing: state.kind,
    why: state.kind === 'off' ? state.why : null,
    api: tracing?.endpoint.apiUrl ?? null,
    project: tracing?.project ?? null,
    url: tracing && projectPage(tracing),
    spools,
    feedback: countFeedback(root),
  };
  if (options.json) io.out.write(jsonLine(status));
  else io.out.write(langsmithStatusText(status, { columns: io.out.columns(), colors: io.out.colors }));
  return 0;
}

export async function langsmithPushCommand(
  io: Io,
  options: Options & {
    readonly invocations: readonly string[];
    readonly shiftTime?: boolean;
    readonly keepTime?: boolean;
    readonly rejected?: boolean;
  },
): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const tracing = tracingOf(io, experiment);
  if (options.shiftTime && options.keepTime) {
    throw new CommandError('--shift-time and --keep-time are two answers to one question: give one');
  }
  const folders =
    options.invocations.length === 0 ? null : options.invocations.map((text) => folderOf(tracing, text));
  const again = options.rejected ?? false;
  const pushed = await push({ io, tracing, folders, age: ageOf(options), again });
  return tellPushed({ io, pushed, json: options.json ? { ...pushed } : null });
}

export async function langsmithSyncCommand(io: Io, options: Options & FilterOptions): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const tracing = tracingOf(io, experiment);
  using store = experiment.stores.read();
  const plan = await planExperiment({ experiment, store, filter: makeFilter(options), force: false });
  const synced = await spoolResults({ io, tracing, experiment, store, plan });
  const experiments = synced.experiments.map(({ id }) => id);
  const pushed = await push({ io, tracing, folders: synced.folders, age: { kind: 'hold' }, experiments });
  const compare = comparePage(tracing, experiments);
  if (!options.json) tellSynced({ io, synced, compare });
  return tellPushed({ io, pushed, json: options.json ? { ...pushed, ...synced, compare } : null });
}

export async function langsmithFeedbackCommand(
  io: Io,
  options: Options & {
    readonly record: string;
    readonly key: string;
    readonly score?: string;
    readonly value?: string;
    readonly comment?: string;
    readonly reviewer?: string;
  },
): Promise<number> {
  const score = scoreOf(options.score);
  if (score === null && options.value === undefined && options.comment === undefined) {
    throw new CommandError('say something: --score, --value or --comment');
  }
  if (options.key.length > 180) throw new CommandError('--key takes at most 180 characters');
  const experiment = await openExperiment(io, options.file);
  const tracing = tracingOf(io, experiment);
  using store = experiment.stores.read();
  const row = findRecord(store, options.record);
  const read = store.read(row);
  if (read.kind === 'err') throw new CommandError(`the record is damaged: ${read.error}`);
  const { text } = shieldedValues(await loadShield({ env: io.env, shield: tracing.shield }));
  const all = feedbackOfRoots({
    record: read.value,
    cell: null,
    synced: openSyncedRoots(tracing.root),
    tracing,
    saying: {
      key: text(options.key),
      score,
      value: options.value === undefined ? null : text(options.value),
      comment: options.comment === undefined ? null : text(options.comment),
      source: 'app',
      reviewer: options.reviewer === undefined ? null : text(options.reviewer),
      at: io.clock.now().toISOString(),
    },
  });
  if (all.length === 0) {
    throw new CommandError('this record was not traced; `npx expgraph langsmith sync` uploads what was not');
  }
  const say = makeSayFeedback(tracing.root);
  for (const feedback of all) say(feedback);
  const mine: readonly string[] = [read.value.invocation, SYNC_FOLDER];
  const folders = spoolFolders(tracing.root).filter((name) => mine.includes(name));
  const pushed = await push({ io, tracing, folders, age: { kind: 'hold' } });
  return tellPushed({ io, pushed, json: options.json ? { ...pushed } : null });
}

function scoreOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const score = Number(text);
  if (text.trim() === '' || !Number.isFinite(score)) {
    throw new CommandError(`--score takes a number, not ${JSON.stringify(text)}`);
  }
  return score;
}

function tracingOf(io: Io, experiment: Experiment): Tracing {
  const state = readTracing(io, experiment);
  if (state.kind === 'off') throw new CommandError(`tracing is off: ${state.why}`);
  return state.tracing;
}

function ageOf({ shiftTime, keepTime }: { readonly shiftTime?: boolean; readonly keepTime?: boolean }): Age {
  if (shiftTime) return { kind: 'shift' };
  return keepTime ? { kind: 'send' } : { kind: 'hold' };
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

function tellPushed(of: { readonly io: Io; readonly pushed: Pushed; readonly json: object | null }): number {
  const { io, pushed } = of;
  const { sent, present, rejected, held, refusedBefore, feedback, state, problems } = pushed;
  const isAllThere =
    rejected + held + refusedBefore + feedback.left + feedback.refused === 0 &&
    state === 'up' &&
    problems.length === 0;
  const exitCode = isAllThere ? 0 : 1;
  if (of.json) {
    io.out.write(jsonLine(of.json));
    return exitCode;
  }
  const parts = [`${sent} sent`];
  if (present > 0) parts.push(`${present} were there already`);
  if (rejected > 0) parts.push(`${rejected} refused`);
  if (refusedBefore > 0) parts.push(`${refusedBefore} refused before (--rejected tries them again)`);
  if (held > 0) parts.push(`${held} held back`);
  if (feedback.said > 0) parts.push(`feedback: ${feedback.sent} of ${feedback.said} sent`);
  if (feedback.traceless > 0) parts.push(`${feedback.traceless} wait for their traces`);
  io.out.write(`LangSmith: ${parts.join(', ')}\n`);
  for (const problem of problems) io.err.write(`expgraph: ${sanitizeLine(problem)}\n`);
  if (exitCode !== 0) io.err.write('`npx expgraph langsmith status` shows what waits and why.\n');
  return exitCode;
}

function tellSynced(of: { readonly io: Io; readonly synced: Synced; readonly compare: string | null }): void {
  const { io, synced, compare } = of;
  io.out.write(`dataset ${sanitizeLine(synced.dataset)}: ${synced.examples} examples\n`);
  for (const { variant, results, added } of synced.experiments) {
    io.out.write(`experiment of ${sanitizeLine(variant)}: ${results} results, ${added} of them new\n`);
  }
  if (synced.doubled > 0) {
    io.out.write(
      `${synced.doubled} of them have a trace in a project already: LangSmith counts both. Traced with \`experiments: true\` a result has one; \`second_roots: false\` uploads no second one.\n`,
    );
  }
  if (synced.leftOut > 0) {
    io.out.write(
      `${synced.leftOut} results have a trace in a project and get no second one (second_roots: false): they are in no experiment.\n`,
    );
  }
  if (synced.missing > 0)
    io.err.write(`expgraph: ${synced.missing} cells have no current result: npx expgraph run\n`);
  if (compare !== null) io.out.write(`compare: ${sanitizeLine(compare)}\n`);
}
