// What is known of results that are synced, said of every root that stands for one: scores as they are today, and what people
// and tests said of the first root.

import type { RecordRow } from '../../cache/store.ts';
import { isAskingKind } from '../../core/asking.ts';
import type { ScenarioResult } from '../../core/record.ts';
import { nameId } from '../../core/trace.ts';
import type { ShieldedValues } from '../../tracing/spans/shield.ts';
import { type Feedback, makeSayFeedback, readFeedback } from '../../tracing/spool/feedback.ts';
import type { Experiment } from '../open/experiment.ts';
import { openHumanBook } from '../select/human-scores.ts';
import { openJudgements } from '../select/record-scores.ts';
import { bookOfToday } from '../select/verdict.ts';
import { humanSayings, REVIEW_SPEAKER } from './human-feedback.ts';
import { feedbackOfRoots, type Saying, type SyncedRoots } from './roots.ts';
import type { Tracing } from './settings.ts';

export type SyncFeedback = Disposable & {
  /** @returns how much of it was not said before */
  say(input: {
    readonly record: ScenarioResult;
    readonly row: RecordRow;
    /** As the manifest calls it today. */
    readonly variant: string;
    readonly scenario: string;
  }): number;
};

export function openSyncFeedback(input: {
  readonly experiment: Experiment;
  readonly tracing: Tracing;
  readonly synced: SyncedRoots;
  readonly shielded: ShieldedValues;
  /** ISO 8601 */
  readonly at: string;
}): SyncFeedback {
  const { experiment, tracing, synced, at } = input;
  const { text } = input.shielded;
  const sayFeedback = makeSayFeedback(tracing.root);
  const book = bookOfToday(experiment);
  const judgements = openJudgements(experiment);
  const human = openHumanBook(experiment);
  const kinds = new Map(experiment.manifest.scorers.map(({ name, kind }) => [name, kind]));
  const byTrace = Map.groupBy(
    [...readFeedback(tracing.root).values()].map(({ newest }) => newest),
    ({ trace }) => trace,
  );

  function scoresOf(cell: Parameters<SyncFeedback['say']>[0]): readonly Saying[] {
    const { row, variant, scenario } = cell;
    const { run, outputDigest, tested, ending } = row;
    if (outputDigest === null) return [];
    const reasons = new Map(
      judgements
        .of({ variant, scenario, run, outputDigest, tested, ending })
        .map(({ scorer, judgements: [first] }) => [scorer, first?.reason ?? null]),
    );
    return book
      .of({ variant, scenario, run, outputDigest, tested, ending })
      .flatMap(({ scorer, score, label, missing }) => {
        if (missing !== null) return [];
        const reason = reasons.get(scorer) ?? null;
        return [
          {
            key: text(scorer),
            score,
            value: label === null ? null : text(label),
            comment: reason === null || tracing.shield.outputs !== 'full' ? null : text(reason),
            source: isAskingKind(kinds.get(scorer) ?? 'expect') ? 'model' : 'api',
            reviewer: null,
            at,
          } as const,
        ];
      });
  }

  /** What closed reviews said of the answer. */
  function humansOf({ row, scenario }: Parameters<SyncFeedback['say']>[0]): readonly Saying[] {
    const { outputDigest } = row;
    return outputDigest === null ? [] : humanSayings(human, { scenario, outputDigest, tracing, text });
  }

  /** Scores are made anew of what is kept; what others said is there and nowhere else. */
  function saidOf({
    trace,
  }: ScenarioResult): readonly { readonly feedback: Feedback; readonly speaker: string }[] {
    const said = trace === null ? [] : (byTrace.get(trace.langsmith_run_id) ?? []);
    return said.flatMap((feedback) => {
      const speaker = ['harness', feedback.reviewer ?? ''].find(
        (name) => feedback.id === nameId('feedback', feedback.trace, feedback.key, name),
      );
      return speaker === undefined || (speaker === '' && feedback.source !== 'app')
        ? []
        : [{ feedback, speaker }];
    });
  }

  return {
    say(cell) {
      const { record } = cell;
      const all = [
        ...saidOf(record).flatMap(({ feedback, speaker }) =>
          feedbackOfRoots({ record, cell, synced, tracing, saying: sayingOf(feedback), speaker }).filter(
            // The harness said it of its own trace itself.
            ({ trace }) => speaker !== 'harness' || trace !== record.trace?.harness?.run_id,
          ),
        ),
        ...scoresOf(cell).flatMap((saying) => feedbackOfRoots({ record, cell, synced, tracing, saying })),
        ...humansOf(cell).flatMap((saying) =>
          feedbackOfRoots({ record, cell, synced, tracing, saying, speaker: REVIEW_SPEAKER }),
        ),
      ];
      return all.filter((feedback) => sayFeedback(feedback) === 'new').length;
    },
    [Symbol.dispose]: () => judgements[Symbol.dispose](),
  };
}

function sayingOf({ key, score, value, comment, source, reviewer, at }: Feedback): Saying {
  return { key, score, value, comment, source, reviewer, at };
}
