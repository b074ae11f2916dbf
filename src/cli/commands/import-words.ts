// What an import says when it is done, and what the user can do with it: every command it names does something.
import path from 'node:path';
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import type { ImportFormat } from '../../exchange/imported.ts';
import { importedNext } from '../../project/exchange/import-next.ts';
import type { Experiment } from '../../project/open/experiment.ts';
import { placeWords } from '../../project/open/filters.ts';
import { commandLines } from '../../text/next.ts';
import type { Io } from '../io.ts';

export type Checked = {
  readonly good: number;
  readonly bad: number;
  /** Of the bad ones: those whose run another result has. */
  readonly taken: number;
  /** Results by variant and run. */
  readonly rows: ReadonlyMap<string, number>;
  readonly variants: ReadonlySet<string>;
  /** Scores that the results came with, by name, and how many did. */
  readonly scores: ReadonlyMap<string, number>;
  /** Results that are there already, or whose run another one has. */
  readonly beside: number;
  /** Results whose scenario the manifest has. */
  readonly inManifest: number;
  readonly unknownVariants: ReadonlySet<string>;
  readonly unknownScenarios: ReadonlySet<string>;
};

export type Done = { imported: number; there: number; failed: number; stopped: boolean };

export function tellImport(at: {
  readonly io: Io;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly experiment: Experiment;
  readonly format: ImportFormat;
  readonly checked: Checked;
  readonly done: Done;
}): void {
  const { io, format, checked, done } = at;
  const unknown = { variants: [...checked.unknownVariants], scenarios: [...checked.unknownScenarios] };
  if (at.json) {
    const { imported, there, failed } = done;
    const counts = { imported, already_there: there, failed, bad: checked.bad };
    const not_in_manifest = {
      variants: unknown.variants.length,
      scenarios: unknown.scenarios.length,
      examples: [...unknown.variants.slice(0, 20), ...unknown.scenarios.slice(0, 20)],
    };
    io.out.write(
      jsonLine({
        ...{ format, dry_run: at.dryRun, ...counts, not_in_manifest },
        scores: Object.fromEntries(checked.scores),
      }),
    );
    return;
  }
  const verb = at.dryRun ? 'would import' : 'imported';
  io.out.write(
    `${verb} ${done.imported} results (${format}); ${done.there} were there already; ${checked.bad} bad ones left out\n`,
  );
  for (const [what, names] of Object.entries(unknown)) {
    if (names.length === 0) continue;
    const some = names.slice(0, 6).map(sanitizeLine).join(', ');
    io.out.write(
      `kept, but not in the manifest: ${names.length} ${what} (${some}${names.length > 6 ? ', ...' : ''})\n`,
    );
  }
  const waiting = untakenScores(at.experiment, checked.scores);
  if (waiting.length > 0) {
    const names = waiting.slice(0, 6).map(sanitizeLine);
    const more = waiting.length > 6 ? `, and ${waiting.length - 6} more` : '';
    io.out.write(
      `they came with scores (${names.join(', ')}${more}), which count as no verdict here; to take one as it is, write in ${path.basename(at.experiment.manifest.file)}: scorers: [{ precomputed: ${JSON.stringify(waiting[0])} }]\n`,
    );
  }
  const steps =
    at.dryRun || done.imported + done.there === 0 ? [] : importedNext({ ...at, place: placeWords(io) });
  if (steps.length > 0)
    io.out.write(commandLines(steps, { columns: io.out.columns(), colors: io.out.colors }));
}

/** What no scorer of the manifest takes. */
function untakenScores({ manifest }: Experiment, scores: ReadonlyMap<string, number>): readonly string[] {
  const taken = new Set(manifest.scorers.flatMap((one) => (one.kind === 'precomputed' ? [one.score] : [])));
  return [...scores.keys()].filter((name) => !taken.has(name));
}
