// Results made elsewhere become history, as one invocation of its own: all of what is read, or nothing.
import { statSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../core/canonical.ts';
import type { SharedSummary } from '../../core/summary.ts';
import { NO_FILTER } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { ImportFormat } from '../../exchange/imported.ts';
import { digestOfFile } from '../../manifest/variants/inputs.ts';
import type { Step } from '../../text/next.ts';
import { startRecord } from '../draw/invocation-record.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { placeWords } from '../open/filters.ts';
import { lockedStore } from '../open/lock.ts';
import { provenance } from '../open/provenance.ts';
import { note, notifyDiagnostics, type World } from '../open/world.ts';
import type { RemoteUse } from '../share/sharing.ts';
import { openAround } from '../share/use.ts';
import { batchRequests } from './import-batch.ts';
import { type CheckedResults, checkResults, type OpenedFile, seenOf } from './import-check.ts';
import { filesToImport, type ImportFile } from './import-files.ts';
import { type KeptResults, keepResults } from './import-keep.ts';
import { type GivenMapping, mappingFor } from './import-mapping.ts';
import { importedNext } from './import-next.ts';
import type { TakenRuns } from './import-runs.ts';
import { openSource } from './import-source.ts';

export type ImportInput = {
  readonly experiment: Experiment;
  /** Files and folders, from the world's folder. */
  readonly sources: readonly string[];
  /** What the files are; null = by their content. */
  readonly format: ImportFormat | null;
  readonly mapping: GivenMapping;
  /** What becomes of a result whose run another result has already. */
  readonly taken: TakenRuns;
  /** Of a batch: the file of its requests. */
  readonly requests: string | null;
  /** Leave out what cannot be imported; else nothing is imported then. */
  readonly skipBad: boolean;
  /** Read and check everything, write nothing. */
  readonly dryRun: boolean;
  /** Find out what can be done with the results: which comparison is open is found by making it. */
  readonly findNext: boolean;
  /** Whether results are shared with the manifest's remote: taken from it before, and given to it after. */
  readonly remote: RemoteUse;
  /** Wait for whoever has the store, however long that takes. */
  readonly wait: boolean;
  /** How it was asked for, as the invocation's record tells it. */
  readonly argv: readonly string[];
};

export type ImportResult = {
  readonly format: ImportFormat;
  /** What the files hold. */
  readonly checked: CheckedResults;
  /** What of it came into the history; with `dryRun`, what would. */
  readonly kept: KeptResults;
  /** Names of scores that came with the results and that no scorer of the manifest takes. */
  readonly untakenScores: readonly string[];
  /** What can be done with it now: commands that work as they are written. None unless `findNext` asks for them. */
  readonly next: readonly Step[];
  /** Only where the manifest has a remote, and it was not left alone. */
  readonly remote: SharedSummary | undefined;
};

/** @throws CommandError where nothing can be imported, or only a part of it and `skipBad` is not given */
export async function importResults(world: World, input: ImportInput): Promise<ImportResult> {
  const { experiment, taken, dryRun, argv, wait } = input;
  const files = filesToImport(world.cwd, input.sources);
  const opened = await openAll(world, input, files);
  const formats = new Set(opened.map(({ source }) => source.format));
  const format = formats.size > 1 ? 'mixed' : (opened[0]?.source.format ?? 'json');
  const shown = shownOf(files);
  const digest = digestOfFiles(files);
  const before = await checkResults({ files: opened, experiment, taken });
  refuseWrong(world, before, { ...input, shown });
  const around = await openAround(world, experiment, input.remote);
  using store = await lockedStore({
    ...{ io: world, experiment, argv, wait, index: 'keep' },
    onLocked: around.pull,
  });
  notifyDiagnostics(world, store.diagnostics);
  const isSame = seenOf(store) === before.seen;
  const checked = isSame ? before : await checkResults({ files: opened, experiment, taken });
  if (!isSame) refuseWrong(world, checked, { ...input, shown });
  const record = startRecord({
    invocation: store.nextInvocation(world.clock.now()),
    experiment,
    filter: NO_FILTER,
    force: false,
    argv,
    provenance: await provenance(experiment.manifest.folder),
    startedAt: world.clock.now().toISOString(),
  });
  const imported = { file: experiment.redact(shown), sha256: digest, format };
  const kept = await keepResults(world, {
    experiment,
    store,
    files: opened,
    checked,
    taken,
    dryRun,
    record: { ...record, imported },
  });
  if (!dryRun && digestOfFiles(files) !== digest)
    note(world, `${shown} changed while it was read: import it again`);
  await around.push(store.hold);
  const isOver = !input.findNext || dryRun || kept.imported + kept.there === 0;
  const next = isOver ? [] : importedNext({ experiment, checked, place: placeWords(world) });
  const untaken = untakenScores(experiment, checked.scores);
  return { format, checked, kept, untakenScores: untaken, next, remote: around.summary() };
}

async function openAll(
  world: World,
  { experiment, format, mapping, requests }: ImportInput,
  files: readonly ImportFile[],
): Promise<readonly OpenedFile[]> {
  const how = {
    format,
    mapping: mappingFor(experiment, mapping),
    requests: requests === null ? new Map() : await batchRequests(world.cwd, requests),
  };
  return files.flatMap((file): readonly OpenedFile[] => {
    const source = openSource(file, how);
    if (source === null) {
      const text = `${sanitizeLine(file.shown)}: no result is in it; it is left out`;
      world.notify({ kind: 'lines', text });
    }
    const fileTime = new Date(Math.max(0, statSync(file.file).mtimeMs)).toISOString();
    return source === null ? [] : [{ source, fileTime }];
  });
}

const TAKEN_HINT =
  '--next-runs gives results whose run is taken the next free numbers; --supersede lets the newer one count; --skip-bad leaves them out';

/** @throws CommandError where nothing is to be imported, or not all of it may be */
function refuseWrong(
  world: World,
  checked: CheckedResults,
  input: ImportInput & { readonly shown: string },
): void {
  const { mapping, shown } = input;
  refuseBad(world, checked, input);
  refuseUnseenScore(checked, mapping, shown);
  if (checked.good === 0) throw new CommandError(`${shown} holds no result that can be imported`);
}

/** Says what is wrong. */
function refuseBad(
  world: World,
  { bad, good, taken, mistakes }: CheckedResults,
  { skipBad }: ImportInput,
): void {
  if (bad === 0) return;
  world.notify({ kind: 'lines', text: mistakes.join('\n') });
  if (skipBad) return;
  const hint = taken > 0 ? TAKEN_HINT : '--skip-bad leaves them out';
  throw new CommandError(`${bad} of ${bad + good} results cannot be imported; nothing was imported. ${hint}`);
}

/** A score that is named and is nowhere is a slip of the pen. */
function refuseUnseenScore({ scores, good }: CheckedResults, given: GivenMapping, shown: string): void {
  const unseen = Object.keys(given.scores).find((name) => !scores.has(name));
  if (unseen === undefined || good === 0) return;
  const came = [...scores.keys()].slice(0, 6).join(', ');
  throw new CommandError(
    `--score ${JSON.stringify(unseen)}: no result of ${shown} has such a field${came === '' ? '' : `; they come with ${came}`}. Nothing was imported`,
  );
}

function untakenScores({ manifest }: Experiment, scores: ReadonlyMap<string, number>): readonly string[] {
  const taken = new Set(manifest.scorers.flatMap((one) => (one.kind === 'precomputed' ? [one.score] : [])));
  return [...scores.keys()].filter((name) => !taken.has(name));
}

function shownOf(files: readonly ImportFile[]): string {
  const names = files.slice(0, 3).map(({ shown }) => path.basename(shown));
  return files.length > 3 ? `${names.join(', ')} and ${files.length - 3} more` : names.join(', ');
}

/** Of one file its own SHA-256; of several that of theirs. */
function digestOfFiles(files: readonly ImportFile[]): string {
  const digests = files.map(({ file }) => digestOfFile(file));
  return digests.length === 1 ? digests[0]! : sha256(digests.join(''));
}
