// What is made of a verdict: the number of its label, and whether its score passes. Asked of a judge is neither, so both
// are read out of the manifest of today whenever a verdict is read, and no key holds them.
import type { ScoreRecord } from './record.ts';
import type { Scorer, ScorerKind } from './scoring.ts';

/** As the manifest has it now. */
export type Meaning = {
  readonly passAt: number;
  /** Number by label; null = the judge said the number. */
  readonly choices: { readonly [label: string]: number } | null;
};

export type Meant = {
  readonly score: number | null;
  readonly passed: boolean | null;
  readonly label: string | null;
};

/** `said`: whether it passes, where the scorer said that itself; null = its score was held against a threshold. */
export type Told = Meant & { readonly said: boolean | null };

/**
 * What stands for the threshold in a scorer's key, whatever the manifest has: its default. null = the kind has its own
 * there: own code, programs and what came with an answer may say themselves what passes, and their records do not tell.
 */
export function keyedPassAt(kind: ScorerKind): number | null {
  switch (kind) {
    case 'judge':
      return 0.5;
    case 'embedding':
      return 0.8;
    case 'code':
    case 'command':
    case 'outcome':
    case 'precomputed':
      return null;
    default:
      return 1;
  }
}

/** null = what was kept of it is what it means. */
export function meaningOf(scorer: Scorer): Meaning | null {
  if (keyedPassAt(scorer.kind) === null) return null;
  return { passAt: scorer.passAt, choices: scorer.kind === 'judge' ? scorer.choices : null };
}

export function meantBy(told: Told, meaning: Meaning | null): Meant {
  const { label, said } = told;
  if (meaning === null) return { score: told.score, passed: told.passed, label };
  const { passAt, choices } = meaning;
  const isChosen = choices !== null && label !== null && Object.hasOwn(choices, label);
  const score = isChosen ? choices[label]! : told.score;
  return { score, passed: said ?? (score === null ? null : score >= passAt), label };
}

/**
 * What a scorer said itself of whether it passes.
 * @param held what its record says `passed` was held against: null = nothing, the scorer said it; undefined = the record
 *   is of before that was kept, and what its score at the threshold of then does not come to was said
 */
export function saidPassed(
  { score, passed }: Pick<Meant, 'score' | 'passed'>,
  { held, then }: { readonly held: number | null | undefined; readonly then: number | null },
): boolean | null {
  if (held === null || then === null) return passed;
  if (held !== undefined) return null;
  return score !== null && passed === score >= then ? null : passed;
}

/** A record as it counts today: where the manifest makes something else of its verdict, it says that. */
export function asMeant(record: ScoreRecord, told: Told | null, meaning: Meaning | null): ScoreRecord {
  if (told === null || meaning === null) return record;
  const { score, passed } = meantBy(told, meaning);
  if (score === record.score && passed === record.passed) return record;
  return { ...record, score, passed, pass_at: told.said === null ? meaning.passAt : null };
}
