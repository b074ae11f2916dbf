// expgraph show: one record in full, checked against its checksum.
import { openReader } from '../../cache/reader.ts';
import { recordText } from '../../report/record.ts';
import { CommandError, EXIT } from '../exit.ts';
import { openExperiment } from '../experiment.ts';
import type { Io } from '../io.ts';
import { findRecord } from '../select.ts';

export async function showCommand(
  io: Io,
  options: { readonly file: string; readonly json?: boolean; readonly record: string },
): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  using store = openReader(experiment.root);
  const row = findRecord(store, options.record);
  const read = store.read(row);
  if (read.kind === 'err') {
    throw new CommandError(
      `the record is damaged and not shown: ${read.error}. \`expgraph fsck\` lists every damaged place.`,
      EXIT.store,
    );
  }
  if (options.json) io.out.write(`${JSON.stringify(read.value)}\n`);
  else io.out.write(recordText(read.value, { columns: io.out.columns(), colors: io.out.colors }));
  return 0;
}
