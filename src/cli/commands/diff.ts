// expgraph diff: two moments of the history, cell by cell.
import { jsonLine } from '../../core/text.ts';
import { type DiffInput, diffMoments } from '../../project/history/diff.ts';
import { makeFilter, scopeWords } from '../../project/open/filters.ts';
import { diffJson } from '../../report/json.ts';
import { diffTable } from '../../report/records/diff.ts';
import { type Io, layoutOf } from '../io.ts';

export async function diffCommand(io: Io, options: DiffInput & { readonly json?: boolean }): Promise<number> {
  const { experiment, rows, labels, called } = await diffMoments(io, options);
  const layout = { ...layoutOf(io.out), scope: scopeWords(makeFilter(options), io), called };
  io.out.write(options.json ? jsonLine({ experiment, ...diffJson(rows, labels) }) : diffTable(rows, layout));
  return 0;
}
