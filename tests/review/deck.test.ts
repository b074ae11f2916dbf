// What stands on cards: answers once, what they do in one vocabulary, and nothing that names an arm.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/canonical.ts';
import type { Json } from '../../src/core/json.ts';
import type { Masked, ReviewProtocol } from '../../src/core/review.ts';
import { type DeckInput, makeDeck } from '../../src/review/deck.ts';
import type { Draw, ReviewScenario } from '../../src/review/draw.ts';
import { effectOf } from '../../src/review/effects.ts';
import { wordMask } from '../../src/review/mask.ts';
import { readDeckCard } from '../../src/review/read-lines.ts';
import { often } from '../rig/often.ts';
import { PROTOCOL } from './new-review.ts';

const ALWAYS: readonly Masked[] = ['variant', 'run', 'tokens', 'latency'];

function draw(more: Partial<Draw> = {}): Draw {
  const { variant = 'plain', scenario = 'S1', run = 1, text = 'Done.', toolCalls = [] } = more;
  const key = sha256(JSON.stringify([variant, scenario, run]));
  const answer = sha256(JSON.stringify([text, toolCalls]));
  const own = { variant, scenario, run, text, toolCalls, key, answer };
  return { generation: 1, turns: [], servedModel: null, ...own, ...more };
}

function scenario(id: string, more: Partial<ReviewScenario> = {}): ReviewScenario {
  return {
    ...{ id, category: null, description: null, input: [{ role: 'user', content: `Please do ${id}` }] },
    ...{ tools: new Map(), intents: new Map() },
    ...more,
  };
}

function make(draws: readonly Draw[], more: Partial<DeckInput> & { readonly mask?: readonly Masked[] } = {}) {
  const ids = [...new Set(draws.map((one) => one.scenario))];
  const arms = [...new Set(draws.map((one) => one.variant))].map((variant) => ({
    variant,
    words: [variant],
  }));
  const protocol: ReviewProtocol = { ...PROTOCOL, mask: [...ALWAYS, ...(more.mask ?? [])] };
  return makeDeck({ draws, scenarios: ids.map((id) => scenario(id)), arms, protocol, seed: 1, ...more });
}

describe('cards', () => {
  it('are distinct answers of a scenario, whoever gave them and however often', () => {
    const draws = [
      draw({ text: 'A' }),
      draw({ text: 'A', run: 2 }),
      draw({ text: 'A', variant: 'fancy' }),
      draw({ text: 'B', variant: 'fancy', run: 2 }),
      draw({ text: 'A', scenario: 'S2' }),
    ];
    const { cards, sealed } = make(draws);
    expect(cards.map(({ scenario: of, answers }) => `${of} ${answers[0]!.text}`).sort()).toEqual([
      'S1 A',
      'S1 B',
      'S2 A',
    ]);
    const shared = cards.find(({ scenario: of, answers }) => of === 'S1' && answers[0]!.text === 'A')!;
    expect(sealed.cards[shared.card]![0]!.cells.map(({ variant, run }) => [variant, run])).toEqual([
      ['plain', 1],
      ['plain', 2],
      ['fancy', 1],
    ]);
  });

  it('call tools by letters that mean something else on the next card, also within what is said', () => {
    const calls = (name: string): Draw['toolCalls'] => [{ name, arguments: { title: 'x' } }];
    const draws = ['S1', 'S2'].map((of, at) => {
      const [name, other] = at === 0 ? ['make_event', 'make_note'] : ['make_note', 'make_event'];
      const text = `I used ${name}, not ${other}.`;
      return draw({ scenario: of, text, toolCalls: calls(name!) });
    });
    const { cards, sealed } = make(draws, { mask: ['tools'] });
    for (const { card, answers } of cards) {
      expect(answers[0]!.toolCalls[0]).toEqual({ name: 'tool A', arguments: { title: 'x' } });
      expect(answers[0]!.text).toBe('I used tool A, not tool B.');
      expect(Object.keys(sealed.tools[card]!)).toEqual(['tool A', 'tool B']);
    }
    expect(new Set(cards.map(({ card }) => sealed.tools[card]!['tool A'])).size).toBe(2);
  });

  it('hide a word that is one arm’s tool on the other arm’s cards as well', () => {
    const draws = [
      draw({ text: 'x', toolCalls: [{ name: 'make_event', arguments: {} }] }),
      draw({ variant: 'fancy', text: 'I have no make_event.' }),
    ];
    const { cards } = make(draws, { mask: ['tools'] });
    expect(JSON.stringify(cards)).not.toContain('make_event');
  });

  it('list what was offered only where that is the same for all arms, or where nothing of it is hidden', () => {
    const tool = (name: string) => ({ name, description: `Use ${name}.`, parameters: ['title'] });
    const of = (fancy: string) =>
      scenario('S1', {
        tools: new Map([
          ['plain', [tool('make')]],
          ['fancy', [tool(fancy)]],
        ]),
      });
    const draws = [draw({ text: 'x' }), draw({ variant: 'fancy', text: 'y' })];
    const offered = (fancy: string, mask: readonly Masked[]) => {
      const { cards } = make(draws, { mask, scenarios: [of(fancy)] });
      return cards.map(({ answers }) =>
        answers[0]!.tools.map(({ name, description }) => [name, description]),
      );
    };
    expect(offered('build', ['tools'])).toEqual([[], []]);
    expect(offered('make', ['tools'])[0]).toEqual([['tool A', 'Use tool A.']]);
    expect(offered('build', []).flat().sort()).toEqual([
      ['build', 'Use build.'],
      ['make', 'Use make.'],
    ]);
  });
});

it('whatever a model called a tool with can be read again, and is found at its place', () => {
  const deep = Array.from({ length: 95 }).reduce<Json>((inner) => ({ inner }), 'end');
  const odd = {
    huge: 1e20,
    tiny: 5e-324,
    deep,
    ['__proto__']: 'own',
    'half \ud83d': 'a \ud83d b',
    nothing: null,
  };
  for (const mask of [[], ['tools'], ['tools', 'arguments']] as const) {
    const { cards } = make(
      [draw({ text: 'odd \u0000 \ud83d', toolCalls: [{ name: 'x_y', arguments: odd }] })],
      { mask },
    );
    const read = readDeckCard(JSON.stringify(cards[0]));
    expect(read).toEqual({ kind: 'ok', value: cards[0] });
    const values = Object.values(cards[0]!.answers[0]!.toolCalls[0]!.arguments as object) as readonly Json[];
    expect(values.slice(0, 2)).toEqual([1e20, 5e-324]);
    expect(JSON.stringify(values)).toContain('end');
    expect(values).toContain('own');
  }
});

describe('calls as effects', () => {
  const EVENT = {
    plain: {
      name: 'schedule',
      arguments: { title: { contains: '{{title}}' }, start: { at: '{{at}}' }, repeats: { equals: false } },
    },
    fancy: {
      name: 'make_event',
      arguments: {
        title: { contains: '{{title}}' },
        date: { equals: '{{at.date}}' },
        start_time: { time: '{{at.time}}' },
      },
    },
  };
  const DAILY = {
    name: 'schedule',
    arguments: { title: {}, repeats: { equals: true }, every: { equals: '{{frequency}}' } },
  };
  const effect = (name: string, given: Json, arm: 'plain' | 'fancy', common: readonly string[] = []) =>
    effectOf(
      { name, arguments: given },
      {
        intents: [
          { intent: 'create-event', tool: EVENT[arm] },
          ...(arm === 'plain' ? [{ intent: 'create-recurring', tool: DAILY }] : []),
        ],
        common: new Set(common),
      },
    );

  it('say the same of the same thing, whatever an arm’s tools are like', () => {
    const plain = effect(
      'schedule',
      { title: 'Bank', start: '2026-02-17T11:00:00Z', repeats: false },
      'plain',
    );
    const fancy = effect('make_event', { title: 'Bank', date: '2026-02-17', start_time: '11:00' }, 'fancy');
    const same = {
      intent: 'create-event',
      fields: { title: 'Bank', 'at date': '2026-02-17', 'at time': '11:00' },
    };
    expect([plain, fancy]).toEqual([same, same]);
  });

  it('are told apart by what the mapping holds for certain, and keep every value', () => {
    const given = { title: 'Pills', repeats: true, every: 'daily', room: { floor: 2 } };
    expect(effect('schedule', given, 'plain')).toEqual({
      intent: 'create-recurring',
      fields: { frequency: 'daily', 'detail 1': [2] },
    });
    expect(
      effect('schedule', { ...given, frequency: 7, note: 'x' }, 'plain', ['room', 'frequency'])!.fields,
    ).toEqual({
      ...{ frequency: 'daily', 'frequency given': 7, room: [2], 'detail 1': 'x' },
    });
    expect(effect('delete_all', {}, 'plain')).toBeNull();
  });
});

describe('pairs', () => {
  const pair: ReviewProtocol = { ...PROTOCOL, mode: 'pair' };
  const draws = Array.from({ length: 24 }, (_, at) => at).flatMap((at) => [
    draw({ scenario: `S${at}`, text: `plain ${at}` }),
    draw({ scenario: `S${at}`, variant: 'other', text: at < 4 ? `plain ${at}` : `else ${at}` }),
  ]);

  it('are answers of two arms to one scenario and run, each arm on the left as often as on the right', () => {
    const { cards, sealed, same } = make(draws, { protocol: pair });
    expect([cards.length, same]).toEqual([20, 4]);
    const left = cards.filter(({ card }) => sealed.cards[card]![0]!.cells[0]!.variant === 'plain').length;
    expect(left).toBe(10);
    for (const { card, answers } of cards)
      expect(answers.map(({ answer }) => answer)).toEqual(sealed.cards[card]!.map(({ answer }) => answer));
  });
});

describe('a leak', () => {
  const many = (say: (at: number, arm: string) => string) =>
    make(
      Array.from({ length: 30 }, (_, at) => at).flatMap((at) =>
        ['plain', 'fancy'].map((variant) => draw({ variant, scenario: `S${at}`, text: say(at, variant) })),
      ),
    ).leak;

  it('is found where a word gives the arm away, and named', () => {
    const leak = many((at, arm) => (arm === 'plain' ? `As requested, item${at}` : `Sure! thing${at}`));
    expect(leak.auc).toBe(1);
    expect(leak.tells.map(({ token }) => token)).toContain('word requested');
    expect(JSON.stringify(leak), 'which arm it tells stands nowhere').not.toMatch(/plain|fancy/);
  });

  it('is none where only the scenario can be told', () => {
    const { auc } = many((at, arm) => `About ${at % 7} things, ${(at * 7 + arm.length) % 5} of them blue`);
    expect(auc).toBeGreaterThan(0.3);
    expect(auc).toBeLessThan(0.65);
  });

  it('is not asked for where there are too few answers', () => {
    expect(make([draw({ text: 'a' }), draw({ variant: 'fancy', text: 'b' })]).leak).toEqual({
      auc: null,
      tells: [],
    });
  });
});

describe('no deck', () => {
  const word = fc.stringMatching(/^[a-z]{4,9}$/);
  const name = fc.stringMatching(/^[a-z]{3,6}[_-][a-z]{3,6}\d$/);

  it('names an arm, a model, a run, a key, or a tool that is hidden, whatever is said', () => {
    const made = fc.record({
      variants: fc.uniqueArray(name, { minLength: 2, maxLength: 3 }),
      tools: fc.uniqueArray(
        name.map((one) => `t_${one}`),
        { minLength: 2, maxLength: 4 },
      ),
      model: name.map((one) => `gpt-${one}`),
      words: fc.array(word, { minLength: 1, maxLength: 6 }),
      hides: fc.constantFrom<readonly Masked[]>(['tools'], ['tools', 'arguments']),
      mode: fc.constantFrom<'single' | 'pair'>('single', 'pair'),
      glue: fc.constantFrom(' ', ', ', '\n', '"', '(', '`', ' / '),
    });
    fc.assert(
      fc.property(made, ({ variants, tools, model, words, hides, mode, glue }) => {
        const draws = variants.flatMap((variant, v) =>
          [1, 2, 3].map((run) => {
            const tool = tools[(v + run) % tools.length]!;
            const said = [...words, variant, tool.toUpperCase(), model, tool].join(glue);
            const call = { id: 'call_1', function: { name: tool, arguments: JSON.stringify({ to: said }) } };
            return draw({
              ...{ variant, run, text: `${said}${glue}`, servedModel: model },
              scenario: `S${run}`,
              toolCalls: [{ name: tool, arguments: { to: said, [tool]: [said] } }],
              turns: [
                { role: 'assistant', content: said, tool_calls: [call], reasoning: variant },
                { role: 'tool', content: [{ type: 'text', text: said }], tool_call_id: model },
              ],
            });
          }),
        );
        const arms = variants.map((variant) => ({ variant, words: [variant, model] }));
        const protocol: ReviewProtocol = { ...PROTOCOL, mode, mask: [...ALWAYS, ...hides] };
        const { cards } = make(draws, { arms, protocol });
        expect(cards.length).toBeGreaterThan(0);
        const text = JSON.stringify(cards).toLowerCase();
        for (const hidden of [...variants, ...tools, model, ...draws.map(({ key }) => key)])
          expect(text).not.toContain(hidden);
        for (const member of [
          '"run"',
          '"variant"',
          '"key"',
          'tokens',
          'latency',
          'duration',
          '"cost',
          'call_1',
        ])
          expect(text).not.toContain(member);
      }),
      often(150),
    );
  });

  it('takes an ordinary word for a tool where it only begins a sentence', () => {
    const { text } = wordMask({ hidden: ['ab', 'sim-1'], tools: ['list', 'find_all'], tool: () => 'tool A' });
    expect(text('List all: list, ab, FIND_ALL, relist, sim-1, sim-12')).toBe(
      'List all: tool A, ab, tool A, relist, [hidden], sim-12',
    );
  });
});
