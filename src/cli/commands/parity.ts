// expgraph parity: whether each arm can express what every scenario expects. Calls nobody, writes nothing.
import path from 'node:path';
import { jsonLine } from '../../core/text.ts';
import { openExperiment, scenarioOf } from '../../project/open/experiment.ts';
import { type FilterOptions, makeFilter } from '../../project/open/filters.ts';
import { checkParity } from '../../project/variants/parity.ts';
import { parityJson, parityTable } from '../../report/records/parity.ts';
import type { Io } from '../io.ts';

export async function parityCommand(
  io: Io,
  options: FilterOptions & { readonly file: string; readonly json?: boolean },
): Promise<number> {
  const filter = makeFilter(options);
  const experiment = await openExperiment(io, options.file);
  const cells = await checkParity({ experiment, filter });
  const place = (id: string): string => {
    const { file, line } = scenarioOf(experiment, id).source;
    return `${path.relative(io.cwd, file)}:${line}`;
  };
  const view = { experiment: experiment.manifest.name, cells, place };
  const size = { columns: io.out.columns(), colors: io.out.colors };
  io.out.write(options.json ? jsonLine(parityJson(view)) : parityTable(view, size));
  return cells.some(({ state }) => state === 'cannot') ? 1 : 0;
}
