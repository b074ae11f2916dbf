// Which scorers said what is no verdict, how often, and what the first of it was.
import type { StoreReader } from '../../cache/store.ts';
import type { ScoreRecord } from '../../core/record.ts';
import type { UnreadVerdicts } from '../../core/summary.ts';
import type { ScorePlan } from '../../planner/scores.ts';

const MAX_WORDS = 300;

/** In the order of the scorers. Records are read of judgements that failed, and of no others. */
export function unreadVerdicts(input: {
  readonly plan: Pick<ScorePlan, 'tasks'>;
  readonly scores: Pick<StoreReader<ScoreRecord>, 'history' | 'row' | 'read'>;
}): readonly UnreadVerdicts[] {
  const { plan, scores } = input;
  const { history } = scores;
  const found = new Map<string, { verdicts: number; unread: number; first: string }>();
  for (const { scorer, key } of plan.tasks) {
    const of = found.get(scorer) ?? { verdicts: 0, unread: 0, first: '' };
    found.set(scorer, of);
    of.verdicts++;
    const head = history.byKey(key);
    if (head?.status !== 'failed') continue;
    const words = unreadWords(scores, head.id);
    if (words === null) continue;
    if (of.unread === 0) of.first = words;
    of.unread++;
  }
  return [...found].flatMap(([scorer, of]) => (of.unread === 0 ? [] : [{ scorer, ...of }]));
}

function unreadWords(scores: Pick<StoreReader<ScoreRecord>, 'row' | 'read'>, id: number): string | null {
  const row = scores.row(id);
  const read = row && scores.read(row);
  const last = read?.kind === 'ok' ? read.value.attempts.at(-1) : undefined;
  // What a program printed and is not what was asked of it has a kind of its own.
  if (!last?.error || (last.unread !== true && last.error.kind !== 'broken-output')) return null;
  return last.error.message.replace(/\s+/g, ' ').trim().slice(0, MAX_WORDS).toWellFormed();
}
