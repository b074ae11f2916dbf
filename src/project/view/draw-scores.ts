// What scorers say of one draw, with the reasons that they gave.
import type { RecordRow } from '../../cache/store.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { CellScore, ScoreBook } from '../../core/scoring.ts';
import type { Cell } from '../../core/task.ts';
import type { DrawText, ScoreText } from '../../screens/scenario.ts';
import type { Judgements } from '../select/record-scores.ts';
import { verdictOf } from '../select/verdict.ts';
import type { SaidByHumans } from './human-texts.ts';

export type SaidOf = {
  readonly book: ScoreBook;
  readonly judgements: Judgements;
  readonly humans: SaidByHumans;
};

export function drawScores(
  { book, judgements, humans }: SaidOf,
  { variant, scenario, run }: Cell,
  { outputDigest, tested, ending }: RecordRow,
): Pick<DrawText, 'scores' | 'score' | 'passed'> {
  if (outputDigest === null) return { scores: [], score: null, passed: null };
  const cell = { variant, scenario, run, outputDigest, tested, ending };
  const scores = book.of(cell);
  const records = new Map(judgements.of(cell).map((one) => [one.scorer, one.judgements]));
  const { score, passed } = verdictOf(scores);
  const texts = scores.map((one) => scoreText(one, records.get(one.scorer) ?? []));
  return { score, passed, scores: [...texts, ...humans({ scenario, outputDigest })] };
}

function scoreText(
  { scorer, score, passed, missing }: CellScore,
  judgements: readonly ScoreRecord[],
): ScoreText {
  if (missing !== null) {
    const error = judgements.find(({ status }) => status === 'failed')?.attempts.at(-1)?.error;
    const why = missing === 'not-run' ? 'not judged yet: npx expgraph score does it' : 'it failed to judge';
    return { scorer, score, passed, reason: null, missing: error?.message ?? why };
  }
  return { scorer, score, passed, reason: reasonOf(judgements), missing: null };
}

/** Of several votes each with what it said: they may not agree. */
function reasonOf(judgements: readonly ScoreRecord[]): string | null {
  const votes = judgements.filter(({ status }) => status === 'completed');
  if (votes.length <= 1) return votes[0]?.reason ?? votes[0]?.label ?? null;
  const lines = votes.map(({ label, score, passed, reason }) => {
    const said = label ?? (score === null ? (passed ? 'passed' : 'not passed') : String(score));
    return reason === null ? said : `${said}: ${reason}`;
  });
  return lines.join('\n');
}
