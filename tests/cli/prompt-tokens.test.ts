import { describe, expect, it } from 'vitest';
import type { Manifest, Scenario, Variant } from '../../src/core/manifest.ts';
import { makeRedact } from '../../src/core/redact.ts';
import type { Experiment } from '../../src/project/open/experiment.ts';
import { fileStores } from '../../src/project/open/stores.ts';
import { countPrompts } from '../../src/project/plan/prompt-tokens.ts';
import { countTokens } from '../../src/project/plan/tokenizer.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { task } from '../report/data.ts';
import { manifest, PROVIDER, SCENARIO, VARIANT } from '../rig/manifests.ts';

const PLAIN: Variant = { ...VARIANT, system: null, tools: [], template: '{{input}}' };

const nowhere = () => ({ file: '', line: 1, column: 1, length: 1, sourceLine: null });

function experimentOf(of: Manifest): Experiment {
  const parts = fingerprint(of);
  return {
    manifest: of,
    parts,
    warnings: [],
    places: { variant: nowhere, scorer: nowhere, provider: () => null },
    redact: makeRedact([]),
    root: '/nowhere',
    stores: fileStores({ root: '/nowhere', redact: makeRedact([]) }),
    variants: new Map(of.variants.map((variant, i) => [variant.name, { variant, parts: parts[i]! }])),
    scenarioIndex: new Map(of.scenarios.map(({ id }, i) => [id, i])),
  };
}

async function tokensOf(variant: Variant, scenarios: readonly Scenario[], type: 'openai' | 'sim' = 'openai') {
  const experiment = experimentOf(
    manifest({
      more: { variants: [variant], scenarios, providers: { mine: { ...PROVIDER, type } } },
    }),
  );
  const tasks = scenarios.map(({ id }) =>
    task(variant.name, id, { kind: 'pending', reason: { kind: 'new' } }),
  );
  const counted = await countPrompts(experiment, tasks);
  return { tokens: tasks.map((one) => counted.countedOf(one).tokens), isSampled: counted.isSampled };
}

const scenario = (id: string, input: Scenario['input']): Scenario => ({ ...SCENARIO, id, input });

describe('a prompt that was never sent', () => {
  it('is its text, three tokens a message and three for the answer to begin', async () => {
    const input = 'Dentist tomorrow at 3pm.';
    const text = countTokens(input);
    expect((await tokensOf(PLAIN, [scenario('a', input)])).tokens).toEqual([text + 6]);
    const system = 'You are a scheduling assistant.';
    const both = await tokensOf({ ...PLAIN, system }, [scenario('a', input)]);
    expect(both.tokens).toEqual([text + countTokens(system) + 9]);
  });

  it('is as long as its template makes it, in a conversation as well', async () => {
    const template = 'Today is Sunday. {{input}}';
    const messages = [
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hello to you' },
      { role: 'user', content: [{ type: 'text', text: 'Dentist' }] },
    ] as const;
    const { tokens } = await tokensOf({ ...PLAIN, template }, [scenario('a', messages)]);
    expect(tokens).toEqual([countTokens('HelloHello to youToday is Sunday. Dentist') + 12]);
  });

  it('grows with its tools', async () => {
    const [bare] = (await tokensOf(PLAIN, [SCENARIO])).tokens;
    const [tools] = (await tokensOf({ ...PLAIN, tools: VARIANT.tools }, [SCENARIO])).tokens;
    expect(tools! - bare!).toBeGreaterThan(20);
  });

  it('with a picture in it is unknown, whatever its text', async () => {
    const picture = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }];
    const messages = [
      { role: 'user', content: [{ type: 'text', text: 'What is this?' }, ...picture] },
    ] as const;
    expect((await tokensOf(PLAIN, [scenario('a', messages), SCENARIO])).tokens).toEqual([
      null,
      expect.any(Number),
    ]);
  });

  it('for a simulation is a quarter of its characters and four tokens a message', async () => {
    const input = 'x'.repeat(398);
    expect((await tokensOf({ ...PLAIN, system: 'yyy' }, [scenario('a', input)], 'sim')).tokens).toEqual([
      109,
    ]);
  });

  it('among ten thousand long ones is taken from a sample, and comes near', async () => {
    const input = 'Book the gym for me, and tell Anna about it. '.repeat(20);
    const many = Array.from({ length: 10_000 }, (_, i) => scenario(`s${i}`, `${i} ${input}`));
    const { tokens, isSampled } = await tokensOf(PLAIN, many);
    expect(isSampled).toBe(true);
    expect(Math.abs(tokens[9_999]! / (countTokens(`9999 ${input}`) + 6) - 1)).toBeLessThan(0.03);
  });
});
