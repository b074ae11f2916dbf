// The settings of the simulation as a manifest writes them, and what it is told to answer.
import { describe, expect, it } from 'vitest';
import type { PlayedRun } from '../../src/core/played.ts';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';
import { load } from './folder.ts';

const written = (sim: string) => ({
  'experiment.yaml': [
    'version: 1',
    'name: made',
    'provider: sim',
    'scenarios: [s.yaml]',
    'variants: { a: {} }',
    `providers: { sim: { type: sim, sim: { ${sim} } } }`,
    '',
  ].join('\n'),
  's.yaml': '- { id: a, input: x }\n',
});

async function settingsOf(sim: string) {
  const { manifest, printed } = await load(written(sim));
  if (!manifest) throw new Error(printed);
  return manifest.providers.sim!.sim;
}

it('leaves everything off that is not asked for', async () => {
  expect(await settingsOf('')).toEqual(DEFAULT_SIM_SETTINGS);
});

it('reads limits, faults and lengths', async () => {
  const sim = [
    'tokens_per_minute: 90000, max_in_flight: 4, limit_headers: false, retry_after: false',
    'drip_rate: 0.1, drip_ms: 20, invalid_utf8_rate: 0.2, huge_rate: 0.3, huge_bytes: 1000, answer_bytes: 2000',
  ].join(', ');
  expect(await settingsOf(sim)).toEqual({
    ...DEFAULT_SIM_SETTINGS,
    ...{ tokensPerMinute: 90_000, maxInFlight: 4, limitHeaders: false, retryAfter: false },
    ...{ dripRate: 0.1, dripMs: 20, invalidUtf8Rate: 0.2, hugeRate: 0.3, hugeBytes: 1_000 },
    answerBytes: 2_000,
  });
});

it('reads how a limit is counted, what a refusal says, and what it becomes', async () => {
  const window = 'rate_per_s: 2, window: { kind: sliding, seconds: 60 }, retry_after: seconds';
  expect(await settingsOf(`${window}, drift: { after: 9, rate_per_s: 0.5, burst: 3 }`)).toEqual({
    ...DEFAULT_SIM_SETTINGS,
    ratePerSecond: 2,
    window: { kind: 'sliding', seconds: 60 },
    retryAfter: 'seconds',
    drift: { after: 9, latencyMs: null, servedModel: null, ratePerSecond: 0.5, burst: 3 },
  });
  expect(await settingsOf('retry_after: 60')).toMatchObject({ retryAfter: 60 });
  expect(await settingsOf('retry_after: true')).toEqual(DEFAULT_SIM_SETTINGS);
});

it('reads what begins in the middle, with what is left out', async () => {
  expect(
    await settingsOf('drift: { after: 100, latency_ms: 900 }, outage: { after: 5, for_ms: 2000 }'),
  ).toEqual({
    ...DEFAULT_SIM_SETTINGS,
    drift: { after: 100, latencyMs: 900, servedModel: null },
    outage: { after: 5, forMs: 2_000, status: 503 },
  });
  expect(
    await settingsOf('drift: { after: 0, served_model: m2 }, outage: { after: 0, for_ms: 1, status: 529 }'),
  ).toMatchObject({ drift: { latencyMs: null, servedModel: 'm2' }, outage: { status: 529 } });
});

it.each([
  'retry_after: soon',
  'retry_after: 1.5',
  'window: { kind: fixed }',
  'window: { kind: rolling, seconds: 1 }',
  'drift: { after: 1, rate_per_s: 0 }',
  'drift: {}',
  'outage: { after: 1 }',
  'outage: { after: 1, for_ms: 1, status: 200 }',
  'max_in_flight: 0',
])('refuses %s', async (sim) => {
  const { manifest, diagnostics } = await load(written(sim));
  expect(manifest).toBeNull();
  expect(diagnostics.length).toBeGreaterThan(0);
});

describe('answers', () => {
  const SCENARIOS = '- { id: "a:1", input: x }\n- { id: two, input: y }\n- { id: __proto__, input: z }\n';
  const experiment = (answers: string, files: { readonly [name: string]: string } = {}) => ({
    'experiment.yaml': `version: 1\nname: made\nprovider: sim\nscenarios: [s.yaml]\nvariants: { terse: {}, long: { salt: l } }\n${answers}\n`,
    's.yaml': SCENARIOS,
    ...files,
  });
  const say = (text: string | null) => ({ kind: 'say', text, calls: [] });

  it('are texts, numbers, lists by run, calls, turns and errors, of all variants or by name', async () => {
    const { manifest, printed } = await load(
      experiment(`sim:
  answers:
    two: [42, true, { text: x }]
    __proto__: { error: 503 }
    "a:*":
      variants:
        "*": { turns: [{ tool_calls: [{ name: f, arguments: { b: 1 } }, { name: g }] }, { error: { status: 400, message: no } }] }
        terse: short`),
    );
    expect(printed.trim()).toBe('');
    expect(manifest!.providers.sim!.played).toEqual({
      scripts: [
        [[say('42')], [say('true')], [say('x')]],
        [[{ kind: 'error', status: 503, message: null }]],
        [[say('short')]],
        [
          [
            {
              ...{ kind: 'say', text: null },
              calls: [
                { name: 'f', arguments: { b: 1 } },
                { name: 'g', arguments: {} },
              ],
            },
            { kind: 'error', status: 400, message: 'no' },
          ],
        ],
      ],
      rules: [
        { scenario: 'two', variant: null, script: 0 },
        { scenario: '__proto__', variant: null, script: 1 },
        { scenario: 'a:*', variant: 'terse', script: 2 },
        { scenario: 'a:*', variant: '*', script: 3 },
      ],
    });
  });

  it('that are likely have a weight each, 1 where none is written, of all variants or by name', async () => {
    const { manifest, printed } = await load(
      experiment(`sim:
  answers:
    two: { likely: [yes or no, { weight: 2.5, text: maybe }] }
    "a:1": { variants: { terse: { likely: [{ weight: 3, turns: [{ tool_calls: [{ name: f }] }, x] }, { error: 429 }] } } }`),
    );
    expect(printed.trim()).toBe('');
    expect(manifest!.providers.sim!.played!.scripts).toEqual([
      {
        likely: [
          { weight: 1, run: [say('yes or no')] },
          { weight: 2.5, run: [say('maybe')] },
        ],
      },
      {
        likely: [
          { weight: 3, run: [{ kind: 'say', text: null, calls: [{ name: 'f', arguments: {} }] }, say('x')] },
          { weight: 1, run: [{ kind: 'error', status: 429, message: null }] },
        ],
      },
    ]);
  });

  it('stand in a file as well, which is one of the sources; those of an account go before the common ones', async () => {
    const { manifest, folder } = await load(
      experiment(
        'sim: { answers: common.yaml }\nproviders: { own: { type: sim, sim: { answers: { two: mine } } } }',
        { 'common.yaml': 'two: ours\n' },
      ),
    );
    const said = (name: string) => (manifest!.providers[name]!.played!.scripts[0] as readonly PlayedRun[])[0];
    expect([said('own'), said('sim')]).toEqual([[say('mine')], [say('ours')]]);
    expect(manifest!.sources).toContain(`${folder}/common.yaml`);
  });

  it('for nobody are told of and harm nobody', async () => {
    const { manifest, printed } = await load(
      experiment('sim: { answers: { tow: x, "b:*": y, two: { variants: { trese: z } } } }'),
    );
    expect(manifest).not.toBeNull();
    for (const words of [
      'warning: there is no scenario "tow": this answer is never played',
      'did you mean "two"?',
      'warning: "b:*" matches no scenario',
      'warning: there is no variant "trese"',
    ])
      expect(printed).toContain(words);
  });

  it('are not read where no simulation plays them', async () => {
    const { manifest, printed } = await load({
      ...experiment('sim: { answers: gone.yaml }'),
      'experiment.yaml':
        'version: 1\nname: made\nprovider: openai\nmodel: m\nscenarios: [s.yaml]\nvariants: { a: {} }\nsim: { answers: gone.yaml }\n',
    });
    expect([manifest?.providers.openai?.played, printed.trim()]).toEqual([undefined, '']);
  });

  it.each([
    ['sim: { answers: gone.yaml }', 'gone.yaml does not exist'],
    ['sim: { answers: { two: { text: x, error: 500 } } }', '"error" stands alone'],
    ['sim: { answers: { two: [{ turns: [{ error: 400, text: x }] }] } }', '"error" stands alone'],
    ['sim: { answers: { two: { likely: [x], text: y } } }', '"likely" stands alone'],
    ['sim: { answers: { two: { likely: [{ turns: [x], text: y }] } } }', '"turns" stands alone'],
    ['sim: { answers: { two: { likely: [{ weight: 0, text: y }] } } }', 'greater than 0'],
    ['sim: { answers: { two: { likely: [{ weight: 2 }] } } }', 'a weight, and no answer that has it'],
    ['sim: { answers: { two: { weight: 2, text: y } } }', 'unknown key "weight"'],
    ['sim: { answers: { two: { txt: x } } }', 'did you mean "text"?'],
    ['sim: { answers: { two: { error: 200 } } }', '400'],
    ['sim: { answers: [x] }', 'error'],
    ['sim: { answer: {} }', 'did you mean "answers"?'],
    ['sim: { answers: bad.yaml }', 'bad.yaml:1:8 error'],
  ])('refuses %s', async (written, words) => {
    const { manifest, printed } = await load(experiment(written, { 'bad.yaml': 'two: { txt: x }\n' }));
    expect(manifest).toBeNull();
    expect(printed).toContain(words);
  });
});
