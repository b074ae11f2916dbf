// expgraph status: the completeness matrix.
import type { StatusSummary } from '../../core/summary.ts';
import { jsonLine } from '../../core/text.ts';
import { readStatus, readStatusDetails, type StatusInput } from '../../project/history/status.ts';
import { EXIT } from '../../project/open/command-error.ts';
import { makeFilter, scopeWords } from '../../project/open/filters.ts';
import { statusTable } from '../../report/run/status.ts';
import { type Io, layoutOf } from '../io.ts';

export async function statusCommand(
  io: Io,
  options: StatusInput & { readonly json?: boolean },
): Promise<number> {
  if (options.json) {
    const { status, interleaving, until } = await readStatus(io, options);
    io.out.write(jsonLine({ ...status, interleaving, ...(until ? { until } : {}) }));
    return codeOf(status);
  }
  const { status, interleaving, until, details } = await readStatusDetails(io, options);
  const layout = { ...layoutOf(io.out), scope: scopeWords(makeFilter(options), io) };
  io.out.write(statusTable(status, { ...layout, interleaving, details }));
  if (until)
    io.out.write(`\n${(await import('../../report/words/until-words.ts')).untilText(until, layout)}`);
  return codeOf(status);
}

function codeOf({ complete, withheld }: StatusSummary): number {
  if (!complete) return EXIT.incomplete;
  return withheld ? EXIT.withheld : EXIT.complete;
}
