import { describe, expect, test } from 'vitest';
import { answer } from '../../src/sim/player/answer.ts';
import type { Prompt } from '../../src/sim/wire/prompt.ts';
import { offering, PAIRS, promptOf, saidBy } from './sample.ts';

const RUNS = [1, 2, 3, 4, 5] as const;

/** What is said by the answers file of the sample, and what is said where none speaks. */
const PLAYERS = {
  'likely answers': saidBy,
  'answers by the rules': (pair: (typeof PAIRS)[number], changes: Partial<Prompt> = {}, run = 1) =>
    answer(promptOf(pair, changes), run),
};

describe.each(Object.entries(PLAYERS))('chance, in %s', (_name, play) => {
  test('at temperature 0 no run and no seed changes an answer', () => {
    for (const pair of PAIRS) {
      const first = play(pair, { temperature: 0 });
      for (const run of RUNS) expect(play(pair, { temperature: 0, seed: run * 7 }, run)).toEqual(first);
    }
  });

  test('at any temperature the same run gives the same answer', () => {
    for (const pair of PAIRS) {
      for (const temperature of [0.2, 1, null])
        expect(play(pair, { temperature }, 2)).toEqual(play(pair, { temperature }, 2));
    }
  });

  test('at 0.2 three runs differ in some cells of the sample and agree in most', () => {
    const share = differingShare({ temperature: 0.2 });
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.6);
  });

  test('at 1 they differ more, and a temperature that is not sent counts as 1', () => {
    expect(differingShare({ temperature: 1 })).toBeGreaterThan(differingShare({ temperature: 0.2 }));
    expect(differingShare({ temperature: null })).toBe(differingShare({ temperature: 1 }));
  });

  test('the seed of the request draws anew, like the run', () => {
    const answers = (seed: number) => PAIRS.map((pair) => play(pair, { temperature: 1, seed }));
    expect(answers(1)).not.toEqual(answers(2));
  });

  test('a larger model strays less', () => {
    const small = differingShare({ temperature: 0.5 });
    expect(differingShare({ temperature: 0.5, model: 'sim-large' })).toBeLessThan(small);
  });

  function differingShare(changes: Partial<Prompt>): number {
    const differing = PAIRS.filter((pair) => {
      const replies = [1, 2, 3].map((run) => play(pair, changes, run));
      return new Set(replies.map((reply) => JSON.stringify(reply))).size > 1;
    });
    return differing.length / PAIRS.length;
  }
});

describe('the choice of a tool where no answers file speaks', () => {
  const pair = PAIRS.find(({ scenario }) => scenario.id === 'sanity:dentist-tomorrow')!;
  const asked = (changes: Partial<Prompt>) => answer(promptOf(pair, { temperature: 0, ...changes }), 1);
  const tool = (name: string, description = '', parameters: object = {}) => ({
    name,
    description,
    parameters,
  });

  test('without tools it says in words that it is a simulation', () => {
    expect(asked(offering([]))).toEqual({ text: expect.stringMatching(/simulat/), calls: [] });
  });

  test('tool_choice none forbids, required and a name force', () => {
    expect(asked({ toolChoice: { kind: 'none' } }).calls).toEqual([]);
    expect(asked({ toolChoice: { kind: 'required' } }).calls).toHaveLength(1);
    expect(asked({ toolChoice: { kind: 'named', name: 'nowhere' } }).calls).toEqual([]);
    expect(asked({ toolChoice: { kind: 'named', name: 'update_task' } })).toMatchObject({
      calls: [{ name: 'update_task' }],
    });
  });

  test('the tool that shares most words with the message is called, its name before its description', () => {
    const turns = [{ role: 'user' as const, text: 'What is the weather in Paris, in fahrenheit?' }];
    const tools = [
      tool('book_flight', 'Books a flight to Paris whatever the weather is.'),
      tool('getWeather', 'Of a city.', {
        type: 'object',
        properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] }, day: {} },
        required: ['city', 'unit'],
      }),
    ];
    expect(asked({ ...offering(tools), turns })).toEqual({
      text: '',
      calls: [{ name: 'getWeather', arguments: { city: turns[0]!.text, unit: 'celsius' } }],
    });
  });

  test('where none shares a word it is the first that is offered', () => {
    expect(asked(offering([tool('eins'), tool('zwei')]))).toMatchObject({ calls: [{ name: 'eins' }] });
  });

  test('after the result of a tool it closes in words', () => {
    const turns = [...promptOf(pair).turns, { role: 'tool' as const, text: '{"ok":true}' }];
    expect(asked({ turns })).toEqual({ text: expect.stringMatching(/./), calls: [] });
  });

  test('an answer schema is followed', () => {
    const answerSchema = {
      type: 'object',
      properties: { verdict: { enum: ['pass', 'fail'] }, score: { type: 'integer', minimum: 1, maximum: 5 } },
      required: ['verdict', 'score'],
    };
    expect(JSON.parse(asked({ answerSchema }).text)).toEqual({ verdict: 'pass', score: 1 });
  });
});
