// What log, history and watch print, at the width and height of a small terminal.
import { describe, expect, it } from 'vitest';
import { displayWidth } from '../../src/core/text.ts';
import { endedWhy } from '../../src/project/draw/ended-why.ts';
import type { HistoryRow } from '../../src/report/records/history.ts';
import { historyGroups, historyGroupsText } from '../../src/report/records/history-groups.ts';
import { ageWords, type LogEntry, logText } from '../../src/report/records/log.ts';
import { type ChangedAnswer, roundScreenText } from '../../src/report/watch/watch-screen.ts';
import { jsonChanges } from '../../src/text/json-changes.ts';
import { AT_80 } from './data.ts';

const entry: LogEntry = {
  ...{ number: 12, invocation: '0012-20261122T204501Z', started_at: '2026-11-22T20:45:01.000Z' },
  ...{
    ended_at: null,
    command: 'run',
    argv: ['run', '--variant', 'a'.repeat(200)],
    filter: {},
    how: 'killed',
  },
  ...{ why: null, exit_code: null, tasks: 60, executed: 41, cached: 0, failed: 2, missing: 19, retries: 3 },
  ...{ total_tokens: null, cost_usd: null, cost_usd_at_least: 0.5, duration_ms: null },
  git: { commit: '1a2b3c4d5e', dirty: true },
  ...{ expgraph: '0.1.0', node: '24', platform: 'linux', variants: [], scores: null, imported: null },
};

describe('log', () => {
  it('tells each invocation in two lines that fit, and of one that never ended says so', () => {
    const text = logText([{ entry, when: { utc: '2026-11-22 20:45 UTC', ageMs: 7_200_000 } }], {
      names: [entry.invocation],
      ...AT_80,
      more: 0,
    });
    const lines = text.trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(
      /^12 {2}2026-11-22 20:45 UTC {2}2h ago {2}run .*… · at least \$0\.5000 · 1a2b3c4\+dirty$/,
    );
    expect(lines[1]).toMatch(/^ +41 executed, 2 failed, 3 retries · never ended: killed/);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });

  it('says how long ago something was', () => {
    expect([5_000, 90_000, 7_200_000, 260_000_000].map(ageWords)).toEqual([
      'just now',
      '1m ago',
      '2h ago',
      '3d ago',
    ]);
  });

  it('names a signal, and leaves every other reason as it was printed', () => {
    const at = { signal: null, failed: 0, missing: 3 };
    expect(
      endedWhy({ ...at, how: 'interrupted', why: 'interrupted: 3 tasks are left', signal: 'SIGHUP' }),
    ).toBe('interrupted by SIGHUP: its terminal was closed or its connection lost; 3 tasks are left');
    expect(endedWhy({ ...at, how: 'budget-reached', why: 'budget of $5 reached' })).toBe(
      'budget of $5 reached',
    );
    expect(endedWhy({ ...at, how: 'incomplete', why: null })).toBe('3 tasks are missing');
    expect(endedWhy({ ...at, how: 'complete', why: null })).toBeNull();
  });

  it('finds what differs between two manifests by the names of their parts', () => {
    const was = { variants: [{ name: 'a', temperature: 0 }, { name: 'b' }] };
    const is = { variants: [{ name: 'b' }, { name: 'a', temperature: 1 }] };
    expect(jsonChanges(was, is)).toEqual([{ path: 'variants.a.temperature', from: 0, to: 1 }]);
  });
});

describe('history of many cells', () => {
  const row = (run: number, of: Partial<HistoryRow>): HistoryRow => ({
    ...{
      variant: 'v'.repeat(90),
      scenario: 's',
      run,
      key: 'k',
      generation: 1,
      invocation: '0001-20261122T204501Z',
    },
    ...{
      startedAt: '2026-11-22T20:45:01.000Z',
      status: 'completed',
      attempts: 1,
      latencyMs: 1,
      inputTokens: 1,
    },
    ...{
      outputTokens: 1,
      costUsd: 0,
      outputDigest: 'x',
      servedModel: null,
      moved: false,
      score: null,
      passed: null,
    },
    ...{ changed: null, standing: 'stale', simulated: false },
    ...of,
  });

  it('tells an edit once, however many cells it touched, and fits', () => {
    const changed = [{ part: 'variant.system', from: 'You plan.', to: 'You schedule.' }];
    const rows = Array.from({ length: 30 }, (_, i) => [
      row(i + 1, {}),
      row(i + 1, {
        invocation: '0002-20261122T205501Z',
        changed: [...changed],
        outputDigest: 'y',
        standing: 'current',
      }),
    ]).flat();
    const groups = historyGroups(rows);
    expect(groups).toMatchObject([
      { changed: null, rows: { length: 30 } },
      { changed, rows: { length: 30 }, another: 30, same: 0 },
    ]);
    const lines = historyGroupsText(groups, AT_80).trimEnd().split('\n');
    expect(lines.length).toBeLessThan(14);
    expect(lines.join('\n')).toContain('from "You plan."');
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(80);
  });
});

describe('the screen of watch', () => {
  const side = { text: 'At what time?', digest: 'a', isFailed: false, passed: true };
  const answers: ChangedAnswer[] = Array.from({ length: 40 }, (_, i) => ({
    cell: { variant: 'applike', scenario: `ambiguous:gym-${i}`, run: 1 },
    before: side,
    after: { ...side, digest: 'b', text: 'Booked.', passed: i !== 7 },
  }));
  const screen = {
    place: '',
    ...{ head: 'x · 10:00:00 · saved: a.yaml\n', why: ['40 tasks: variant.system "a" -> "b"'], answers },
    ...{ table: `${'line\n'.repeat(60)}`, notes: '40 tasks: 40 executed\n', rest: '\nWatching 9 files\n' },
  };

  it('is never higher or wider than the terminal, and shows flips before all else', () => {
    for (const [columns, rows] of [
      [80, 24],
      [100, 40],
      [40, 12],
      [20, 6],
    ] as const) {
      const lines = roundScreenText(screen, { columns, rows, colors: true }).trimEnd().split('\n');
      expect(lines.length).toBeLessThan(rows);
      for (const line of lines)
        expect(displayWidth(line.replaceAll(/\x1b\[[0-9;]*m/g, ''))).toBeLessThanOrEqual(columns);
    }
    const text = roundScreenText(screen, { columns: 80, rows: 24, colors: false });
    expect(text).toMatch(
      /saved: a\.yaml\n40 tasks: .*\n40 answers: 40 changed, 1 to fail\n {2}applike\/ambiguous:gym-7\/1 {2}pass -> FAIL\n/,
    );
    expect(text).toMatch(
      /more answers: npx expgraph diff\n[\s\S]*40 tasks: 40 executed\nWatching 9 files\n$/,
    );
  });
});
