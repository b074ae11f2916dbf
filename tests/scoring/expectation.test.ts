// Which part of a scenario's expectation a scorer judges, intents in the tools of a variant, and the sample's own
// expectations against answers of both interfaces.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import type {
  CallCheck,
  ExpectsTools,
  JudgedOutput,
  JudgeScorer,
  RuleScorer,
} from '../../src/core/scoring.ts';
import { loadManifest } from '../../src/manifest/load.ts';
import { checkFor, isInScope, rubricFor } from '../../src/scoring/expectations/expectation.ts';
import { ROOT } from '../rig/files.ts';
import { SCENARIO } from '../rig/manifests.ts';
import { calls, judged, said, scorer } from './rig.ts';

const AT = { variant: 'baseline', intents: {} };

function check(by: RuleScorer, expectation: Json) {
  return checkFor(by, { ...SCENARIO, expect: expectation }, AT);
}

describe('a scorer', () => {
  const bank = { kind: 'contains', all: ['bank'], any: [], none: [], ignoreCase: true };
  const own = scorer('contains', { ignore_case: true, all: ['own'] }, 'words');
  const none = scorer('contains', { ignore_case: true }, 'words');
  it.each<readonly [string, RuleScorer, Json, unknown]>([
    ['its name before its kind', none, { words: 'bank', contains: 'kind' }, bank],
    ['its kind before its own value', own, { contains: 'bank' }, bank],
    ['its own value before a bare text', own, 'bank', { ...bank, all: ['own'] }],
    ['a bare text', none, 'bank', bank],
    ['nothing where there is nothing', none, { exact: 'bank' }, null],
    ['nothing where nothing is expected', none, null, null],
    ['no bare value of another type', scorer('clarify'), 'bank', null],
    ['everything', scorer('expect'), { contains: 'bank', note: 'free' }, bank],
    ['everything for all scenarios', scorer('expect', { contains: 'bank' }, 'bank'), { exact: 'a' }, bank],
    [
      'its name of everything',
      scorer('expect', {}, 'mine'),
      { exact: 'a', mine: { contains: 'bank' } },
      bank,
    ],
    ['nothing of free keys', scorer('expect'), { note: 'free' }, null],
  ])('judges %s', (_, by, expectation, wanted) => {
    expect(check(by, expectation)).toEqual({ kind: 'ok', value: wanted });
  });

  it('keeps its manner, unless the scenario has another', () => {
    const given = scorer('tool_calls', { order: 'given', extra: 'allowed' });
    expect(check(given, { tool_calls: ['a'] })).toMatchObject({
      value: { order: 'given', extra: 'allowed' },
    });
    expect(check(given, { tool_calls: { calls: ['a'], order: 'any' } })).toMatchObject({
      value: { order: 'any', extra: 'allowed' },
    });
    expect(check(given, { tool_calls: [] })).toMatchObject({ value: { calls: [], extra: 'refused' } });
  });

  it('is about the scenarios of its scope', () => {
    const by = (scope: Partial<RuleScorer['scope']>) => ({ ...scorer('exact').scope, ...scope });
    expect(isInScope(by({ scenario: ['sanity:*'], tag: ['no', 'sh?rt'] }), SCENARIO)).toBe(true);
    expect(isInScope(by({ category: ['routing'] }), SCENARIO)).toBe(false);
    expect(isInScope(by({ category: ['*'] }), { ...SCENARIO, category: null })).toBe(false);
    const outside = { ...scorer('exact'), scope: by({ tag: ['long'] }) };
    expect(check(outside, { exact: 'a' })).toEqual({ kind: 'ok', value: null });
  });

  it('that is a judge reads the scenario before its own rubric', () => {
    const judge = {
      kind: 'judge',
      name: 'kind',
      scope: scorer('exact').scope,
      prompt: '{{output}} {{rubric}}',
      rubric: null,
    } as unknown as JudgeScorer;
    const rubric = (by: JudgeScorer, expectation: Json) =>
      rubricFor(by, { ...SCENARIO, expect: expectation });
    expect(rubric(judge, { kind: 'by name', judge: 'by kind' })).toBe('by name');
    expect(rubric({ ...judge, rubric: 'for all' }, { judge: 'by kind' })).toBe('by kind');
    expect(rubric({ ...judge, rubric: 'for all' }, { exact: 'a' })).toBe('for all');
    expect(rubric(judge, 'bare')).toBe('bare');
    expect(rubric(judge, { exact: 'a' })).toBeNull();
    expect(rubric({ ...judge, prompt: '{{output}}' }, null)).toBe('');
  });
});

/** What the words of the sample's scenarios are in the tools of its two variants. */
const INTENTS: ExpectsTools = {
  'create-event': {
    baseline: {
      name: 'schedule_task',
      arguments: {
        title: { contains: '{{title}}' },
        start_at: { at: '{{at}}', before: '{{before}}' },
        is_recurring: { equals: false },
      },
    },
    'app*': {
      name: 'create_calendar_event',
      arguments: {
        title: { contains: '{{title}}' },
        date: { equals: '{{at.date}}', before: '{{before}}' },
        start_time: { equals: '{{at.time}}' },
      },
    },
  },
  'create-recurring': {
    baseline: {
      name: 'schedule_task',
      arguments: {
        title: { contains: '{{title}}' },
        start_at: { regex: 'T{{time}}' },
        is_recurring: { equals: true },
        recurrence: { equals: '{{frequency}}' },
        days_of_week: { same_items: '{{days}}' as unknown as readonly Json[] },
        until: { equals: '{{until}}' },
      },
    },
    applike: {
      name: 'create_recurring_reminder',
      arguments: {
        title: { contains: '{{title}}' },
        time: { equals: '{{time}}' },
        frequency: { equals: '{{frequency}}' },
        days_of_week: { same_items: '{{days}}' as unknown as readonly Json[] },
        end_date: { equals: '{{until}}' },
      },
    },
  },
  list: { baseline: { name: 'list_tasks', arguments: {} }, applike: { name: 'list_items', arguments: {} } },
};

describe('an intent', () => {
  const call = (variant: string, expected: Json) => {
    const found = checkFor(
      scorer('expect'),
      { ...SCENARIO, expect: { tool_calls: [expected] } },
      { variant, intents: INTENTS },
    );
    if (found.kind === 'err') return found.error;
    return (found.value as { readonly calls: readonly CallCheck[] }).calls[0];
  };
  it('is the tool of the variant, with the fields that are given', () => {
    const bank = { intent: 'create-event', title: 'bank', at: '2026-02-17T12:00:00+01:00' };
    expect(call('baseline', bank)).toEqual({
      names: ['schedule_task'],
      arguments: {
        title: { contains: 'bank' },
        start_at: { at: '2026-02-17T12:00:00+01:00' },
        is_recurring: { equals: false },
      },
    });
    expect(call('applike[model=sim-large]', bank)).toEqual({
      names: ['create_calendar_event'],
      arguments: {
        title: { contains: 'bank' },
        date: { equals: '2026-02-17' },
        start_time: { equals: '11:00' },
      },
    });
  });
  it('takes lists as they are, and texts in patterns as themselves', () => {
    expect(call('baseline', { intent: 'create-recurring', days: ['monday'], time: '1.:30' })).toEqual({
      names: ['schedule_task'],
      arguments: {
        start_at: { regex: 'T1\\.:30' },
        is_recurring: { equals: true },
        days_of_week: { same_items: ['monday'] },
      },
    });
  });
  it('that is not mapped, or cannot be filled, is a missing score with its reason', () => {
    expect(call('other', { intent: 'list' })).toBe(
      'expect.tool_calls[0]: "expects_tools" does not say what the intent "list" is in the tools of "other"',
    );
    expect(call('baseline', { intent: 'remove' })).toBe(
      'expect.tool_calls[0]: "expects_tools" does not say what the intent "remove" is',
    );
    expect(call('applike', { intent: 'create-event', at: 'tomorrow' })).toBe(
      'expect.tool_calls[0]: the intent "create-event": "at" is no moment such as 2026-02-17T11:00:00Z',
    );
    expect(call('baseline', { intent: 'create-event', at: 'tomorrow' })).toContain(
      '"at" is a moment such as',
    );
  });
});

describe('the sample', () => {
  const QUESTION = said('For when shall I put it in?');
  /** By hand: what a good and a wrong answer of each variant would be, and the scores. */
  const TABLE: readonly (readonly [string, string, JudgedOutput, number])[] = [
    ['ambiguous:no-time', 'baseline', QUESTION, 1],
    ['ambiguous:no-time', 'applike', calls([['create_calendar_event', { title: 'Budget' }]]), 0],
    ['ambiguous:which-meeting', 'baseline', calls([['list_tasks', {}]]), 1],
    ['ambiguous:which-meeting', 'applike', calls([['list_items', { kind: 'events' }]]), 1],
    ['ambiguous:which-meeting', 'applike', calls([['update_item', { item: 'meeting' }]]), 0],
    [
      'implicit:passport',
      'baseline',
      calls([
        ['schedule_task', { title: 'Renew passport', start_at: '2026-05-11T09:00:00Z', is_recurring: false }],
      ]),
      1,
    ],
    [
      'implicit:passport',
      'applike',
      calls([['create_calendar_event', { title: 'Passport', date: '2026-06-30', start_time: '09:00' }]]),
      0,
    ],
    ['negative:leap-years', 'baseline', said('Every four years, but not in 1900.'), 1],
    ['negative:leap-years', 'applike', calls([['list_items', { kind: 'all' }]]), 0],
    [
      'routing:remind-once',
      'baseline',
      calls([
        ['schedule_task', { title: 'Call the bank', start_at: '2026-02-17T11:00:00Z', is_recurring: false }],
      ]),
      1,
    ],
    [
      'routing:remind-once',
      'baseline',
      calls([
        ['schedule_task', { title: 'Call the bank', start_at: '2026-02-17T11:00:00Z', is_recurring: true }],
      ]),
      0,
    ],
    [
      'routing:remind-once',
      'applike',
      calls([['create_calendar_event', { title: 'Bank', date: '2026-02-17', start_time: '11:00' }]]),
      1,
    ],
    [
      'routing:remind-once',
      'applike',
      calls([['create_recurring_reminder', { title: 'Bank', frequency: 'daily', time: '11:00' }]]),
      0,
    ],
    [
      'routing:stand-up-on-calendar',
      'baseline',
      calls([
        [
          'schedule_task',
          {
            title: 'Team stand-up',
            start_at: '2026-02-16T09:30:00Z',
            is_recurring: true,
            recurrence: 'weekly',
            days_of_week: ['wednesday', 'monday'],
          },
        ],
      ]),
      1,
    ],
    [
      'routing:class-with-an-end',
      'applike',
      calls([
        [
          'create_recurring_reminder',
          {
            title: 'Pottery class',
            frequency: 'weekly',
            time: '18:00',
            days_of_week: ['thursday'],
            end_date: '2026-03-31',
          },
        ],
      ]),
      1,
    ],
    [
      'routing:class-with-an-end',
      'applike',
      calls([
        [
          'create_recurring_reminder',
          { title: 'Pottery class', frequency: 'weekly', time: '18:00', days_of_week: ['thursday'] },
        ],
      ]),
      0,
    ],
    [
      'sanity:list-week',
      'applike',
      calls([
        ['list_items', { kind: 'all' }],
        ['list_items', { kind: 'events' }],
      ]),
      0.5,
    ],
  ];

  it('is scored by one implicit scorer, as a person would score it', async () => {
    const loaded = await loadManifest({ file: path.join(ROOT, 'experiment.yaml'), env: {} });
    if (loaded.kind === 'err') throw new Error(JSON.stringify(loaded.error));
    const { scenarios, scorers } = loaded.value.manifest;
    expect(scorers.map(({ kind }) => kind)).toEqual(['expect']);
    const found = [];
    for (const [id, variant, output] of TABLE) {
      const { expect: expectation } = scenarios.find((scenario) => scenario.id === id)!;
      const result = await judged(scorers[0] as RuleScorer, expectation, output, {
        variant,
        intents: INTENTS,
      });
      found.push([id, variant, output, result.kind === 'ok' ? result.value.score : result.error]);
    }
    expect(found).toEqual(TABLE);
  });
});
