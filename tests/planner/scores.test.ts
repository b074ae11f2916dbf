import { describe, expect, it } from 'vitest';
import { asDigest, asKey, type Digest } from '../../src/core/brand.ts';
import { canonicalJson, digestOf, sha256 } from '../../src/core/canonical.ts';
import type { KeyRecord } from '../../src/core/history.ts';
import { SCORE_KEY_VERSION, scoreKey } from '../../src/planner/score-key.ts';
import { type PlannedScorer, planScores, type ScoredCell } from '../../src/planner/scores.ts';

const digest = (text: string): Digest => asDigest(digestOf(text));

function scorer(name: string, more: Partial<PlannedScorer> = {}): PlannedScorer {
  return {
    name,
    votes: 1,
    scorer: digest(`scorer ${name}`),
    engine: digest('engine'),
    expectationOf: ({ scenario }) => digest(`expects ${scenario}`),
    ...more,
  };
}

function cells(outputs: readonly string[], scenario = 's'): readonly ScoredCell[] {
  return outputs.map((output, i) => ({
    ...{ variant: 'a', scenario, run: i + 1, category: null, record: i + 1, tested: null, ending: null },
    output: digest(output),
  }));
}

const NOTHING = { byKey: () => undefined };
const head = (status: 'completed' | 'failed'): KeyRecord => ({
  ...{ id: 1, status, latencyMs: null, inputTokens: null, outputTokens: null, costUsd: null },
});

describe('the key of a score', () => {
  it('is the SHA-256 of the canonical JSON of its parts', () => {
    const parts = { variant: digest('v'), scenario: digest('s'), engine: digest('e') };
    const output = digest('o');
    const { engine, scenario, variant } = parts;
    const preimage = canonicalJson({
      ...{ engine, k: 'score', ks: SCORE_KEY_VERSION, output, scenario, scorer: variant, vote: 2 },
    });
    expect(scoreKey({ parts, output, vote: 2 })).toBe(sha256(preimage));
  });

  it('is pinned: a silent change would have everything judged again', () => {
    const parts = { variant: digest('v'), scenario: digest('s'), engine: digest('e') };
    expect(scoreKey({ parts, output: digest('o'), vote: 1 })).toMatchInlineSnapshot(
      `"37a315ec5948046bae45ca43bf08e9bcf1698e78b686223d3966bbdd458a81fa"`,
    );
  });
});

describe('a plan of scores', () => {
  it('judges equal outputs once, whichever cells have them', () => {
    const plan = planScores({
      scorers: [scorer('x')],
      cells: cells(['yes', 'no', 'yes', 'yes']),
      history: NOTHING,
      force: false,
    });
    expect(plan.counts).toEqual({ judged: 4, tasks: 2, cached: 0, pending: 2, failed: 0 });
    expect(plan.pending.map(({ run, output }) => [run, output])).toEqual([
      [1, digest('yes')],
      [2, digest('no')],
    ]);
  });

  it('judges an equal output of another scenario again: something else is expected', () => {
    const plan = planScores({
      scorers: [scorer('x')],
      cells: [...cells(['yes']), ...cells(['yes'], 't')],
      history: NOTHING,
      force: false,
    });
    expect(plan.counts).toMatchObject({ judged: 2, tasks: 2 });
  });

  it('has a task for each vote, and a fourth vote leaves three as they are', () => {
    const keysOf = (votes: number): readonly string[] =>
      planScores({
        scorers: [scorer('x', { votes })],
        cells: cells(['yes']),
        history: NOTHING,
        force: false,
      }).tasks.map(({ key }) => key);
    expect(keysOf(4).slice(0, 3)).toEqual(keysOf(3));
    expect(new Set(keysOf(4)).size).toBe(4);
  });

  it('asks nothing of a scorer that does not apply', () => {
    const only = scorer('x', { expectationOf: ({ scenario }) => (scenario === 't' ? digest('t') : null) });
    const plan = planScores({
      scorers: [only],
      cells: [...cells(['yes', 'no']), ...cells(['maybe'], 't')],
      history: NOTHING,
      force: false,
    });
    expect(plan.tasks.map(({ scenario }) => scenario)).toEqual(['t']);
  });

  it.each([
    ['what is completed is cached', 'completed', false, 'cached'],
    ['what is completed is judged again by force', 'completed', true, 'forced'],
    ['what failed is tried again', 'failed', false, 'failed'],
  ] as const)('%s', (_, status, force, expected) => {
    const [cell] = cells(['yes']);
    const key = planScores({ scorers: [scorer('x')], cells: [cell!], history: NOTHING, force: false })
      .tasks[0]!.key;
    const history = { byKey: (asked: string) => (asked === key ? head(status) : undefined) };
    const { tasks } = planScores({ scorers: [scorer('x')], cells: [cell!], history, force });
    const { state } = tasks[0]!;
    expect(state.kind === 'pending' ? state.reason.kind : state.kind).toBe(expected);
  });

  it('a changed scorer asks for all of its scores again and for none of another', () => {
    const before = planScores({
      scorers: [scorer('x'), scorer('y')],
      cells: cells(['a', 'b']),
      history: NOTHING,
      force: false,
    });
    const kept = new Set<string>(before.tasks.map(({ key }) => key));
    const history = { byKey: (key: string) => (kept.has(asKey(key)) ? head('completed') : undefined) };
    const changed = scorer('x', { scorer: digest('another rubric') });
    const after = planScores({
      scorers: [changed, scorer('y')],
      cells: cells(['a', 'b']),
      history,
      force: false,
    });
    expect(after.pending.map(({ scorer: name }) => name)).toEqual(['x', 'x']);
    expect(after.counts.cached).toBe(2);
  });
});
