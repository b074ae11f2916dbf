// Scores as feedback on the traces of the answers that they judge: written down first, sent by the process that sends traces.
import type { StoreReader } from '../../cache/store.ts';
import { shieldedValues } from '../../tracing/spans/shield.ts';
import { loadShield } from '../../tracing/spans/shield-settings.ts';
import { makeSayFeedback } from '../../tracing/spool/feedback.ts';
import type { CellVerdict } from '../judge/cell-verdicts.ts';
import { feedbackOfRoots, openSyncedRoots } from '../langsmith/roots.ts';
import { readTracing } from '../langsmith/settings.ts';
import { startUploader } from '../langsmith/uploader.ts';
import type { Experiment } from '../open/experiment.ts';
import { packageVersion } from '../open/provenance.ts';
import type { World } from '../open/world.ts';

export type ScoreFeedback = {
  readonly io: World;
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'row' | 'read'>;
  readonly verdicts: readonly CellVerdict[];
};

/** @returns how many were written down: answers that were not traced have nothing to be said of */
export async function writeScoreFeedback(input: ScoreFeedback): Promise<number> {
  const { io, experiment, store } = input;
  const state = readTracing(io, experiment);
  if (state.kind === 'off' || input.verdicts.length === 0) return 0;
  const { tracing } = state;
  const { text } = shieldedValues(await loadShield({ env: io.env, shield: tracing.shield }));
  const say = makeSayFeedback(tracing.root);
  const synced = openSyncedRoots(tracing.root);
  let count = 0;
  for (const { record, variant, scenario, scorer, isModel, score, label, reason } of input.verdicts) {
    const row = store.row(record);
    const read = row && store.read(row);
    if (read?.kind !== 'ok') continue;
    const saying = {
      key: text(scorer),
      score,
      value: label === null ? null : text(label),
      // What a scorer says of an answer quotes the answer: it goes where the answer goes.
      comment: reason === null || tracing.shield.outputs !== 'full' ? null : text(reason),
      source: isModel ? 'model' : 'api',
      reviewer: null,
      at: io.clock.now().toISOString(),
    } as const;
    const all = feedbackOfRoots({ record: read.value, cell: { variant, scenario }, synced, tracing, saying });
    for (const feedback of all) say(feedback);
    if (all.length > 0) count++;
  }
  return count;
}

/** Where no uploader of this invocation's traces is there to send them. Nobody waits for it. */
export async function sendScoreFeedback(input: Pick<ScoreFeedback, 'io' | 'experiment'>): Promise<void> {
  const state = readTracing(input.io, input.experiment);
  if (state.kind === 'off') return;
  const { env, clock } = input.io;
  const { root } = state.tracing;
  await startUploader({ root, folder: null, version: packageVersion(), env, clock }).leave();
}
