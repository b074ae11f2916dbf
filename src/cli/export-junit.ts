// The suites of a JUnit report: what is kept of each variant x run, and the cells that are asked for and missing.
import { asksOutcome, type Cell, cellId, type Filter } from '../core/task.ts';
import { type Case, DAMAGED, junitXml, MISSING, type Suite, verdictOfCase } from '../exchange/write-junit.ts';
import type { Experiment } from './experiment.ts';
import type { ExportReader } from './export-reader.ts';
import { type ExportRow, missingCells, type Selection } from './export-rows.ts';
import type { Io } from './io.ts';

export function exportJunit(of: {
  readonly io: Io;
  readonly experiment: Experiment;
  readonly filter: Filter;
  readonly selection: Selection;
  readonly rows: readonly ExportRow[];
  readonly records: ExportReader;
}): Iterable<string> {
  const { experiment, rows, selection, filter } = of;
  // What was asked for then is not known; and who asks for failed ones asks for records.
  const missing =
    selection.kind === 'at' || asksOutcome(filter) ? [] : missingCells({ experiment, filter, rows });
  const suites = Map.groupBy<string, ExportRow | Cell>([...rows, ...missing], ({ run, variant }) =>
    JSON.stringify([run, variant]),
  );
  const current = new Set(rows.filter(({ standing }) => standing === 'current').map(cellId));
  const caseOf = makeCase(of, current);
  function* made(): Generator<Suite> {
    for (const list of suites.values()) {
      const { variant, run } = list[0]!;
      yield { variant, run, cases: list.map(caseOf) };
    }
  }
  return junitXml(made(), { experiment: experiment.manifest.name, now: of.io.clock.now().toISOString() });
}

function makeCase(
  of: { readonly selection: Selection; readonly records: ExportReader },
  current: ReadonlySet<string>,
): (row: ExportRow | Cell) => Case {
  return (row) => {
    const nothing = { scenario: row.scenario, durationMs: null, startedAt: null, simulated: false };
    if (!('id' in row)) return { ...nothing, verdict: MISSING };
    const exported = of.records.one(row);
    if (!exported) return { ...nothing, verdict: DAMAGED };
    const { record, simulated } = exported;
    return {
      scenario: row.scenario,
      durationMs: record.duration_ms,
      startedAt: record.started_at,
      simulated,
      verdict: verdictOfCase(exported, {
        asOf: of.selection.kind === 'at' ? 'then' : 'now',
        hasCurrent: current.has(cellId(row)),
        reasons: () => of.records.reasons(row),
      }),
    };
  };
}
