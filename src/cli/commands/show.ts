// expgraph show: one record in full, checked against its checksum.
import { openReader } from '../../cache/reader.ts';
import type { RecordRow } from '../../cache/store.ts';
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import { recordText } from '../../report/record.ts';
import { CommandError, EXIT } from '../exit.ts';
import { openExperiment } from '../experiment.ts';
import type { Io } from '../io.ts';
import { tracesRoot } from '../langsmith/settings.ts';
import { scoresOfRecord } from '../record-scores.ts';
import { cellName, findRecord } from '../select.ts';
import { makeIsSimulated } from '../simulated.ts';

export async function showCommand(
  io: Io,
  options: { readonly file: string; readonly json?: boolean; readonly record: string },
): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  using store = openReader(experiment.root);
  const row = findRecord(store, options.record);
  if (row.archive !== null)
    return showArchived({ io, row, archive: row.archive, json: options.json ?? false });
  const read = store.read(row);
  if (read.kind === 'err') {
    throw new CommandError(
      `the record is damaged and not shown: ${read.error}. \`npx expgraph fsck\` lists every damaged place; after \`npx expgraph fsck --repair\` the next run draws the cell again.`,
      EXIT.store,
    );
  }
  if (options.json) {
    io.out.write(jsonLine(read.value));
  } else {
    const { trace } = read.value;
    const tracePage =
      trace && (await import('../langsmith/pages.ts')).recordPage(tracesRoot(experiment), trace);
    const { columns, colors } = io.out;
    const scores = scoresOfRecord(experiment, row);
    const simulated = makeIsSimulated(experiment, store)(row);
    io.out.write(recordText(read.value, { columns: columns(), colors, tracePage, scores, simulated }));
  }
  return 0;
}

/** What the tombstone still says. */
function showArchived(at: {
  readonly io: Io;
  readonly row: RecordRow;
  readonly archive: string;
  readonly json: boolean;
}): number {
  const { io, row, archive } = at;
  const { key, generation, variant, scenario, category, run, status } = row;
  if (at.json) {
    const known = { key, generation, variant, scenario, category, run, status };
    const more = { output_digest: row.outputDigest, started_at: row.startedAt, archive };
    io.out.write(jsonLine({ type: 'tombstone', ...known, ...more }));
    return 0;
  }
  const name = sanitizeLine(`${cellName(row)}, ${key.slice(0, 10)}@${generation}`);
  io.out.write(
    `${name}, ${status}, started ${row.startedAt}: archived in archive/${archive}. \`npx expgraph gc --restore ${archive}\` brings it back.\n`,
  );
  return 0;
}
