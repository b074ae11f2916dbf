// The suites of a JUnit report: what is kept of each variant x run, the cells that are asked for and missing, and the gate of whoever
// measured one.
import type { StoreReader } from '../../cache/store.ts';
import type { GateVerdict } from '../../core/summary.ts';
import { asksOutcome, type Cell, cellId, type Filter } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { modelAsked } from '../../core/untold.ts';
import type { Exported } from '../../exchange/exported.ts';
import {
  type Case,
  DAMAGED,
  junitXml,
  MISSING,
  type Suite,
  verdictOfCase,
} from '../../exchange/write-junit.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { isHuman } from '../select/human-scores.ts';
import type { ExportReader } from './export-reader.ts';
import { type ExportRow, missingCells, type Selection } from './export-rows.ts';

export function exportJunit(input: {
  readonly io: World;
  readonly experiment: Experiment;
  readonly filter: Filter;
  readonly selection: Selection;
  readonly rows: readonly ExportRow[];
  readonly records: ExportReader;
  readonly store: Pick<StoreReader, 'invocations'>;
  readonly gate: readonly GateVerdict[];
}): Iterable<string> {
  const { experiment, rows, selection, filter } = input;
  // What was asked for then is not known; and who asks for failed ones asks for records.
  const missing =
    selection.kind === 'at' || asksOutcome(filter) ? [] : missingCells({ experiment, filter, rows });
  const suites = Map.groupBy<string, ExportRow | Cell>([...rows, ...missing], ({ run, variant }) =>
    JSON.stringify([run, variant]),
  );
  const current = new Set(rows.filter(({ standing }) => standing === 'current').map(cellId));
  const runs = new Set([...rows, ...missing].map(({ run }) => run)).size;
  const provenance = gitOf(input.store);
  function* made(): Generator<Suite> {
    for (const list of suites.values()) {
      const { variant, run } = list[0]!;
      const seen = new Facts();
      const names = new Map<string, number>();
      const caseOf = makeCase(input, { current, seen });
      const cases = list.map((row) => {
        // With --all a cell has several records, and a report no two tests of one name.
        const times = (names.get(row.scenario) ?? 0) + 1;
        names.set(row.scenario, times);
        const name = `${row.scenario}${runs > 1 ? ` [run ${run}]` : ''}${times > 1 ? ` #${times}` : ''}`;
        return caseOf(row, name);
      });
      const facts = [['variant', variant] as const, ['run', String(run)] as const, ...seen.list(provenance)];
      yield { name: `${variant} run ${run}`, className: variant, cases, facts };
    }
    if (input.gate.length > 0) yield gateSuite(input.gate);
  }
  return junitXml(made(), { experiment: experiment.manifest.name, now: input.io.clock.now().toISOString() });
}

/** A line of the gate is a test like another: whoever reads the report sees why the job ended with 6. */
function gateSuite(gate: readonly GateVerdict[]): Suite {
  const cases = gate.map(
    ({ name, wanted, ...verdict }): Case => ({
      name: `${name} ${wanted}`,
      durationMs: null,
      startedAt: null,
      simulated: false,
      verdict: gateCase(verdict),
    }),
  );
  return { name: 'gate', className: 'gate', cases, facts: [] };
}

function gateCase({
  held,
  unsaid,
  sentence,
}: Pick<GateVerdict, 'held' | 'unsaid' | 'sentence'>): Case['verdict'] {
  if (held) return { kind: 'passed' };
  const message = sanitizeLine(sentence);
  if (unsaid) return { kind: 'skipped', message };
  return { kind: 'failure', type: 'gate', message, text: message };
}

/** By invocation, the commit that it ran at. */
function gitOf(store: Pick<StoreReader, 'invocations'>): ReadonlyMap<string, string> {
  return new Map(
    store
      .invocations()
      .flatMap(({ invocation, git }) =>
        git ? [[invocation, `${git.commit}${git.dirty ? ' with uncommitted edits' : ''}`] as const] : [],
      ),
  );
}

/** What the records of a suite say: each value once, in the order of their coming. */
class Facts {
  readonly #models = new Set<string>();
  readonly #invocations = new Set<string>();
  #cost: number | null = 0;

  add({ record }: Exported): void {
    const model = modelAsked(record);
    if (model !== null) this.#models.add(model);
    this.#invocations.add(record.invocation);
    this.#cost = this.#cost === null || record.cost_usd === null ? null : this.#cost + record.cost_usd;
  }

  list(git: ReadonlyMap<string, string>): Suite['facts'] {
    const commits = new Set([...this.#invocations].flatMap((one) => git.get(one) ?? []));
    const texts = [
      ['model', this.#models],
      ['invocation', this.#invocations],
      ['git_commit', commits],
    ] as const;
    return [
      ...texts.flatMap(([name, values]) =>
        values.size === 0 ? [] : [[name, [...values].join(', ')] as const],
      ),
      ['cost_usd', this.#cost === null ? 'unknown' : String(this.#cost)],
    ];
  }
}

function makeCase(
  input: { readonly selection: Selection; readonly records: ExportReader },
  { current, seen }: { readonly current: ReadonlySet<string>; readonly seen: Facts },
): (row: ExportRow | Cell, name: string) => Case {
  return (row, name) => {
    const nothing = { name, durationMs: null, startedAt: null, simulated: false };
    if (!('id' in row)) return { ...nothing, verdict: MISSING };
    const read = input.records.one(row);
    // A build is not failed by who reads: the gate may name people.
    const exported = read && { ...read, scores: read.scores.filter(({ scorer }) => !isHuman(scorer)) };
    if (!exported) return { ...nothing, verdict: DAMAGED };
    seen.add(exported);
    const { record, simulated } = exported;
    return {
      name,
      durationMs: record.duration_ms,
      startedAt: record.started_at,
      simulated,
      verdict: verdictOfCase(exported, {
        asOf: input.selection.kind === 'at' ? 'then' : 'now',
        hasCurrent: current.has(cellId(row)),
        reasons: () => input.records.reasons(row),
      }),
    };
  };
}
