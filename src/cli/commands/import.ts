// expgraph import: results made elsewhere become history, as one invocation of its own.

import { statSync } from 'node:fs';
import path from 'node:path';
import type { Store } from '../../cache/store.ts';
import { sha256 } from '../../core/canonical.ts';
import { addSpent, NOTHING_SPENT } from '../../core/paid.ts';
import { precomputedOf } from '../../core/precomputed.ts';
import type { InvocationRecord } from '../../core/record.ts';
import { NO_FILTER } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { ImportFormat } from '../../exchange/imported.ts';
import { digestOfFile } from '../../manifest/variants/inputs.ts';
import { endedWhy } from '../../project/draw/ended-why.ts';
import { startRecord } from '../../project/draw/invocation-record.ts';
import { batchRequests } from '../../project/exchange/import-batch.ts';
import { importedEntry } from '../../project/exchange/import-entry.ts';
import { filesToImport, type ImportFile } from '../../project/exchange/import-files.ts';
import { mappingFile, mappingOf } from '../../project/exchange/import-mapping.ts';
import { makeMistakes } from '../../project/exchange/import-mistakes.ts';
import { makeRunBook, type TakenRuns } from '../../project/exchange/import-runs.ts';
import { openSource, type Source } from '../../project/exchange/import-source.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { lockedStore } from '../../project/open/lock.ts';
import { provenance } from '../../project/open/provenance.ts';
import { notifyDiagnostics } from '../../project/open/world.ts';
import { viewCells } from '../../project/select/plan-experiment.ts';
import type { Io } from '../io.ts';
import { listenForInterrupts } from '../terminal/signals.ts';
import { type Checked, type Done, tellImport } from './import-words.ts';

export type ImportOptions = {
  readonly file: string;
  /** Files and folders. */
  readonly sources: readonly string[];
  readonly format?: ImportFormat;
  readonly map?: readonly string[];
  /** Scores that come with the answers: a field, or name=field. */
  readonly score?: readonly string[];
  /** A file of the same: YAML or JSON. */
  readonly mapping?: string;
  readonly runsFrom: string;
  readonly variant?: string;
  /** What becomes of a run that another result has already. */
  readonly supersede?: boolean;
  readonly nextRuns?: boolean;
  /** Of a batch: the file that it was made from. */
  readonly requests?: string;
  readonly skipBad?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly argv: readonly string[];
};

/** Records that may be on their way to the disk at once. */
const IN_FLIGHT = 256;

type Opened = { readonly file: ImportFile; readonly source: Source; readonly fileTime: string };

export async function importCommand(io: Io, options: ImportOptions): Promise<number> {
  if (options.supersede && options.nextRuns)
    throw new CommandError('--supersede and --next-runs are two answers to one question: give one of them');
  const taken: TakenRuns = options.supersede ? 'supersede' : options.nextRuns ? 'next' : 'refuse';
  const experiment = await openExperiment(io, options.file);
  const files = filesToImport(io.cwd, options.sources);
  const mapping = mappingOf(options, { experiment, fields: await mappingFile(io, options.mapping) });
  const requests = options.requests === undefined ? new Map() : await batchRequests(io.cwd, options.requests);
  const as = { format: options.format ?? null, mapping, requests };
  const sources = files.flatMap((file): readonly Opened[] => {
    const source = openSource(file, as);
    if (source === null) io.err.write(`${sanitizeLine(file.shown)}: no result is in it; it is left out\n`);
    const writtenAt = new Date(Math.max(0, statSync(file.file).mtimeMs)).toISOString();
    return source === null ? [] : [{ file, source, fileTime: writtenAt }];
  });
  const formats = new Set(sources.map(({ source }) => source.format));
  const format = formats.size > 1 ? 'mixed' : (sources[0]?.source.format ?? 'json');
  const shown = shownOf(files);
  const sha256 = digestOfFiles(files);
  const checked = await check({ io, sources, experiment, taken });
  if (checked.bad > 0 && !options.skipBad) {
    const hint = checked.taken > 0 ? TAKEN_HINT : '--skip-bad leaves them out';
    throw new CommandError(
      `${checked.bad} of ${checked.bad + checked.good} results cannot be imported; nothing was imported. ${hint}`,
    );
  }
  const unseen = (options.score ?? [])
    .map((pair) => pair.split('=')[0]!)
    .find((name) => !checked.scores.has(name));
  if (unseen !== undefined && checked.good > 0) {
    const came = [...checked.scores.keys()].slice(0, 6).join(', ');
    throw new CommandError(
      `--score ${JSON.stringify(unseen)}: no result of ${shown} has such a field${came === '' ? '' : `; they come with ${came}`}. Nothing was imported`,
    );
  }
  if (checked.good === 0) throw new CommandError(`${shown} holds no result that can be imported`);
  const { argv, wait = false } = options;
  using store = await lockedStore({ io, experiment, argv, wait, index: 'keep' });
  notifyDiagnostics(io, store.diagnostics);
  const record = startRecord({
    invocation: store.nextInvocation(io.clock.now()),
    experiment,
    filter: NO_FILTER,
    force: false,
    argv,
    provenance: await provenance(experiment.manifest.folder),
    startedAt: io.clock.now().toISOString(),
  });
  const done = await keep({
    ...{ io, experiment, store, sources, checked, taken },
    record: { ...record, imported: { file: experiment.redact(shown), sha256, format } },
    dryRun: options.dryRun ?? false,
  });
  if (!options.dryRun && digestOfFiles(files) !== sha256)
    io.err.write(`expgraph: ${shown} changed while it was read: import it again\n`);
  const { json = false, dryRun = false } = options;
  tellImport({ io, json, dryRun, experiment, format, checked, done });
  return done.stopped ? EXIT.interrupted : EXIT.complete;
}

const TAKEN_HINT =
  '--next-runs gives results whose run is taken the next free numbers; --supersede lets the newer one count; --skip-bad leaves them out';

function shownOf(files: readonly ImportFile[]): string {
  const names = files.slice(0, 3).map(({ shown }) => path.basename(shown));
  return files.length > 3 ? `${names.join(', ')} and ${files.length - 3} more` : names.join(', ');
}

/** Of one file its own SHA-256; of several that of theirs. */
function digestOfFiles(files: readonly ImportFile[]): string {
  const digests = files.map(({ file }) => digestOfFile(file));
  return digests.length === 1 ? digests[0]! : sha256(digests.join(''));
}

type At = {
  readonly io: Io;
  readonly sources: readonly Opened[];
  readonly experiment: Experiment;
  readonly taken: TakenRuns;
};

/** Reads everything once before anything is written: either all of it is history or nothing of it. */
async function check({ io, sources, experiment, taken }: At): Promise<Checked> {
  using store = experiment.stores.read();
  const rows = new Map<string, number>();
  const unknownVariants = new Set<string>();
  const unknownScenarios = new Set<string>();
  const variants = new Set<string>();
  const scores = new Map<string, number>();
  const mistakes = makeMistakes();
  const counts = { good: 0, taken: 0, inManifest: 0, beside: 0 };
  const record = scratchRecord(experiment);
  const book = makeRunBook({ store, experiment, taken });
  for (const { source, fileTime } of sources) {
    for await (const { place, result } of source.items()) {
      if (result.kind === 'err') {
        mistakes.add(place, result.error);
        continue;
      }
      const { variant, scenario } = result.value;
      const placed = book.place(result.value, {
        place,
        entryOf: (run) =>
          importedEntry({
            ...{ experiment, invocation: record, format: source.format, fileTime, scenarios: 0 },
            result: { ...result.value, run },
          }),
      });
      if (placed.kind === 'taken') {
        counts.taken++;
        counts.beside++;
        mistakes.add(place, [placed.why]);
        continue;
      }
      if (placed.kind === 'there' || placed.isBeside) counts.beside++;
      counts.good++;
      const row = JSON.stringify([variant, placed.run]);
      rows.set(row, (rows.get(row) ?? 0) + 1);
      variants.add(variant);
      for (const name of precomputedOf({ properties: result.value.properties }).keys())
        scores.set(name, (scores.get(name) ?? 0) + 1);
      if (!experiment.variants.has(variant)) unknownVariants.add(variant);
      if (experiment.scenarioIndex.has(scenario)) counts.inManifest++;
      else unknownScenarios.add(scenario);
    }
  }
  const lines = mistakes.lines();
  if (lines.length > 0) io.notify({ kind: 'lines', text: lines.join('\n') });
  return { ...counts, bad: mistakes.count(), rows, variants, scores, unknownVariants, unknownScenarios };
}

/** Nothing of it is in what is compared. */
function scratchRecord({ manifest }: Experiment): InvocationRecord {
  return { experiment: manifest.name, invocation: '0000' } as InvocationRecord;
}

async function keep(
  at: At & {
    readonly store: Store;
    readonly checked: Checked;
    readonly record: InvocationRecord;
    readonly dryRun: boolean;
  },
): Promise<Done> {
  const { io, store, experiment, record } = at;
  using interrupts = listenForInterrupts(() =>
    io.err.write('Stopping: what is imported is kept, the same import adds the rest.\n'),
  );
  const areApart = at.checked.beside === 0;
  const book = makeRunBook({ store, experiment, taken: at.taken, areApart });
  const done: Done = { imported: 0, there: 0, failed: 0, stopped: false };
  let spent = NOTHING_SPENT;
  let begun = false;
  let flying: Promise<unknown>[] = [];
  reading: for (const { source, fileTime } of at.sources) {
    for await (const { place, result } of source.items()) {
      if (result.kind === 'err') continue;
      if (interrupts.stop.aborted) {
        done.stopped = true;
        break reading;
      }
      const { value } = result;
      const placed = book.place(value, {
        place,
        entryOf: (run) =>
          importedEntry({
            ...{ experiment, invocation: record, format: source.format, fileTime },
            scenarios: at.checked.rows.get(JSON.stringify([value.variant, run])) ?? 0,
            result: { ...value, run },
          }),
      });
      if (placed.kind === 'there') done.there++;
      if (placed.kind !== 'new') continue;
      const { entry } = placed;
      done.imported++;
      if (entry.record.status === 'failed') done.failed++;
      spent = addSpent(spent, { usage: entry.record.usage, costUsd: entry.record.cost_usd });
      if (at.dryRun) continue;
      if (!begun) store.begin(record);
      begun = true;
      flying.push(store.put(entry));
      if (flying.length < IN_FLIGHT) continue;
      await Promise.all(flying);
      flying = [];
    }
  }
  await Promise.all(flying);
  if (!begun) return done;
  store.refreshView(viewCells(experiment, null));
  await store.end({
    ...record,
    ended_at: io.clock.now().toISOString(),
    how: done.stopped ? 'interrupted' : 'complete',
    why: done.stopped
      ? `${endedWhy({ how: 'interrupted', why: null, signal: interrupts.signal(), failed: 0, missing: 0 })}; the same import adds the rest`
      : null,
    exit_code: done.stopped ? EXIT.interrupted : EXIT.complete,
    totals: {
      ...record.totals,
      tasks: at.checked.good,
      executed: done.imported,
      cached: done.there,
      failed: done.failed,
      missing: at.checked.good - done.imported - done.there,
      attempts: done.imported,
      usage: spent.untold === spent.calls ? null : { ...spent.usage },
      cost_usd: spent.costUsd,
      cost_usd_at_least: spent.atLeastUsd,
    },
  });
  return done;
}
