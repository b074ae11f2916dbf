// What people said of answers as feedback on their traces (`langsmith feedback`): under a scorer's name it is a label.
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { StoreReader } from '../../cache/store.ts';
import type { Scorer } from '../../core/scoring.ts';
import { tracesRoot } from '../langsmith/settings.ts';
import type { Experiment } from '../open/experiment.ts';
import { cellName } from '../select/find-records.ts';
import type { Label } from './calibration-labels.ts';

export async function feedbackLabels(input: {
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'everyRecord' | 'read'>;
  readonly scorer: Scorer;
}): Promise<readonly Label[]> {
  const { store, scorer } = input;
  const root = tracesRoot(input.experiment);
  if (!existsSync(path.join(root, 'feedback', 'feedback.jsonl'))) return [];
  const { readFeedback } = await import('../../tracing/spool/feedback.ts');
  const said = [...readFeedback(root).values()].flatMap(({ newest }) =>
    newest.source === 'app' && newest.key === scorer.name ? [newest] : [],
  );
  if (said.length === 0) return [];
  const wanted = new Set(said.map(({ trace }) => trace));
  const rows = new Map<string, Label['of'] & { readonly where: string }>();
  for (const row of store.everyRecord()) {
    if (row.status !== 'completed' || row.archive !== null) continue;
    const read = store.read(row);
    const trace = read.kind === 'ok' ? (read.value.trace?.langsmith_run_id ?? null) : null;
    if (trace === null || !wanted.has(trace)) continue;
    const { variant, scenario, run } = row;
    rows.set(trace, {
      digest: row.outputDigest,
      cell: { variant, scenario, run },
      given: null,
      where: `feedback on ${cellName(row)}`,
    });
  }
  const choices = scorer.kind === 'judge' ? scorer.choices : null;
  return said.flatMap(({ trace, score, value, reviewer }): readonly Label[] => {
    const found = rows.get(trace);
    const label = value !== null && choices !== null && Object.hasOwn(choices, value) ? value : null;
    const number = score !== null && score >= 0 && score <= 1 ? score : null;
    if (found === undefined || (label === null && number === null)) return [];
    const { where, ...of } = found;
    // 0 and 1 are how a thumb down or up is written.
    const passed = number === 0 || number === 1 ? number === 1 : null;
    return [{ where, of, human: { passed, score: number, label, rater: reviewer } }];
  });
}
