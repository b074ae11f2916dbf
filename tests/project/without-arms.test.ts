// While a blind review is open, lanes say nothing of arms: places of an arm's own processes are named like it.
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/event.ts';
import { eventUnnamed, withoutNames } from '../../src/project/open/without-arms.ts';
import { pooledRun } from '../../src/project/run/without-arms.ts';
import { summary } from '../report/data.ts';

const LANE = 'openai, processes of terse';
const FOUND = { lane: LANE, requests_per_s: 19, burst: 2, concurrency: null };

describe('while a blind review is open', () => {
  const why = 'terse broke its word';
  it.each<RunEvent>([
    { kind: 'lane-hinted', ...FOUND, found_at: '', found_in: '', age_ms: 0, tasks: 1 },
    { kind: 'lane-cooled', lane: LANE, for_ms: 1 },
    { kind: 'lane-learned', ...FOUND, refused: 1 },
    { kind: 'lane-suspended', lane: LANE, for_ms: 1, probes: 0, why },
    { kind: 'lane-resumed', lane: LANE, after_ms: 1 },
    { kind: 'lane-given-up', lane: LANE, after_ms: 1, probes: 8, why },
  ])('$kind names no arm', (event) => {
    const told = JSON.stringify(eventUnnamed(event, withoutNames(['terse'])));
    expect(told).toContain('processes of an arm');
    expect(told).not.toContain('terse');
  });

  it('a run tells nothing of what its accounts allowed: an account may be one arm', () => {
    expect(
      pooledRun(summary({ limits_found: [{ ...FOUND, refused: 1 }] }), { variant: [] }),
    ).not.toHaveProperty('limits_found');
  });
});
