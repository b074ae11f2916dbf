// Which cells did not come out as wished, in few lines.
import { describe, expect, it } from 'vitest';
import type { NotPassedCell } from '../../src/core/summary.ts';
import { groupNotPassed, notPassedText } from '../../src/report/run/not-passed.ts';
import { AT_80 } from './data.ts';

const cell = (name: string, of: Partial<NotPassedCell> = {}): NotPassedCell => {
  const [variant = '', scenario = '', run = '1'] = name.split('/');
  return {
    variant,
    scenario,
    run: Number(run),
    kind: 'not-passed',
    scorer: 'expect',
    reason: 'lacks "yes"',
    ...of,
  };
};

const SHOW = { command: 'npx expgraph show --not-passed', does: 'all of them, with answers and reasons' };
const text = (shown: readonly NotPassedCell[], cells = shown.length): string =>
  notPassedText({ cells, shown }, { ...AT_80, of: 120, what: 'not passed', command: SHOW });

describe('cells that did not pass', () => {
  it('are one line a scenario and reason, with its runs', () => {
    const failed = {
      kind: 'failed',
      scorer: null,
      reason: 'rate-limited (429): slow\u001b[2J down',
    } as const;
    expect(
      text(
        [
          ...['a/x/1', 'a/x/2', 'a/x/3'].map((name) => cell(name)),
          cell('a/x/2', { scorer: 'polite', reason: 'curt' }),
          cell('b/x/1', failed),
          cell('b/x/3', failed),
        ],
        5,
      ),
    ).toMatchInlineSnapshot(`
      "5 of 120 cells failed or did not pass:
        a/x/1-3  expect: lacks "yes"
        a/x/2    polite: curt
        b/x/1,3  failed: rate-limited (429): slow\\x1b[2J down
        npx expgraph show --not-passed  # all of them, with answers and reasons
      "
    `);
  });

  it('with one reason in many places are one line, and the places are counted', () => {
    const shown = ['a/x/1', 'a/x/2', 'a/y/1', 'a/z/1', 'b/x/1'].map((name) => cell(name));
    expect(groupNotPassed(shown)).toMatchObject([{ places: [{ runs: [1, 2] }, {}, {}, {}] }]);
    expect(text(shown, 60)).toMatchInlineSnapshot(`
      "60 of 120 cells did not pass:
        a/x/1-2 + 3 more  expect: lacks "yes"
        ... and 55 more cells
        npx expgraph show --not-passed  # all of them, with answers and reasons
      "
    `);
  });

  it('are ten lines at most, none wider than the screen, and the rest is counted', () => {
    const long = 'x'.repeat(300);
    const shown = Array.from({ length: 40 }, (_, i) =>
      cell(`v${long}/s${i}`, { reason: `reason ${i} ${long}` }),
    );
    const lines = text(shown, 41).split('\n');
    expect(lines).toHaveLength(14);
    expect(lines.at(-3)).toBe('  ... and 31 more cells');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
