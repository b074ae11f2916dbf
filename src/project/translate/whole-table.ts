// A table of somebody else's, read whole: its header and its rows, or why not.
import path from 'node:path';
import { makeFindings } from '../../manifest/errors/findings.ts';
import { bareLocation } from '../../manifest/errors/place.ts';
import { readTable } from '../../manifest/scenarios/csv-table.ts';
import { ManifestError } from '../open/experiment.ts';

/** @throws ManifestError with what is wrong with it */
export async function wholeTable(
  file: string,
  shown: string,
): Promise<NonNullable<Awaited<ReturnType<typeof readTable>>>> {
  const findings = makeFindings();
  const table = await readTable({
    ...{ file, shown, folder: path.dirname(file), findings, mapping: null },
    namedAt: () => bareLocation(file),
    seen: { columns: new Set(), fields: new Set(), isForeign: false },
  });
  if (table !== null) return table;
  throw new ManifestError(`${shown} cannot be read; nothing was written`, findings.list());
}
