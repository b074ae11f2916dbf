// What a round of watch says, as text.
import { expect, it } from 'vitest';
import {
  consentWords,
  restWords,
  roundEndText,
  roundHead,
  roundPlanText,
  savedWords,
} from '../../src/report/watch/watch.ts';
import { AT_80, estimateOf, planOf, summary, task } from './data.ts';

const CACHED = { kind: 'shared', with: { variant: 'a', scenario: 'a', run: 1 } } as const;
const STALE = {
  kind: 'pending',
  reason: { kind: 'stale', changed: [{ part: 'scenario.input', from: 'old', to: 'new' }] },
} as const;
const FAILED = { kind: 'pending', reason: { kind: 'failed' } } as const;

it('says what is to be run, why and for how much, and what is left out', () => {
  const whole = planOf([
    ...['one', 'two'].flatMap((scenario) => [
      task('applike', scenario, scenario === 'one' ? STALE : FAILED),
      task('baseline', scenario, scenario === 'one' ? STALE : CACHED),
    ]),
  ]);
  const plan = { ...whole, pending: whole.pending.filter(({ scenario }) => scenario === 'one') };
  expect(roundPlanText({ plan, leftOut: 1, estimate: estimateOf({ calls: 2 }) }, AT_80)).toBe(
    `2 of 4 tasks to run: applike 1, baseline 1 · 1 scenario
2 tasks: applike, baseline: scenario.input changed (one)
    from "old"
    to   "new"
Estimate: 2 calls, about 2,000 tokens in, about 1,000 out, about $0.0123.
  Retries are not included.
1 task failed before and is left out until it has changed; Enter, or npx
  expgraph run --failed, runs it again.
`,
  );
});

it('says that nothing has to run', () => {
  const none = { leftOut: 0, estimate: estimateOf({ calls: 0 }) };
  expect(roundPlanText({ ...none, plan: planOf([]) }, AT_80)).toBe('Nothing to do: no task is in scope.\n');
  expect(roundPlanText({ ...none, plan: planOf([task('a', 'one', CACHED)]) }, AT_80)).toBe(
    'Everything is up to date: 1 task, nothing to run.\n',
  );
  const failed = { ...planOf([task('a', 'one', FAILED), task('b', 'one', CACHED)]), pending: [] };
  expect(roundPlanText({ ...none, plan: failed, leftOut: 1 }, AT_80)).toMatch(
    /^Nothing to run: 1 task up to date\.\n1 task failed before/,
  );
});

it('cuts long reasons and says where all of them are', () => {
  const changed = Array.from({ length: 8 }, (_, i) => ({ part: `variant.p${i}`, from: i, to: i + 1 }));
  const plan = planOf([task('a', 'one', { kind: 'pending', reason: { kind: 'stale', changed } })]);
  const text = roundPlanText({ plan, leftOut: 0, estimate: estimateOf() }, AT_80);
  expect(text.split('\n').length).toBeLessThan(20);
  expect(text).toContain('  ... (npx expgraph plan --explain says all)\n');
});

it('names a few of the saved files, and shows no control character of any', () => {
  expect(savedWords(['a', 'b'])).toBe('saved: a, b');
  expect(savedWords(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('saved: a, b, c, d and 2 more');
  const head = roundHead({ experiment: 'x', time: '10:00:00', what: savedWords(['a\x1b[2J']) }, AT_80);
  expect(head).toBe('x · 10:00:00 · saved: a\\x1b[2J\n');
});

it('says why nothing starts by itself', () => {
  expect(consentWords({ kind: 'above', costUsd: 1.2, limitUsd: 0.5 })).toBe(
    'up to $1.20 is above watch.confirm_usd ($0.5000)',
  );
  expect(consentWords({ kind: 'unknown' })).toBe('what it costs is not known');
});

it('ends with the table, with totals where something ran, and never without the word simulation', () => {
  const at = { summary: summary({ simulated: true }), table: 'table\n' };
  expect(roundEndText({ ...at, totals: 'left out' }, AT_80)).toBe(
    '\ntable\nSIMULATION: these answers were played by the built-in simulation; they are no\n  model’s.\n',
  );
  const stopped = summary({ complete: false, failed: 1, why: 'interrupted: 3 tasks are left' });
  const text = roundEndText({ summary: stopped, table: '', totals: 'told' }, AT_80);
  expect(text).toMatch(/^40 tasks: 40 executed.*\n(?: {2}.*\n)?Stopped: interrupted: 3 tasks are left\n$/);
});

it('shows what is broken of a gate, and counts what is beyond three lines of it', () => {
  const line = (n: number, held: boolean) => {
    const [name, wanted] = [`variants.v${n}.pass`, '>= 0.9'];
    return {
      name,
      wanted,
      found: 0.5,
      held,
      sentence: `${name} has to be >= 0.9, and is 0.500: npx expgraph score`,
    };
  };
  const gate = [line(0, true), ...[1, 2, 3, 4, 5].map((n) => line(n, false))];
  const text = roundEndText({ summary: summary({ gate }), table: '', totals: 'left out' }, AT_80);
  expect(text).not.toContain('variants.v0');
  expect(text).toContain(
    'Gate broken: variants.v1.pass has to be >= 0.9, and is 0.500: npx expgraph score\n',
  );
  expect(text).toContain('Gate broken: variants.v3.pass');
  expect(text).not.toContain('variants.v4');
  expect(text).toContain('and 2 more: npx expgraph compare\n');
});

it('says how to go on', () => {
  expect(restWords({ files: 1, hasKeys: true }, AT_80)).toBe(
    '\nWatching 1 file · Enter: run what failed or is left · q: leave\n',
  );
  expect(restWords({ files: 8, hasKeys: false }, AT_80)).toBe('\nWatching 8 files · Ctrl-C leaves\n');
});
