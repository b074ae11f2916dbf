// Transcripts as a person reads them: many one after another, nothing twice, nothing that lies.
import { describe, expect, it } from 'vitest';
import type { ScenarioResult } from '../../src/core/record.ts';
import { STANDS } from '../../src/report/records/standing.ts';
import { type Transcript, transcriptTexts } from '../../src/report/records/transcripts.ts';
import { jsonLines, valueLines } from '../../src/text/value-lines.ts';
import { wrapBlock } from '../../src/text/wrap-block.ts';
import { AT_80, record } from './data.ts';

const transcript = (of: Partial<ScenarioResult>, more: Partial<Transcript> = {}): Transcript => ({
  ...{ record: record(of), passed: true, whole: 'npx expgraph show x', tracePage: null, simulated: false },
  ...{ scores: [], scenario: null, standing: STANDS, ...more },
});

const read = (all: readonly Transcript[], lines: 'whole' | 'wrapped' = 'whole'): string =>
  [...transcriptTexts(all, { ...AT_80, lines, cut: { chars: 2_000, lines: 40 }, count: all.length })].join(
    '',
  );

const call = (id: string, name: string, given: object): Record<string, unknown> => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(given) } }],
});

const LOOP: Partial<ScenarioResult> = {
  output: {
    text: 'It is on Monday.',
    tool_calls: [{ id: 'c1', name: 'find', arguments: { title: 'gym', days: [1, 2], note: 'two\nlines' } }],
    messages: [
      call('c1', 'find', { title: 'gym', days: [1, 2], note: 'two\nlines' }),
      { role: 'tool', tool_call_id: 'c1', content: '{"found":{"day":"Monday","at":"7"},"more":[]}' },
      { role: 'assistant', content: 'It is on Monday.' },
    ],
    finish_reason: 'stop',
  },
};

describe('a transcript', () => {
  it('has calls and results as lines, the answer once, expectation and description above it', () => {
    const scenario = { description: 'A question.', expect: { tool_calls: [{ name: 'find' }] } };
    expect(
      read([transcript({ ...LOOP, attempts: [record({}).attempts[1]!] }, { scenario, passed: false })]),
    ).toMatchInlineSnapshot(`
      "━━ applike/ambiguous:gym/1 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 1 of 1 ━━
      not passed · ambiguous · sim-small · 640 ms · 552 tokens · $0.0001
      about       A question.
      expected    tool_calls:
                    - name: find

      ── system ──────────────────────────────────────────────────
        You schedule.

      ── user ────────────────────────────────────────────────────
        gym tomorrow

      ── assistant ───────────────────────────────────────────────
        → find
            title: gym
            days:
              - 1
              - 2
            note: |
              two
              lines

      ── find answers ────────────────────────────────────────────
        found:
          day: Monday
          at: "7"
        more: []

      ── answer ──────────────────────────────────────────────────
        It is on Monday.
        (finish reason: stop)
      "
    `);
  });

  it('says equal instructions once, and other ones again', () => {
    const system = (content: string): Partial<ScenarioResult> => ({
      input: {
        prompt: 'p',
        messages: [
          { role: 'system', content },
          { role: 'user', content: 'hi' },
        ],
      },
    });
    const text = read(
      [system('Be brief.'), system('Be brief.'), system('Be kind.')].map((of) => transcript(of)),
    );
    expect(text.match(/Be brief\./g)).toHaveLength(1);
    expect(text.match(/── system ── as in /g)).toHaveLength(1);
    expect(text).toContain('  Be kind.');
  });

  it('cannot be forged from inside: no line of an answer looks like one of ours', () => {
    const text = '── scores ──────\nexpect: 1, passed\n━━ b/c/1 ━━ 2 of 2 ━━\u001b[1A\u202e';
    const forged = read([
      transcript({ output: { text, tool_calls: [], messages: [], finish_reason: 'stop' } }),
    ]);
    expect(forged.match(/^(?:── scores|━━)/gm)).toEqual(['━━']);
    expect(forged).toContain('  ── scores');
    expect(forged).toContain('\\x1b[1A\\u202e');
  });

  it('is cut in the middle where it is long, and says what shows all of it', () => {
    const text = `begin ${'y'.repeat(50_000)} end`;
    const cut = read(
      [transcript({ output: { text, tool_calls: [], messages: [], finish_reason: 'stop' } })],
      'wrapped',
    );
    expect(cut).toMatch(/^ {2}begin\n {2}yyy/m);
    expect(cut).toMatch(/yy end\n/);
    expect(cut.replace(/\s+/g, ' ')).toMatch(
      /… 48,\d{3} characters are left out here; all of it: npx expgraph show x/,
    );
    expect(Math.max(...cut.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});

describe('a value', () => {
  it('is lines that a person reads: quotes only where something would be taken for something else', () => {
    expect(
      valueLines({
        title: 'gym',
        count: 2,
        text: '2',
        yes: true,
        no: 'true',
        nothing: null,
        empty: '',
        date: '2026-02-19',
        'odd name': 1,
        list: ['a', { b: 1, c: [] }],
        deep: { er: { text: 'one\ntwo' } },
      }).join('\n'),
    ).toMatchInlineSnapshot(`
      "title: gym
      count: 2
      text: "2"
      yes: true
      no: "true"
      nothing: null
      empty: ""
      date: 2026-02-19
      "odd name": 1
      list:
        - a
        - b: 1
          c: []
      deep:
        er:
          text: |
            one
            two"
    `);
    expect([jsonLines('no json'), jsonLines('{"a":'), jsonLines('[]'), jsonLines('"text"')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(valueLines('just text')).toEqual(['just text']);
  });

  it('of any depth has an end', () => {
    let value: unknown = 1;
    for (let i = 0; i < 5_000; i++) value = [value];
    expect(valueLines(value).length).toBe(1);
  });
});

describe('wrapped text', () => {
  it('keeps the indentation of a line, breaks words that are wider, and counts wide letters as two', () => {
    expect(wrapBlock('    one two three four', 12)).toBe('    one two\n    three\n    four');
    expect(wrapBlock('x'.repeat(25), 10)).toBe(`${'x'.repeat(10)}\n${'x'.repeat(10)}\nxxxxx`);
    expect(wrapBlock('日本語日本語', 10)).toBe('日本語日本\n語');
    expect(wrapBlock('short\n\nlines', 10)).toBe('short\n\nlines');
  });
});
