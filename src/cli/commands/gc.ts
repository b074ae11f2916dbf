// expgraph gc: records that nobody would miss go into an archive. Off until somebody says yes.

import path from 'node:path';
import type { GcOptions, GcPlan } from '../../cache/gc/gc-plan.ts';
import { dryGc, isNothing, runGc, runRestore } from '../../cache/gc/run-gc.ts';
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { takeStoreLock } from '../../project/open/lock.ts';
import { packageVersion } from '../../project/open/provenance.ts';
import { viewCells } from '../../project/select/plan-experiment.ts';
import { formatBytes, type GcReport, gcTable } from '../../report/records/gc.ts';
import type { Io } from '../io.ts';
import { ask } from '../terminal/ask.ts';

export type GcCommandOptions = {
  readonly file: string;
  readonly olderThan?: string;
  readonly keep?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly restore?: string;
  readonly argv: readonly string[];
};

type Session = {
  readonly io: Io;
  readonly options: GcCommandOptions;
  readonly experiment: Experiment;
  readonly gc: GcOptions;
};

export async function gcCommand(io: Io, options: GcCommandOptions): Promise<number> {
  const gc = { olderThan: cutoff(options.olderThan, io.clock.now()), keep: keepCount(options.keep) };
  const experiment = await openExperiment(io, options.file);
  const session = { io, options, experiment, gc };
  if (options.restore !== undefined && options.dryRun) {
    throw new CommandError(
      'gc --restore has no dry run: it only adds what the archive holds; npx expgraph fsck counts what is in archives',
    );
  }
  if (options.restore !== undefined) return restore(session, options.restore);
  if (options.yes && !options.dryRun) return execute(session, null);
  const { root } = experiment;
  const plan = dryGc({ root, cells: viewCells(experiment, null), options: gc });
  print(session, { plan, archive: null });
  if (isNothing(plan) || options.json || options.dryRun) return EXIT.complete;
  const answer = await ask('Type yes to archive them: ');
  if (answer.kind === 'answered' && answer.text.trim() === 'yes') return execute(session, plan);
  const hint = answer.kind === 'nobody' ? '; npx expgraph gc --yes does it' : '';
  io.out.write(`${answer.kind === 'left' ? '\n' : ''}Nothing was done${hint}.\n`);
  return answer.kind === 'left' ? EXIT.interrupted : EXIT.complete;
}

async function execute(session: Session, agreed: GcPlan | null): Promise<number> {
  const { io, options, experiment, gc } = session;
  const done = runGc({
    ...(await locked(session)),
    options: gc,
    agreed,
    now: io.clock.now(),
    argv: options.argv,
    expgraph: packageVersion(),
  });
  if (done.kind === 'err') {
    throw new CommandError(
      'the store changed since it was asked about: nothing was done; ask again',
      EXIT.store,
    );
  }
  const { plan, archive } = done.value;
  if (agreed === null) print(session, done.value);
  if (archive !== null && !options.json) {
    const where = path.relative(io.cwd, path.join(experiment.root, 'archive', archive));
    const { records, bytes } = totals(plan);
    io.out.write(
      `${records} records (${formatBytes(bytes)}) are in ${where}; npx expgraph gc --restore ${archive} puts them back\n`,
    );
  }
  return EXIT.complete;
}

async function restore(session: Session, wanted: string): Promise<number> {
  const { io, options } = session;
  const done = runRestore({ ...(await locked(session)), archive: wanted });
  if (done.kind === 'err') throw new CommandError(done.error);
  const { archive, records, problems } = done.value;
  if (options.json) {
    io.out.write(jsonLine({ restored: archive, records, problems }));
  } else {
    for (const problem of problems) io.err.write(`expgraph: ${sanitizeLine(problem)}\n`);
    const kept = problems.length === 0 ? '' : `; the archive is kept: ${problems.length} could not go back`;
    io.out.write(`${records} records of archive ${archive} are in the history again${kept}\n`);
  }
  return problems.length === 0 ? EXIT.complete : EXIT.store;
}

async function locked({
  io,
  options,
  experiment,
}: Session): Promise<Omit<Parameters<typeof runRestore>[0], 'archive'>> {
  const { argv, wait = false } = options;
  const { root, redact } = experiment;
  return {
    root,
    redact,
    cells: viewCells(experiment, null),
    lock: await takeStoreLock({ io, experiment, argv, wait }),
  };
}

function print(session: Session, at: { readonly plan: GcPlan; readonly archive: string | null }): void {
  const { io, options, experiment, gc } = session;
  const { groups, stays } = at.plan;
  const orphans = {
    blobs: at.plan.orphans.length,
    bytes: at.plan.orphans.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  const report: GcReport = { groups, stays, orphans };
  if (!options.json) {
    io.out.write(gcTable(report, { columns: io.out.columns(), colors: io.out.colors }));
    return;
  }
  io.out.write(
    jsonLine({
      experiment: experiment.manifest.name,
      older_than: gc.olderThan?.toISOString() ?? null,
      keep: gc.keep,
      done: at.archive !== null,
      archive: at.archive,
      ...totals(at.plan),
      invocations: groups,
      stays,
      orphans,
    }),
  );
}

function totals({ groups, removed }: GcPlan): {
  readonly records: number;
  readonly bytes: number;
  readonly blobs: number;
} {
  const records = groups.reduce((sum, group) => sum + group.records, 0);
  return { records, bytes: groups.reduce((sum, group) => sum + group.bytes, 0), blobs: removed.length };
}

const UNITS_MS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `30d`, `12h`, `2w` before now, or a date. */
function cutoff(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null;
  const age = /^(\d{1,6})([hdw])$/.exec(text);
  if (age) return new Date(now.getTime() - Number(age[1]) * UNITS_MS[age[2] as keyof typeof UNITS_MS]);
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return new Date(at);
  throw new CommandError(
    `--older-than ${JSON.stringify(text)}: write an age (12h, 30d, 8w) or a date (2026-02-01)`,
  );
}

function keepCount(text: string | undefined): number {
  if (text === undefined) return 1;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new CommandError(`--keep ${JSON.stringify(text)}: a whole number is needed`);
}
