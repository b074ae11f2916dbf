// Scorers by embeddings as a manifest writes them, and what of a scenario they are held against.
import { describe, expect, it } from 'vitest';
import type { EmbeddingScorer } from '../../src/core/scoring.ts';
import { referenceFor } from '../../src/scoring/expectations/expectation.ts';
import { load } from './folder.ts';

async function opened(scorer: string, scenario = 'expect: Paris', more = '') {
  return load({
    'experiment.yaml': [
      ...['version: 1', 'name: made', 'provider: openai', 'model: gpt-4o', 'scenarios: [s.yaml]'],
      ...['variants: { a: {} }', `scorers:\n  - ${scorer}`, more, ''],
    ].join('\n'),
    's.yaml': `- { id: a, input: x, ${scenario} }\n`,
  });
}

it('is read with what is left out', async () => {
  const { manifest, printed } = await opened('embedding: { model: text-embedding-3-small }');
  expect(printed.trim()).toBe('');
  expect(manifest!.scorers).toEqual([
    {
      ...{ kind: 'embedding', name: 'embedding', slug: 'embedding', passAt: 0.8 },
      ...{
        provider: 'openai',
        model: 'text-embedding-3-small',
        dimensions: null,
        params: {},
        reference: null,
      },
      scope: { scenario: [], category: [], tag: [] },
    },
  ]);
});

describe('the reference', () => {
  it.each([
    ['its own words go first', 'expect: { embedding: one, exact: two }', 'reference: three', 'one'],
    ['by the scorer’s name', 'expect: { near: one, exact: two }', 'reference: three', 'one'],
    ['then the scorer’s', 'expect: { exact: two }', 'reference: three', 'three'],
    ['then the whole answer', 'expect: { exact: { text: two } }', 'dimensions: 8', 'two'],
    ['which may stand alone', 'expect: two', 'dimensions: 8', 'two'],
    ['never a piece of one', 'expect: { contains: two }', 'dimensions: 8', null],
    ['nor nothing', 'expect: " "', 'dimensions: 8', null],
  ])('%s', async (_, scenario, setting, wanted) => {
    const { manifest } = await opened(
      `{ embedding: { model: m, ${setting} }, name: near }`,
      scenario,
      '  - expect',
    );
    const scorer = manifest!.scorers.find(({ kind }) => kind === 'embedding') as EmbeddingScorer;
    expect(referenceFor(scorer, manifest!.scenarios[0]!)).toBe(wanted);
  });
});

it('is told of its mistakes', async () => {
  const prints = async (...written: Parameters<typeof opened>) => (await opened(...written)).printed;
  expect(await prints('embedding')).toContain('the embedding has no model');
  expect(await prints('embedding: { provider: opnai, model: m }')).toContain('there is no provider "opnai"');
  expect(await prints('embedding: { provider: none, model: m }')).toContain('an embedding is made by one');
  expect(await prints('embedding: { model: m, params: { input: x } }')).toContain('is written by expgraph');
  expect(await prints('embedding: { model: m, dimension: 3 }')).toContain('did you mean "dimensions"?');
  expect(await prints('embedding: { model: m }', 'expect: { embedding: 3 }')).toContain(
    'the text that a good answer is near to',
  );
  expect(await prints('embedding: { model: m }', 'expect: { contains: x }')).toContain(
    '"reference:" in the scorer',
  );
});

it('needs a price where there is a budget', async () => {
  const budget = 'execution: { budget_usd: 1 }';
  const own = 'providers: { openai: { type: openai, pricing: { gpt-4o: { input: 1, output: 1 } } } }';
  const { printed } = await opened('embedding: { model: nobody-knows }', 'expect: x', `${budget}\n${own}`);
  expect(printed).toContain('that of the model "nobody-knows" at "openai" is not known');
  const known = await opened(
    'embedding: { model: text-embedding-3-small }',
    'expect: x',
    `${budget}\n${own}`,
  );
  expect(known.manifest).not.toBeNull();
});
