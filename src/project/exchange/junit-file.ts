// `--junit FILE` of the commands that judge: the report of what is in scope, written when all else is done.
import path from 'node:path';
import { replaceFile } from '../../cache/disk/durable.ts';
import type { StoreReader } from '../../cache/store.ts';
import type { GateVerdict } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { exportJunit } from './export-junit.ts';
import { makeExportReader } from './export-reader.ts';
import { exportRows } from './export-rows.ts';

export function writeJunit(input: {
  readonly io: World;
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly filter: Filter;
  readonly file: string;
  readonly gate: readonly GateVerdict[];
}): void {
  const { io, experiment, store, file, gate } = input;
  // What is reported is what the names choose: `--failed` and its like choose what is done.
  const filter = { ...input.filter, failed: false, stale: false, notPassed: false, differs: false };
  const selection = { kind: 'view' } as const;
  const rows = exportRows({ experiment, store, filter, selection });
  using records = makeExportReader({ experiment, store });
  try {
    replaceFile(
      path.resolve(io.cwd, file),
      exportJunit({ io, experiment, store, filter, selection, rows, records, gate }),
    );
  } catch (cause) {
    throw new CommandError(`the report ${file} cannot be written: ${(cause as Error).message}`);
  }
}
