// Scores as feedback on the traces of the answers that they judge: written down first, sent by the process that sends traces.
import type { StoreReader } from '../../cache/store.ts';
import { nameId } from '../../core/trace.ts';
import { addFeedback, type Feedback } from '../../tracing/feedback.ts';
import { shieldedValues } from '../../tracing/shield.ts';
import { loadShield } from '../../tracing/shield-settings.ts';
import type { Experiment } from '../experiment.ts';
import type { Io } from '../io.ts';
import { packageVersion } from '../provenance.ts';
import type { CellVerdict } from '../score-phase.ts';
import { besideFeedback } from './copied.ts';
import { readTracing } from './settings.ts';
import { startUploader } from './uploader.ts';

export type ScoreFeedback = {
  readonly io: Io;
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'row' | 'read'>;
  readonly verdicts: readonly CellVerdict[];
};

/** @returns how many were written down: answers that were not traced have nothing to be said of */
export async function writeScoreFeedback(of: ScoreFeedback): Promise<number> {
  const { io, experiment, store } = of;
  const state = readTracing(io, experiment);
  if (state.kind === 'off' || of.verdicts.length === 0) return 0;
  const { tracing } = state;
  const { text } = shieldedValues(await loadShield({ env: io.env, shield: tracing.shield }));
  let count = 0;
  for (const { record, scorer, isModel, score, label, reason } of of.verdicts) {
    const row = store.row(record);
    const read = row && store.read(row);
    if (read?.kind !== 'ok' || read.value.trace === null) continue;
    const { trace, attempts } = read.value;
    count++;
    const feedback: Feedback = {
      v: 1,
      id: nameId('feedback', trace.langsmith_run_id, scorer, ''),
      trace: trace.langsmith_run_id,
      start: attempts.at(-1)!.started_at,
      project: trace.project ?? tracing.project,
      experiment: trace.experiment ?? null,
      key: text(scorer),
      score,
      value: label === null ? null : text(label),
      // What a scorer says of an answer quotes the answer: it goes where the answer goes.
      comment: reason === null || tracing.shield.outputs !== 'full' ? null : text(reason),
      source: isModel ? 'model' : 'api',
      reviewer: null,
      extendRetention: tracing.extendRetention,
      at: io.clock.now().toISOString(),
    };
    addFeedback(tracing.root, feedback);
    const other = besideFeedback(feedback, trace.harness);
    if (other !== null) addFeedback(tracing.root, other);
  }
  return count;
}

/** Where no uploader of this invocation's traces is there to send them. Nobody waits for it. */
export async function sendScoreFeedback(of: Pick<ScoreFeedback, 'io' | 'experiment'>): Promise<void> {
  const state = readTracing(of.io, of.experiment);
  if (state.kind === 'off') return;
  const { env, clock } = of.io;
  const { root } = state.tracing;
  await startUploader({ root, folder: null, version: packageVersion(), env, clock }).leave();
}
