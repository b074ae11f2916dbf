// What people said of answers in reviews that are closed, beside what scorers say of them.

import type { ScoreText } from '../../screens/scenario.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { openHumanBook } from '../select/human-scores.ts';

export type SaidByHumans = (answer: {
  readonly scenario: string;
  readonly outputDigest: string;
}) => readonly ScoreText[];

/** A review that cannot be read says so in the place of its scores: an answer can be read all the same. */
export function saidByHumans(experiment: Experiment): SaidByHumans {
  try {
    const { saidOf } = openHumanBook(experiment);
    return (answer) => saidOf(answer).map(textOf);
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    const nothing = { scorer: 'human', score: null, passed: null, reason: null, missing: cause.message };
    return () => [nothing];
  }
}

type Said = ReturnType<ReturnType<typeof openHumanBook>['saidOf']>[number];

function textOf({ dimension, score, passed, labels, notes, adjudicated }: Said): ScoreText {
  const words = labels.map(({ reviewer, label }) => `${reviewer}: ${label}`).join(', ');
  const lines = [words + (adjudicated ? ', settled by adjudication' : ''), ...notes];
  const reason = lines.filter((line) => line !== '').join('\n');
  return { scorer: `human.${dimension}`, score, passed, reason, missing: null };
}
