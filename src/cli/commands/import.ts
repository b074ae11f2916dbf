// expgraph import: results made elsewhere become history, as one invocation of its own.

import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { USUAL } from '../../answers/names.ts';
import type { Store } from '../../cache/store.ts';
import type { InvocationRecord } from '../../core/record.ts';
import { redactedJson } from '../../core/redact.ts';
import { cellId, NO_FILTER } from '../../core/task.ts';
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import type { Imported, ImportFormat, Item, Mapping } from '../../exchange/imported.ts';
import { startRecord } from '../compose.ts';
import { CommandError, EXIT } from '../exit.ts';
import { type Experiment, openExperiment, printDiagnostics } from '../experiment.ts';
import { contentOf, type ImportedRun, importedEntry } from '../import-entry.ts';
import { openSource, type Source } from '../import-source.ts';
import type { Io } from '../io.ts';
import { lockedStore } from '../locked.ts';
import { viewCells } from '../planned.ts';
import { provenance } from '../provenance.ts';
import { listenForInterrupts } from '../signals.ts';

export type ImportOptions = {
  readonly file: string;
  readonly source: string;
  readonly format?: ImportFormat;
  readonly map?: readonly string[];
  /** A file of the same: YAML or JSON. */
  readonly mapping?: string;
  readonly runsFrom: string;
  readonly variant?: string;
  readonly skipBad?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly wait?: boolean;
  readonly argv: readonly string[];
};

const MAX_TOLD = 50;
/** Records that may be on their way to the disk at once. */
const IN_FLIGHT = 256;

export async function importCommand(io: Io, options: ImportOptions): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const file = path.resolve(io.cwd, options.source);
  const mapping = mappingOf(options, { experiment, fields: await mappingFile(io, options.mapping) });
  const source = openSource({ file, format: options.format ?? null, mapping });
  const sha256 = await digestOfFile(file);
  const checked = await check({ io, source, experiment });
  if (checked.bad > 0 && !options.skipBad) {
    throw new CommandError(
      `${checked.bad} of ${checked.bad + checked.good} results cannot be imported; nothing was imported. --skip-bad leaves them out`,
    );
  }
  if (checked.good === 0)
    throw new CommandError(`${path.basename(file)} holds no result that can be imported`);
  const { argv, wait = false } = options;
  using store = await lockedStore({ io, experiment, argv, wait, index: 'keep' });
  printDiagnostics(io, store.diagnostics);
  const record = startRecord({
    invocation: store.nextInvocation(io.clock.now()),
    experiment,
    filter: NO_FILTER,
    force: false,
    argv,
    provenance: await provenance(experiment.manifest.folder),
    startedAt: io.clock.now().toISOString(),
  });
  const started: InvocationRecord = {
    ...record,
    imported: { file: experiment.redact(path.basename(file)), sha256, format: source.format },
  };
  const done = await keep({
    ...{ io, experiment, store, source, checked },
    record: started,
    fileTime: new Date(Math.max(0, statSync(file).mtimeMs)).toISOString(),
    dryRun: options.dryRun ?? false,
  });
  if (!options.dryRun && (await digestOfFile(file)) !== sha256) {
    io.err.write(
      `expgraph: ${sanitizeLine(path.basename(file))} changed while it was read: import it again\n`,
    );
  }
  tell({ io, options, experiment, source, checked, done });
  return done.stopped ? EXIT.interrupted : EXIT.complete;
}

/** `ours: theirs`, a line a field. */
async function mappingFile(io: Io, name: string | undefined): Promise<{ readonly [ours: string]: string }> {
  if (name === undefined) return {};
  const { parseYaml } = await import('../../manifest/parse.ts');
  const file = path.resolve(io.cwd, name);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CommandError(`cannot read --mapping ${name}: ${(cause as Error).message}`);
  }
  const { document, problems } = parseYaml({ file, text });
  const value = document?.value;
  if (problems.length > 0) throw new CommandError(`${name}: ${problems[0]!.message}`);
  const told = Object.entries((value ?? {}) as object);
  const wrong = told.find(([ours, theirs]) => !Object.hasOwn(USUAL, ours) || typeof theirs !== 'string');
  if (wrong || Array.isArray(value) || told.length === 0) {
    throw new CommandError(
      `${name} holds a line "ours: theirs" a field, ours being one of ${Object.keys(USUAL).join(', ')}${wrong ? `; not ${JSON.stringify(wrong[0])}` : ''}`,
    );
  }
  return Object.fromEntries(told) as { readonly [ours: string]: string };
}

function mappingOf(
  options: ImportOptions,
  at: { readonly experiment: Experiment; readonly fields: { readonly [ours: string]: string } },
): Mapping {
  const fields: Record<string, string> = { ...at.fields };
  for (const pair of options.map ?? []) {
    const [ours = '', theirs = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    if (!pair.includes('=') || !Object.hasOwn(USUAL, ours) || theirs === '') {
      throw new CommandError(
        `--map ${JSON.stringify(pair)}: write ours=theirs, ours being one of ${Object.keys(USUAL).join(', ')}`,
      );
    }
    fields[ours] = theirs;
  }
  if (!/^\d{1,6}$/.test(options.runsFrom))
    throw new CommandError('--runs-from takes the number of their first run: 0 or 1');
  return {
    fields,
    runsFrom: Number(options.runsFrom),
    variant: options.variant ?? null,
    known: new Set(at.experiment.variants.keys()),
  };
}

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

type Checked = {
  readonly good: number;
  readonly bad: number;
  /** Results by variant and run. */
  readonly rows: ReadonlyMap<string, number>;
  readonly unknownVariants: ReadonlySet<string>;
  readonly unknownScenarios: ReadonlySet<string>;
};

/** Reads everything once before anything is written: either all of a file is history or nothing of it. */
async function check(at: {
  readonly io: Io;
  readonly source: Source;
  readonly experiment: Experiment;
}): Promise<Checked> {
  const { io, experiment } = at;
  const rows = new Map<string, number>();
  const unknownVariants = new Set<string>();
  const unknownScenarios = new Set<string>();
  let good = 0;
  let bad = 0;
  const runOf = makeRuns();
  for await (const { place, result } of at.source.items()) {
    if (result.kind === 'err') {
      bad++;
      if (bad <= MAX_TOLD) io.err.write(`${sanitizeLine(`${place}: ${result.error.join('; ')}`)}\n`);
      continue;
    }
    good++;
    const { variant, scenario, run } = runOf(result.value);
    const row = rowName(variant, run);
    rows.set(row, (rows.get(row) ?? 0) + 1);
    if (!experiment.variants.has(variant)) unknownVariants.add(variant);
    if (!experiment.scenarioIndex.has(scenario)) unknownScenarios.add(scenario);
  }
  if (bad > MAX_TOLD) io.err.write(`... and ${bad - MAX_TOLD} more\n`);
  return { good, bad, rows, unknownVariants, unknownScenarios };
}

function rowName(variant: string, run: number): string {
  return JSON.stringify([variant, run]);
}

/** Where a file does not number its runs, the n-th result of a variant and scenario is run n. */
function makeRuns(): (result: Imported) => ImportedRun {
  const counts = new Map<string, number>();
  return (result) => {
    if (result.run !== null) return { ...result, run: result.run };
    const cell = cellId({ variant: result.variant, scenario: result.scenario, run: 0 });
    const run = (counts.get(cell) ?? 0) + 1;
    counts.set(cell, run);
    return { ...result, run };
  };
}

type Done = { imported: number; there: number; failed: number; stopped: boolean };

async function keep(at: {
  readonly io: Io;
  readonly experiment: Experiment;
  readonly store: Store;
  readonly source: Source;
  readonly checked: Checked;
  readonly record: InvocationRecord;
  readonly fileTime: string;
  readonly dryRun: boolean;
}): Promise<Done> {
  const { io, store, experiment, record } = at;
  using interrupts = listenForInterrupts(() =>
    io.err.write('Stopping: what is imported is kept, the same import adds the rest.\n'),
  );
  const known = contentByKey(store);
  const runOf = makeRuns();
  const done: Done = { imported: 0, there: 0, failed: 0, stopped: false };
  const usage = { input_tokens: 0, output_tokens: 0, total_tokens: 0 };
  let costUsd: number | null = 0;
  let begun = false;
  let flying: Promise<unknown>[] = [];
  for await (const { result } of at.source.items() as AsyncIterable<Item>) {
    if (result.kind === 'err') continue;
    if (interrupts.stop.aborted) {
      done.stopped = true;
      break;
    }
    const run = runOf(result.value);
    const scenarios = at.checked.rows.get(rowName(run.variant, run.run)) ?? 0;
    const entry = importedEntry({
      ...{ experiment, invocation: record, result: run, scenarios },
      format: at.source.format,
      fileTime: at.fileTime,
    });
    // As it would be kept: a secret in it is taken out there as well.
    const { text } = redactedJson(entry.record, { redact: experiment.redact });
    if (!known.add(entry.record.key, contentOf(JSON.parse(text)))) {
      done.there++;
      continue;
    }
    done.imported++;
    if (entry.record.status === 'failed') done.failed++;
    usage.input_tokens += entry.record.usage?.input_tokens ?? 0;
    usage.output_tokens += entry.record.usage?.output_tokens ?? 0;
    usage.total_tokens += entry.record.usage?.total_tokens ?? 0;
    costUsd = costUsd === null || entry.record.cost_usd === null ? null : costUsd + entry.record.cost_usd;
    if (at.dryRun) continue;
    if (!begun) store.begin(record);
    begun = true;
    flying.push(store.put(entry));
    if (flying.length < IN_FLIGHT) continue;
    await Promise.all(flying);
    flying = [];
  }
  await Promise.all(flying);
  if (!begun) return done;
  store.refreshView(viewCells(experiment, null));
  await store.end({
    ...record,
    ended_at: io.clock.now().toISOString(),
    how: done.stopped ? 'interrupted' : 'complete',
    exit_code: done.stopped ? EXIT.interrupted : EXIT.complete,
    totals: {
      ...record.totals,
      tasks: at.checked.good,
      executed: done.imported,
      cached: done.there,
      failed: done.failed,
      missing: at.checked.good - done.imported - done.there,
      attempts: done.imported,
      usage,
      cost_usd: costUsd,
    },
  });
  return done;
}

/** What is kept under a key, read when it is first asked for. */
function contentByKey(store: Store): { add(key: string, content: string): boolean } {
  const ids = new Map<string, number[]>();
  for (const row of store.records()) {
    const list = ids.get(row.key);
    if (list) list.push(row.id);
    else ids.set(row.key, [row.id]);
  }
  const contents = new Map<string, Set<string>>();
  return {
    add(key, content) {
      let known = contents.get(key);
      if (!known) {
        known = new Set();
        for (const id of ids.get(key) ?? []) {
          const row = store.row(id);
          const read = row && store.read(row);
          if (read?.kind === 'ok') known.add(contentOf(read.value));
        }
        contents.set(key, known);
      }
      if (known.has(content)) return false;
      known.add(content);
      return true;
    },
  };
}

function tell(at: {
  readonly io: Io;
  readonly options: ImportOptions;
  readonly experiment: Experiment;
  readonly source: Source;
  readonly checked: Checked;
  readonly done: Done;
}): void {
  const { io, options, checked, done } = at;
  const unknown = { variants: [...checked.unknownVariants], scenarios: [...checked.unknownScenarios] };
  if (options.json) {
    const { imported, there, failed } = done;
    const dry_run = options.dryRun ?? false;
    const counts = { imported, already_there: there, failed, bad: checked.bad };
    const not_in_manifest = {
      variants: unknown.variants.length,
      scenarios: unknown.scenarios.length,
      examples: [...unknown.variants.slice(0, 20), ...unknown.scenarios.slice(0, 20)],
    };
    io.out.write(jsonLine({ format: at.source.format, dry_run, ...counts, not_in_manifest }));
    return;
  }
  const verb = options.dryRun ? 'would import' : 'imported';
  io.out.write(
    `${verb} ${done.imported} results (${at.source.format}); ${done.there} were there already; ${checked.bad} bad ones left out\n`,
  );
  for (const [what, names] of Object.entries(unknown)) {
    if (names.length === 0) continue;
    const some = names.slice(0, 6).map(sanitizeLine).join(', ');
    io.out.write(
      `kept, but not in the manifest: ${names.length} ${what} (${some}${names.length > 6 ? ', ...' : ''})\n`,
    );
  }
}
