// The screen `cell`: every record that there was of one cell, with what changed in its key before each.
import type { RecordRow } from '../../cache/store.ts';
import type { Key } from '../../core/brand.ts';
import type { Cell } from '../../core/task.ts';
import { sampleKey } from '../../planner/key.ts';
import type { CellScreen } from '../../screens/cell.ts';
import type { Mark } from '../../screens/matrix.ts';
import type { Answer } from '../../screens/screen.ts';
import { stepsOfCell } from '../select/record-changes.ts';
import { drawOf } from './draw.ts';
import { fieldChange } from './field-change.ts';
import { saidByHumans } from './human-texts.ts';
import { given, refused } from './screen-refusal.ts';
import type { Snapshot } from './snapshot.ts';
import type { ViewContext } from './view-context.ts';

export function cellScreen({ snapshot, query }: ViewContext): Answer<'cell'> {
  const [variant, scenario, run] = [query.get('variant'), query.get('scenario'), query.get('run')];
  if (variant === null || scenario === null || run === null)
    return refused('bad-request', 'a cell is named by variant, scenario and run');
  if (!/^[1-9]\d{0,5}$/.test(run)) return refused('bad-request', 'run is a number from 1 on');
  const cell = { variant, scenario, run: Number(run) };
  const generations = generationsOf(snapshot, cell);
  const isAsked = keyOf(snapshot, cell) !== null;
  if (generations.length === 0 && !isAsked) return refused('not-found', 'there is no such cell');
  return given<'cell'>({ ...cell, generations });
}

function generationsOf(snapshot: Snapshot, cell: Cell): CellScreen['generations'] {
  const { store } = snapshot;
  const key = keyOf(snapshot, cell);
  // What counts for its key may have been drawn under other names.
  const rows = store.ofCell(cell, key);
  const answers = new Map<string, number>();
  const { book, judgements, experiment } = snapshot;
  const said = { book, judgements, humans: saidByHumans(experiment) };
  return stepsOfCell(store, rows).map(({ row, since, moved }) => {
    const standing = standingOf(snapshot, row, key);
    const { outputDigest } = row;
    const answer = outputDigest === null ? null : (answers.get(outputDigest) ?? answers.size + 1);
    if (outputDigest !== null) answers.set(outputDigest, answer!);
    const { text } = drawOf(snapshot, said, { ...cell, mark: 'unjudged', answer, row });
    return {
      draw: { ...text, mark: markOf(row, { standing, passed: text.passed }) },
      key: row.key,
      generation: row.generation,
      invocation: text.invocation ?? String(row.sequence).padStart(4, '0'),
      standing,
      changed: (since?.changed ?? []).map(fieldChange),
      moved,
    };
  });
}

/** null = the manifest does not ask for it. */
function keyOf({ experiment }: Snapshot, { variant, scenario, run }: Cell): Key | null {
  const parts = experiment.variants.get(variant)?.parts;
  const at = experiment.scenarioIndex.get(scenario);
  if (parts === undefined || at === undefined || run > parts.runs || parts.without?.has(at)) return null;
  const { variant: arm, scenarios, engine } = parts;
  return sampleKey({ variant: arm.digest, scenario: scenarios[at]!.digest, engine: engine.digest }, run);
}

type Standing = CellScreen['generations'][number]['standing'];

function standingOf({ store }: Snapshot, row: RecordRow, key: Key | null): Standing {
  if (row.archive !== null) return 'archived';
  if (key === null) return 'out-of-scope';
  if (row.key !== key) return 'stale';
  return store.history.byKey(row.key)?.id === row.id ? 'current' : 'superseded';
}

function markOf(row: RecordRow, { standing, passed }: { standing: Standing; passed: boolean | null }): Mark {
  if (standing === 'stale') return 'stale';
  if (row.status === 'failed') return 'error';
  return passed === null ? 'unjudged' : passed ? 'passed' : 'failed';
}
