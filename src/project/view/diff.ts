// The screen `diff`: what became of each cell between two moments, in the words of `expgraph diff`.
import type { RecordRow } from '../../cache/store.ts';
import { countsOf, type DiffKind, diffKind } from '../../report/records/diff.ts';
import type { InvocationDiffScreen } from '../../screens/invocations.ts';
import type { Mark } from '../../screens/matrix.ts';
import type { Answer } from '../../screens/screen.ts';
import { calledIn } from '../history/diff.ts';
import { CommandError } from '../open/command-error.ts';
import { makeCellFilter } from '../select/cell-filter.ts';
import { findMoment, type Moment } from '../select/find-records.ts';
import { type Pair, pairsInSteps } from '../select/record-changes.ts';
import { openJudge } from '../select/verdict.ts';
import { makePause, type Pause, walk } from './pause.ts';
import { given, refused } from './screen-refusal.ts';
import type { Snapshot } from './snapshot.ts';
import type { ViewContext } from './view-context.ts';

/** What is the same is counted; of the rest so many are listed. */
const MAX_CELLS = 5_000;

/** `a` and `b` as `expgraph diff A B` takes them; without b: now; without both: the last two that drew something. */
export async function diffScreen({ world, snapshot, query }: ViewContext): Promise<Answer<'diff'>> {
  const [a, b] = [named(query.get('a')), named(query.get('b'))];
  const { store } = snapshot;
  let moments: { readonly before: Moment; readonly after: Moment };
  try {
    moments = {
      before: findMoment(store, a ?? 'previous'),
      after: findMoment(store, b ?? (a === null ? 'last' : 'now')),
    };
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    return refused(a === null && b === null ? 'not-found' : 'bad-request', cause.message);
  }
  return given<'diff'>(await screenOf(snapshot, { ...moments, pause: makePause(world.clock) }));
}

const named = (text: string | null): string | null => (text === '' ? null : text);

async function screenOf(
  snapshot: Snapshot,
  moments: { readonly before: Moment; readonly after: Moment; readonly pause: Pause },
): Promise<InvocationDiffScreen> {
  const { pause } = moments;
  const { experiment, store, filter } = snapshot;
  const means = await makeCellFilter({ experiment, store, filter });
  const judge = openJudge(snapshot.book);
  const kinds: DiffKind[] = [];
  const cells: InvocationDiffScreen['cells'][number][] = [];
  for (const pair of await walk(pairsInSteps(store, moments), pause)) {
    if (pause.isDue()) await pause.take();
    if (!means((pair.after ?? pair.before)!)) continue;
    const kind = kindOf(pair);
    kinds.push(kind);
    if (kind === 'same' || cells.length >= MAX_CELLS) continue;
    const [from, to] = [sideOf(pair.before, judge), sideOf(pair.after, judge)];
    cells.push({
      ...pair.cell,
      change: WORDS[kind],
      from: from.mark,
      to: to.mark,
      scoreFrom: from.score,
      scoreTo: to.score,
    });
  }
  const { before, after } = moments;
  const counted = Object.entries(countsOf(kinds)).map(([kind, count]) => [WORDS[kind as DiffKind], count]);
  const called = calledIn(store, moments);
  return {
    a: before.label,
    b: after.label,
    called: { a: called.before, b: called.after },
    counts: Object.fromEntries(counted),
    cells,
  };
}

/** As `diff` says it. */
const WORDS: Readonly<Record<DiffKind, string>> = {
  same: 'same',
  'output-changed': 'another answer',
  'status-changed': 'another status',
  new: 'new',
  gone: 'gone',
};

const NO_WORDS = { excerpt: '', score: null, passed: null };

function kindOf({ before, after }: Pair): DiffKind {
  return diffKind({
    before: before && { ...before, ...NO_WORDS },
    after: after && { ...after, ...NO_WORDS },
  });
}

function sideOf(
  row: RecordRow | null,
  judge: ReturnType<typeof openJudge>,
): { readonly mark: Mark | null; readonly score: number | null } {
  if (row === null) return { mark: null, score: null };
  const { score, passed } = judge(row);
  if (row.status === 'failed') return { mark: 'error', score };
  return { mark: passed === null ? 'unjudged' : passed ? 'passed' : 'failed', score };
}
