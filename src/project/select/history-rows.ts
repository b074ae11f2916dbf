// Records of the history as its tables show them: with what changed before them, what judges say, and whether they count.

import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { calledAmong, orderKey, orderOf } from '../../core/invocation-id.ts';
import { cellId } from '../../core/task.ts';
import type { HistoryRow } from '../../report/records/history.ts';
import type { Experiment } from '../open/experiment.ts';
import { makeIsSimulated } from '../open/simulated.ts';
import { namesOfInvocations } from './find-invocation.ts';
import { openHumanBook } from './human-scores.ts';
import { viewCells } from './plan-experiment.ts';
import { stepsOf } from './record-changes.ts';
import { bookOfToday, openJudge } from './verdict.ts';

/** Cell by cell, oldest first. */
export function historyRows(
  { experiment, store }: { readonly experiment: Experiment; readonly store: StoreReader },
  wanted: (row: RecordRow) => boolean,
): readonly HistoryRow[] {
  const standingOf = makeStandings(experiment, store);
  const isSimulated = makeIsSimulated(experiment, store);
  const nameOf = invocationNames(store);
  const judge = openJudge(bookOfToday(experiment));
  const humanOf = openHumans(experiment);
  return stepsOf(store, wanted).map(({ row, since, moved }): HistoryRow => {
    const { variant, scenario, run, key, generation, startedAt, status, attempts } = row;
    const { latencyMs, inputTokens, outputTokens, costUsd, outputDigest, servedModel } = row;
    return {
      variant,
      scenario,
      run,
      key,
      generation,
      startedAt,
      status,
      attempts,
      latencyMs,
      inputTokens,
      outputTokens,
      costUsd,
      outputDigest,
      servedModel,
      moved,
      ...judge(row),
      ...humanOf(row),
      ...nameOf(row),
      changed: since?.changed ?? null,
      standing: standingOf(row),
      simulated: isSimulated(row),
    };
  });
}

/** Of answers that people read. */
function openHumans(experiment: Experiment): (row: RecordRow) => Pick<HistoryRow, 'human'> {
  const { saidOf } = openHumanBook(experiment);
  return ({ scenario, outputDigest }) => {
    const said = outputDigest === null ? [] : saidOf({ scenario, outputDigest });
    if (said.length === 0) return {};
    return { human: Object.fromEntries(said.map(({ dimension, score }) => [dimension, score])) };
  };
}

/** A record counts by its key, whatever its names were; a cell that is asked for under another key is stale. */
function makeStandings(
  experiment: Experiment,
  store: StoreReader,
): (row: RecordRow) => HistoryRow['standing'] {
  const cells = [...viewCells(experiment, null)];
  const keys = new Set<string>(cells.map(({ key }) => key));
  const names = new Set(cells.map(cellId));
  return (row) => {
    if (row.archive !== null) return 'archived';
    if (keys.has(row.key)) return store.history.byKey(row.key)?.id === row.id ? 'current' : 'superseded';
    return names.has(cellId(row)) ? 'stale' : 'out-of-scope';
  };
}

function invocationNames(store: StoreReader): (row: RecordRow) => Pick<HistoryRow, 'invocation' | 'called'> {
  const names = new Map<string, Pick<HistoryRow, 'invocation' | 'called'>>();
  const all = namesOfInvocations(store);
  const calledOf = calledAmong(all, 4);
  for (const invocation of all) {
    const order = orderOf(invocation);
    if (order) names.set(orderKey(order), { invocation, ...calledOf(invocation) });
  }
  return (row) => names.get(orderKey(row)) ?? { invocation: String(row.sequence).padStart(4, '0') };
}
