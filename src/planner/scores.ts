// The graph's second layer: from outputs that are there and scorers to judgements that are missing. A pure function.
import type { Digest, Key } from '../core/brand.ts';
import type { History } from '../core/history.ts';
import type { Cell, PartDigests, Task } from '../core/task.ts';
import { pairDigest, scoreKey } from './score-key.ts';

/** A cell whose draw counts today. `record` is its number in the index of draws. */
export type ScoredCell = Cell & {
  readonly category: string | null;
  readonly record: number;
  readonly output: Digest;
  /** Digest of how its test ended; null = it was no test. */
  readonly tested: string | null;
  /** An odd end of it (core/record-ending.ts); null = an ordinary one. */
  readonly ending: string | null;
};

export type PlannedScorer = {
  readonly name: string;
  readonly votes: number;
  readonly scorer: Digest;
  readonly engine: Digest;
  /** Digest of what the scorer sees of a cell's scenario; null = it says nothing of it. */
  readonly expectationOf: (
    cell: Pick<ScoredCell, 'variant' | 'scenario' | 'tested' | 'ending'>,
  ) => Digest | null;
  /** Of who holds an answer against another one: that one. Both orders of the two are asked. */
  readonly otherOf?: (cell: Pick<ScoredCell, 'variant' | 'scenario' | 'run'>) => OtherAnswer;
};

/** `missing`: it is not there yet; null = nobody asks for it, so there is no pair. */
export type OtherAnswer = { readonly output: Digest; readonly record: number } | 'missing' | null;

/** Judges one output, whichever cells have it. `variant`, `scenario` and `run` name the first of them. */
export type ScoreTask = Task & {
  readonly scorer: string;
  readonly vote: number;
  /** Of a pair a digest of both, in their order. */
  readonly output: Digest;
  readonly record: number;
  readonly ending: string | null;
  /** Of a pair. */
  readonly other?: Other;
};

/** The answer that a judged one stands beside, and which of the two is shown first. */
export type Other = { readonly record: number; readonly own: 'first' | 'second' };

export type ScorePlan = {
  /** One a key, in the order of scorers, then of cells. */
  readonly tasks: readonly ScoreTask[];
  readonly pending: readonly ScoreTask[];
  readonly counts: {
    /** Scorer x cell x vote: more than there are tasks where outputs are equal. */
    readonly judged: number;
    readonly tasks: number;
    readonly cached: number;
    readonly pending: number;
    readonly failed: number;
  };
};

export type ScorePlanInput = {
  readonly scorers: readonly PlannedScorer[];
  readonly cells: readonly ScoredCell[];
  /** Of scores. */
  readonly history: Pick<History, 'byKey'>;
  /** Judge everything in scope again. */
  readonly force: boolean;
};

/** Linear in scorers x cells x votes; each key is computed once and looked up once. */
export function planScores(input: ScorePlanInput): ScorePlan {
  const tasks = new Map<Key, ScoreTask>();
  let judged = 0;
  for (const [cell, { scorer, vote, key, parts, output, other }] of judgements(input)) {
    judged++;
    if (tasks.has(key)) continue;
    const { variant, scenario, run, category, record, ending } = cell;
    const state = stateOf(input, key);
    tasks.set(key, {
      variant,
      scenario,
      run,
      category,
      key,
      parts,
      state,
      scorer: scorer.name,
      vote,
      output,
      record,
      ending,
      ...(other === undefined ? {} : { other }),
    });
  }
  const all = [...tasks.values()];
  const pending = all.filter(({ state }) => state.kind === 'pending');
  const failed = pending.filter(({ state }) => state.kind === 'pending' && state.reason.kind === 'failed');
  return {
    tasks: all,
    pending,
    counts: {
      judged,
      tasks: all.length,
      pending: pending.length,
      cached: all.length - pending.length,
      failed: failed.length,
    },
  };
}

export type Judgement = {
  readonly scorer: PlannedScorer;
  readonly vote: number;
  readonly key: Key;
  readonly parts: PartDigests;
  readonly output: Digest;
  readonly other?: Other;
};

/** Every judgement of every cell, equal ones included. */
export function* judgements(
  input: Pick<ScorePlanInput, 'scorers' | 'cells'>,
): Generator<readonly [ScoredCell, Judgement]> {
  for (const scorer of input.scorers) {
    for (const cell of input.cells) {
      for (const judgement of judgementsOf(scorer, cell)) yield [cell, judgement];
    }
  }
}

/** Those of one scorer on one output: one a vote, none where it does not apply. */
export function judgementsOf(
  scorer: PlannedScorer,
  cell: Pick<ScoredCell, 'variant' | 'scenario' | 'run' | 'output' | 'tested' | 'ending'>,
): readonly Judgement[] {
  const expectation = scorer.expectationOf(cell);
  if (expectation === null) return [];
  const parts = { variant: scorer.scorer, scenario: expectation, engine: scorer.engine };
  const { output } = cell;
  if (scorer.otherOf) return pairJudgements(scorer, { parts, output, other: scorer.otherOf(cell) });
  const judgement = (vote: number): Judgement => ({
    scorer,
    vote,
    parts,
    output,
    key: scoreKey({ parts, output, vote }),
  });
  // Nearly all scorers have one vote, and nearly all of the time goes into this.
  if (scorer.votes === 1) return [judgement(1)];
  return Array.from({ length: scorer.votes }, (_, i) => judgement(i + 1));
}

/** Odd votes show the judged answer first, even ones second. Of equal answers nobody is asked which is better. */
function pairJudgements(
  scorer: PlannedScorer,
  { parts, output, other }: Pick<Judgement, 'parts' | 'output'> & { readonly other: OtherAnswer },
): readonly Judgement[] {
  if (other === null || other === 'missing' || other.output === output) return [];
  const orders = [
    { own: 'first', output: pairDigest(output, other.output) },
    { own: 'second', output: pairDigest(other.output, output) },
  ] as const;
  return Array.from({ length: scorer.votes }, (_, i): Judgement => {
    const { own, output: both } = orders[i % 2 === 0 ? 0 : 1];
    const vote = i + 1;
    const key = scoreKey({ parts, output: both, vote });
    return { scorer, vote, parts, key, output: both, other: { record: other.record, own } };
  });
}

function stateOf({ history, force }: ScorePlanInput, key: Key): Task['state'] {
  const head = history.byKey(key);
  if (head?.status === 'completed') {
    return force ? { kind: 'pending', reason: { kind: 'forced' } } : { kind: 'cached', head };
  }
  return { kind: 'pending', reason: { kind: head ? 'failed' : 'new' } };
}
