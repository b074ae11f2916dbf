// expgraph history: what changed when and which cells it touched; of few cells every record, oldest first.
import { jsonLine } from '../../core/text.ts';
import { type HistoryInput, readHistory } from '../../project/history/history.ts';
import { makeFilter, scopeWords } from '../../project/open/filters.ts';
import { historyJson } from '../../report/json.ts';
import { historyTable } from '../../report/records/history.ts';
import { changesText } from '../../report/records/history-groups.ts';
import { type Io, layoutOf } from '../io.ts';

/** So many cells are read one by one; of more the changes are what somebody looks for. */
const FEW_CELLS = 6;

export type HistoryOptions = HistoryInput & { readonly json?: boolean; readonly all?: boolean };

export async function historyCommand(io: Io, options: HistoryOptions): Promise<number> {
  const { experiment, rows, cells } = await readHistory(io, options);
  if (options.json) {
    io.out.write(jsonLine({ experiment, records: historyJson(rows) }));
    return 0;
  }
  const layout = { ...layoutOf(io.out), scope: scopeWords(makeFilter(options), io) };
  const isWhole = options.all || cells <= FEW_CELLS;
  io.out.write(isWhole ? historyTable(rows, layout) : changesText(rows, layout));
  return 0;
}
