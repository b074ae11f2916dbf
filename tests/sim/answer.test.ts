import { describe, expect, test } from 'vitest';
import { answer } from '../../src/sim/player/answer.ts';
import type { Prompt, Reply } from '../../src/sim/wire/prompt.ts';
import { toolKitOf } from '../../src/sim/wire/tool-kit.ts';
import { PAIRS, promptOf } from './sample.ts';

const RUNS = [1, 2, 3, 4, 5] as const;

describe('chance', () => {
  test('at temperature 0 no run and no seed changes an answer', () => {
    for (const pair of PAIRS) {
      const first = answer({ request: promptOf(pair, { temperature: 0 }), run: 1 });
      for (const run of RUNS) {
        expect(answer({ request: promptOf(pair, { temperature: 0, seed: run * 7 }), run })).toEqual(first);
      }
    }
  });

  test('at any temperature the same run gives the same answer', () => {
    for (const pair of PAIRS) {
      for (const temperature of [0.2, 1, null]) {
        const request = promptOf(pair, { temperature });
        expect(answer({ request, run: 2 })).toEqual(answer({ request, run: 2 }));
      }
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
    const answers = (seed: number): readonly Reply[] =>
      PAIRS.map((pair) => answer({ request: promptOf(pair, { temperature: 1, seed }), run: 1 }));
    expect(answers(1)).not.toEqual(answers(2));
  });

  test('a larger model strays less', () => {
    const small = differingShare({ temperature: 0.5 });
    expect(differingShare({ temperature: 0.5, model: 'sim-large' })).toBeLessThan(small);
  });

  function differingShare(changes: Partial<Prompt>): number {
    const differing = PAIRS.filter((pair) => {
      const replies = [1, 2, 3].map((run) => answer({ request: promptOf(pair, changes), run }));
      return new Set(replies.map((reply) => JSON.stringify(reply))).size > 1;
    });
    return differing.length / PAIRS.length;
  }
});

describe('the choice of a tool', () => {
  const pair = PAIRS.find(({ scenario }) => scenario.id === 'sanity:dentist-tomorrow')!;
  const negative = PAIRS.find(({ scenario }) => scenario.id === 'negative:leap-years')!;

  test('without tools it says in words what it would do', () => {
    const reply = answer({ request: promptOf(pair, { kit: toolKitOf([]), temperature: 0 }), run: 1 });
    expect(reply).toEqual({ kind: 'text', text: expect.stringContaining('dentist appointment') });
  });

  test('tool_choice none forbids, required and a name force', () => {
    const kindOf = (request: Prompt) => answer({ request, run: 1 });
    expect(kindOf(promptOf(pair, { toolChoice: { kind: 'none' } })).kind).toBe('text');
    expect(kindOf(promptOf(negative, { toolChoice: { kind: 'required' } })).kind).toBe('call');
    expect(kindOf(promptOf(negative, { toolChoice: { kind: 'named', name: 'update_task' } }))).toMatchObject({
      kind: 'call',
      name: 'update_task',
    });
  });

  test('it plays over tools that have nothing to do with scheduling', () => {
    const kit = toolKitOf([
      {
        name: 'get_weather',
        description: 'Weather of a city.',
        parameters: {
          type: 'object',
          properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] } },
          required: ['city', 'unit'],
        },
      },
    ]);
    const turns = [{ role: 'user' as const, text: 'What is the weather in Paris, in fahrenheit?' }];
    expect(answer({ request: promptOf(pair, { kit, turns, temperature: 0 }), run: 1 })).toMatchObject({
      kind: 'call',
      name: 'get_weather',
      arguments: { city: expect.any(String), unit: 'fahrenheit' },
    });
  });

  test('after the result of a tool it closes in words', () => {
    const request = promptOf(pair);
    const turns = [...request.turns, { role: 'tool' as const, text: '{"ok":true}' }];
    expect(answer({ request: { ...request, turns }, run: 1 }).kind).toBe('text');
  });

  test('an answer schema is followed', () => {
    const answerSchema = {
      type: 'object',
      properties: { verdict: { enum: ['pass', 'fail'] }, score: { type: 'integer', minimum: 1, maximum: 5 } },
      required: ['verdict', 'score'],
    };
    const reply = answer({ request: promptOf(pair, { answerSchema }), run: 1 });
    expect(JSON.parse((reply as { text: string }).text)).toEqual({ verdict: 'pass', score: 1 });
  });
});
