import { describe, expect, it } from 'vitest';
import type { Digest } from '../../src/core/brand.ts';
import { canonicalJson, digestOf, sha256 } from '../../src/core/canonical.ts';
import { EMPTY_HISTORY, type History } from '../../src/core/history.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { cellId, NO_FILTER, type Plan } from '../../src/core/task.ts';
import { toDot, toMermaid } from '../../src/planner/graph.ts';
import { KEY_VERSION, makeSampleKeys, sampleKey } from '../../src/planner/key.ts';
import { type PlanInput, plan } from '../../src/planner/plan.ts';

const contents = new Map<Digest, JsonObject>();

function content(value: JsonObject): { readonly digest: Digest } {
  const digest = digestOf(value);
  contents.set(digest, value);
  return { digest };
}

const ENGINE = content({ type: 'sim', api: 'chat' });
const SCENARIOS = ['sanity:one', 'ambiguous:two', 'ambiguous:three'].map((id, i) => ({
  id,
  category: id.split(':')[0]!,
  tags: i === 0 ? ['short'] : [],
}));

function input(
  more: Partial<PlanInput> & { readonly edit?: string; readonly tools?: string } = {},
): PlanInput {
  const variant = (name: string, tools: string) => ({
    name,
    runs: 3,
    variant: content({ model: 'm', tools: [{ name: 'schedule', description: tools }] }),
    engine: ENGINE,
    scenarios: SCENARIOS.map(({ id }, i) => content({ input: i === 0 ? `${id}${more.edit ?? ''}` : id })),
  });
  return {
    experiment: 'made',
    variants: [variant('baseline', more.tools ?? 'flags'), variant('applike', 'apps')],
    scenarios: SCENARIOS,
    filter: NO_FILTER,
    force: false,
    seed: 7,
    history: EMPTY_HISTORY,
    content: (digest) => contents.get(digest),
    ...more,
  };
}

/** A history in which every task of a plan is completed, or failed where `failed` says so. */
function historyOf(before: Plan, failed: (scenario: string) => boolean = () => false): History {
  const keys = new Map(
    before.tasks.map((task, id) => [
      task.key,
      {
        id,
        status: failed(task.scenario) ? ('failed' as const) : ('completed' as const),
        latencyMs: 1,
        inputTokens: 100,
        outputTokens: 50,
        costUsd: 0.1,
      },
    ]),
  );
  const cells = new Map(
    before.tasks.map((task, id) => [
      cellId(task),
      {
        id,
        key: task.key,
        status: 'completed' as const,
        parts: task.parts,
        inputTokens: 100,
        outputTokens: 50,
        unadopted: null,
      },
    ]),
  );
  return { ...EMPTY_HISTORY, byKey: (key) => keys.get(key), byCell: (cell) => cells.get(cellId(cell)) };
}

describe('the planner', () => {
  it('asks for every cell of a new experiment, once', () => {
    const fresh = plan(input());
    expect(fresh.counts).toEqual({ tasks: 18, pending: 18, cached: 0, shared: 0, stale: 0, failed: 0 });
    expect(new Set(fresh.pending.map(cellId)).size).toBe(18);
    expect(fresh.pending.every(({ state }) => state.kind === 'pending' && state.reason.kind === 'new')).toBe(
      true,
    );
  });

  it('asks for nothing when everything is there', () => {
    expect(plan(input({ history: historyOf(plan(input())) })).counts).toMatchObject({
      pending: 0,
      cached: 18,
    });
  });

  it('asks for exactly the six cells of an edited scenario and says what changed', () => {
    const again = plan(input({ edit: '!', history: historyOf(plan(input())) }));
    expect(again.counts).toMatchObject({ pending: 6, stale: 6, cached: 12 });
    expect(again.pending[0]!.state).toEqual({
      kind: 'pending',
      reason: {
        kind: 'stale',
        changed: [{ part: 'scenario.input', from: 'sanity:one', to: 'sanity:one!' }],
      },
    });
  });

  it('asks for exactly the cells of a variant whose tool description was edited', () => {
    const again = plan(input({ tools: 'more flags', history: historyOf(plan(input())) }));
    expect(again.counts).toMatchObject({ pending: 9, stale: 9 });
    expect(new Set(again.pending.map(({ variant }) => variant))).toEqual(new Set(['baseline']));
    expect(again.pending[0]!.state).toMatchObject({
      reason: { changed: [{ part: 'variant.tools[0].description', from: 'flags', to: 'more flags' }] },
    });
  });

  it('adds only the new draws when runs grow', () => {
    const before = plan(input());
    const more = input({ history: historyOf(before) });
    const grown = plan({ ...more, variants: more.variants.map((variant) => ({ ...variant, runs: 5 })) });
    expect(grown.counts).toMatchObject({ tasks: 30, cached: 18, pending: 12 });
    expect(new Set(grown.pending.map(({ run }) => run))).toEqual(new Set([4, 5]));
  });

  it('keeps what is there when a variant is renamed', () => {
    const before = plan(input());
    const renamed = input({ history: historyOf(before) });
    const variants = renamed.variants.map((variant) => ({ ...variant, name: `new-${variant.name}` }));
    expect(plan({ ...renamed, variants }).counts).toMatchObject({ pending: 0, cached: 18 });
  });

  it('runs failed cells again, and only these with --failed', () => {
    const history = historyOf(plan(input()), (scenario) => scenario === 'ambiguous:two');
    expect(plan(input({ history })).counts).toMatchObject({ tasks: 18, pending: 6, failed: 6 });
    const only = plan(input({ history, filter: { ...NO_FILTER, failed: true } }));
    expect(only.counts).toMatchObject({ tasks: 6, pending: 6, failed: 6 });
  });

  it('draws again just what the filters name when forced', () => {
    const history = historyOf(plan(input()));
    const filter = { ...NO_FILTER, scenario: ['ambiguous:*'], variant: ['app*'], runs: [1, 3] };
    const forced = plan(input({ history, force: true, filter }));
    expect(forced.counts).toMatchObject({ tasks: 4, pending: 4, cached: 0 });
    expect(
      forced.pending.every(({ state }) => state.kind === 'pending' && state.reason.kind === 'forced'),
    ).toBe(true);
  });

  it.each([
    [{ category: ['sanity'] }, 6],
    [{ tag: ['short'] }, 6],
    [{ tag: ['nobody'] }, 0],
    [{ scenario: ['sanity:*', '*:two'] }, 12],
    [{ variant: ['baseline'], category: ['ambiguous'] }, 6],
  ])('filters by %j', (filter, tasks) => {
    expect(plan(input({ filter: { ...NO_FILTER, ...filter } })).tasks).toHaveLength(tasks);
  });

  it('lets variants of equal content share draws and says so', () => {
    const base = input();
    const twin = { ...base.variants[0]!, name: 'twin' };
    const shared = plan({ ...base, variants: [base.variants[0]!, twin] });
    expect(shared.twins).toEqual([['baseline', 'twin']]);
    expect(shared.counts).toMatchObject({ tasks: 18, pending: 9, shared: 9 });
  });

  it('starts the variants side by side, in an order that the seed decides', () => {
    const order = plan(input()).pending;
    for (let i = 0; i < order.length; i += 2) {
      const [a, b] = [order[i]!, order[i + 1]!];
      expect([a.scenario, a.run]).toEqual([b.scenario, b.run]);
      expect(a.variant).not.toBe(b.variant);
    }
    const names = (seed: number) => plan(input({ seed })).pending.map(cellId);
    expect(names(7)).toEqual(order.map(cellId));
    expect(names(8)).not.toEqual(names(7));
    expect([...names(8)].sort()).toEqual([...names(7)].sort());
  });

  it('draws graphs in which no name can become markup', () => {
    const hostile = input();
    const variants = [{ ...hostile.variants[0]!, name: 'a"]; click x "javascript:alert(1)' }];
    const graph = plan({ ...hostile, variants });
    expect(toMermaid(graph)).not.toMatch(/a"\]/);
    expect(toDot(graph)).toContain('label="variant a\\"]; click x \\"javascript:alert(1)"');
    expect(
      toMermaid(plan(input()))
        .split('\n')
        .filter((line) => line.includes('-->')),
    ).toHaveLength(36);
  });
});

describe('the key', () => {
  const parts = {
    variant: digestOf({ model: 'm' }),
    scenario: digestOf({ input: 'i' }),
    engine: digestOf({ type: 'sim', api: 'chat' }),
  };

  it('is the SHA-256 of the canonical JSON of its preimage', () => {
    const preimage = { k: 'sample', ks: KEY_VERSION, run: 2, ...parts };
    expect(sampleKey(parts, 2)).toBe(sha256(canonicalJson(preimage)));
  });

  it('is the same where many are made one after the other, in any order', () => {
    const digests = ['a', 'b', 'c'].map((text) => digestOf(text));
    const keyOf = makeSampleKeys();
    for (const variant of digests)
      for (const run of [1, 2, 10, 1])
        for (const scenario of digests)
          for (const engine of [parts.engine, variant]) {
            const of = { variant, scenario, engine };
            expect(keyOf(of, run)).toBe(sampleKey(of, run));
          }
  });

  it('moves with the run and with each part', () => {
    const other = digestOf({ other: true });
    const keys = [
      sampleKey(parts, 1),
      sampleKey(parts, 2),
      sampleKey({ ...parts, variant: other }, 1),
      sampleKey({ ...parts, scenario: other }, 1),
      sampleKey({ ...parts, engine: other }, 1),
      sampleKey({ ...parts, variant: parts.scenario, scenario: parts.variant }, 1),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
