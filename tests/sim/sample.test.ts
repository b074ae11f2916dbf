import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import {
  PAIRS,
  readJson,
  readText,
  readYaml,
  SAMPLE,
  SCENARIO_FILES,
  SCENARIOS,
  saidBy,
  TOOLS,
} from './sample.ts';

describe('the sample experiment', () => {
  test('has 20 scenarios in five categories', () => {
    const counts: { [category: string]: number } = {};
    for (const { category } of SCENARIOS) counts[category] = (counts[category] ?? 0) + 1;
    expect(counts).toEqual({ ambiguous: 6, implicit: 3, negative: 4, routing: 4, sanity: 3 });
  });

  test('names each scenario once, by its category, and says what it probes and expects', () => {
    expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
    for (const { id, category, description, tags, expect: expected } of SCENARIOS) {
      expect(id.split(':')[0]).toBe(category);
      expect({ id, description, tags, expected }).toEqual({
        id,
        description: expect.any(String),
        tags: expect.arrayContaining([expect.any(String)]),
        expected: expect.any(Object),
      });
    }
  });

  test('follows the published schemas, and its first line tells editors so', () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const experiment = ajv.compile(readJson('schema/experiment.schema.json'));
    expect([experiment(readYaml('experiment.yaml')), experiment.errors]).toEqual([true, null]);
    const scenarios = ajv.compile(readJson('schema/scenario.schema.json'));
    for (const file of SCENARIO_FILES) expect([file, scenarios(readYaml(file))]).toEqual([file, true]);
    expect(readText('experiment.yaml').split('\n')[0]).toBe(
      '# yaml-language-server: $schema=./schema/experiment.schema.json',
    );
  });

  test('has a system prompt that names no tool', () => {
    const names = Object.values(TOOLS).flatMap((tools) => tools.map(({ name }) => name));
    for (const name of names) expect(SAMPLE.system).not.toContain(name);
    expect(SAMPLE.system).not.toMatch(/calendar|recurring|reminder|task/i);
  });

  test('offers tools whose schemas are valid and closed', () => {
    for (const { parameters } of Object.values(TOOLS).flat()) {
      expect(new Ajv({ strict: false }).validateSchema(parameters)).toBe(true);
      expect(parameters.additionalProperties).toBe(false);
    }
  });
});

describe('the answers of the simulation to the sample', () => {
  const usual = PAIRS.map((pair) => ({ pair, said: saidBy(pair, { temperature: 0 }) }));

  test('call tools only with arguments that their schemas take, at every temperature', () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    ajv.addFormat('date', /^\d{4}-\d\d-\d\d$/);
    ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const validators = new Map(
      Object.entries(TOOLS).flatMap(([variant, tools]) =>
        tools.map(({ name, parameters }) => [`${variant} ${name}`, ajv.compile(parameters)] as const),
      ),
    );
    let calls = 0;
    for (const pair of PAIRS) {
      for (const temperature of [0, 0.2, 1, 2]) {
        for (let run = 1; run <= 10; run++) {
          const said = saidBy(pair, { temperature }, run);
          if (typeof said === 'string') continue;
          calls++;
          const validate = validators.get(`${pair.variant} ${said.name}`)!;
          validate(said.arguments);
          expect({ said, errors: validate.errors }).toEqual({ said, errors: null });
        }
      }
    }
    expect(calls).toBeGreaterThan(400);
  });

  test('call no tool in negative scenarios', () => {
    const negative = usual.filter(({ pair }) => pair.scenario.category === 'negative');
    expect(negative.map(({ said }) => typeof said)).toEqual(negative.map(() => 'string'));
  });

  test('mostly ask in ambiguous scenarios, but not always', () => {
    const ambiguous = usual.filter(({ pair }) => pair.scenario.category === 'ambiguous');
    const asked = ambiguous.filter(({ said }) => typeof said === 'string' && said.includes('?'));
    expect(asked.length).toBeGreaterThan(ambiguous.length / 2);
    expect(asked.length).toBeLessThan(ambiguous.length);
  });

  test('are the calls that the sanity scenarios expect', () => {
    const calls = usual
      .filter(({ pair }) => pair.scenario.category === 'sanity')
      .map(({ said }) => (typeof said === 'string' ? said : [said.name, said.arguments]));
    expect(calls).toEqual([
      [
        'schedule_task',
        { title: 'dentist appointment', start_at: '2026-02-16T15:00:00Z', is_recurring: false },
      ],
      [
        'schedule_task',
        {
          title: 'take my vitamins',
          start_at: '2026-02-16T08:00:00Z',
          is_recurring: true,
          recurrence: 'daily',
        },
      ],
      ['list_tasks', { from: '2026-02-15', to: '2026-02-21' }],
      ['create_calendar_event', { title: 'dentist appointment', date: '2026-02-16', start_time: '15:00' }],
      ['create_recurring_reminder', { title: 'take my vitamins', frequency: 'daily', time: '08:00' }],
      ['list_items', { kind: 'all', from: '2026-02-15', to: '2026-02-21' }],
    ]);
  });
});
