// Between two invocations: what a lane learned is where the next one begins.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { StoreError } from '../../src/cache/store.ts';
import type { RunEvent } from '../../src/core/event.ts';
import type { LimitHint } from '../../src/core/limit-hint.ts';
import type { Provider } from '../../src/core/manifest.ts';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';
import { makeLaneHints } from '../../src/project/draw/lane-hints.ts';
import { fileStores } from '../../src/project/open/stores.ts';
import { memoryStores } from '../../src/project/program/memory-stores.ts';
import { makeLane } from '../../src/run/limits/lanes.ts';
import { type HandClock, handClock } from '../rig/clock.ts';
import { tempFolder } from '../rig/temp.ts';

const NO_LIMITS = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };
const PROVIDER: Provider = {
  name: 'openai',
  type: 'openai',
  baseUrl: 'https://api.example.com/v1',
  apiKeyEnv: 'OPENAI_API_KEY',
  api: 'chat',
  headers: {},
  keyHeaders: [],
  limits: NO_LIMITS,
  pricing: {},
  sim: DEFAULT_SIM_SETTINGS,
};
const FOUND: LimitHint = { requestsPerSecond: 19, burst: 2, concurrency: null };
const HOUR = 3_600_000;

/** One invocation whose lanes learn what `learned` says. */
function invocation(of: {
  readonly root: string;
  readonly clock?: HandClock;
  readonly learned?: () => LimitHint | null;
  readonly provider?: Provider | null;
  readonly inMemory?: boolean;
  readonly check?: () => void;
}) {
  const { root, learned = () => FOUND, provider = PROVIDER } = of;
  const events: RunEvent[] = [];
  const given: (LimitHint | undefined)[] = [];
  const redact = (text: string): string => text.replaceAll('hidden', '[redacted:X]');
  const stores = (of.inMemory ? memoryStores() : fileStores)({ root, redact });
  const hints = makeLaneHints({
    io: { clock: of.clock ?? handClock() },
    experiment: { root, redact, stores },
    invocation: '0007-20260102T030405Z',
    hold: { check: of.check ?? (() => {}) },
    emit: (event) => events.push(event),
    makeLane(name, settings) {
      given.push(settings.hint);
      return { ...makeLane(name, settings), learned };
    },
  });
  const lane = hints.lane(provider?.name ?? 'calls of api.example.com', {
    limits: provider?.limits ?? NO_LIMITS,
    provider,
    tasks: () => 600,
    more: { most: 64 },
  });
  const refuse = (): void => {
    const admission = lane.admit(0, 0);
    if (admission.kind !== 'go') throw new Error(admission.kind);
    const failure = { kind: 'rate-limited' as const, status: 429, message: '', retryAfterMs: null };
    const at = { nowMs: 1, usedTokens: null, limits: null, delayMs: 0, random: 0 };
    lane.release(admission.ticket, { ...at, failure });
  };
  return { hints, events, hint: () => given[0], refuse };
}

function firstOne(root: string, clock = handClock()): void {
  const first = invocation({ root, clock });
  first.refuse();
  first.hints.end();
  first.hints[Symbol.dispose]();
}

describe('an account that refused calls', () => {
  it('is told once, and the next invocation begins with what it allowed', async () => {
    const [root, clock] = [tempFolder(), handClock()];
    const first = invocation({ root, clock });
    expect(first.hint()).toBeUndefined();
    first.refuse();
    const found = { lane: 'openai', requests_per_s: 19, burst: 2, concurrency: null };
    expect(first.hints.end()).toEqual([{ ...found, refused: 1 }]);
    expect(first.events).toEqual([{ kind: 'lane-learned', ...found, refused: 1 }]);
    first.hints[Symbol.dispose]();

    await clock.advance(2 * HOUR);
    const second = invocation({ root, clock });
    expect(second.hint()!.requestsPerSecond).toBeCloseTo(18.84, 2);
    expect(second.events).toEqual([
      {
        ...found,
        kind: 'lane-hinted',
        requests_per_s: 18.8,
        found_at: '2026-01-02T03:04:05.000Z',
        found_in: '0007-20260102T030405Z',
        age_ms: 2 * HOUR,
        tasks: 600,
      },
    ]);
  });

  it('is begun with at half of it after a week, and anew after four', async () => {
    const [root, clock] = [tempFolder(), handClock()];
    firstOne(root, clock);
    await clock.advance(7 * 24 * HOUR);
    expect(invocation({ root, clock }).hint()).toMatchObject({ requestsPerSecond: 9.5, burst: 1 });
    const late = handClock(Date.UTC(2026, 1, 2));
    expect(invocation({ root, clock: late }).hint()).toBeUndefined();
  });

  it('is another one at another address, with another key, or with other limits declared', () => {
    const root = tempFolder();
    firstOne(root);
    const hinted = (provider: Provider | null) => invocation({ root, provider }).hint() !== undefined;
    expect(hinted({ ...PROVIDER, baseUrl: 'https://api.example.com/v1?a=b' })).toBe(true);
    expect(hinted({ ...PROVIDER, baseUrl: 'https://api.example.com/v2' })).toBe(false);
    expect(hinted({ ...PROVIDER, apiKeyEnv: 'OTHER_KEY' })).toBe(false);
    expect(hinted({ ...PROVIDER, limits: { ...NO_LIMITS, concurrency: 8 } })).toBe(false);
    expect(hinted({ ...PROVIDER, name: 'second' })).toBe(false);
    expect(hinted(null)).toBe(false);
  });

  it('has neither a secret nor its address in the file', () => {
    const root = tempFolder();
    const provider = { ...PROVIDER, baseUrl: 'https://me:hidden@api.example.com/hidden/v1?key=hidden' };
    const one = invocation({ root, provider });
    one.refuse();
    one.hints.end();
    expect(readFileSync(path.join(root, 'limits.json'), 'utf8')).not.toMatch(/hidden|example/);
    // The digest is over what is redacted: another secret is the same account.
    const other = { ...PROVIDER, baseUrl: 'https://you@api.example.com/hidden/v1' };
    expect(invocation({ root, provider: other }).hint()).toBeDefined();
  });
});

describe('what was found', () => {
  it('is nothing where no account refused anything or learned anything', () => {
    const root = tempFolder();
    const quiet = invocation({ root, learned: () => null });
    quiet.refuse();
    expect(quiet.hints.end()).toEqual([]);
    quiet.hints[Symbol.dispose]();
    expect(existsSync(path.join(root, 'limits.json'))).toBe(false);
  });

  it('does not look new where the next invocation met no refusal', async () => {
    const [root, clock] = [tempFolder(), handClock()];
    firstOne(root, clock);
    await clock.advance(7 * 24 * HOUR);
    const second = invocation({ root, clock, learned: () => ({ ...FOUND, requestsPerSecond: 9.5 }) });
    expect(second.hints.end()).toEqual([]);
    second.hints[Symbol.dispose]();
    await clock.advance(7 * 24 * HOUR);
    expect(invocation({ root, clock }).hint()).toMatchObject({ requestsPerSecond: 4.75 });
  });

  it('is kept each minute, so that a run that is killed has it', async () => {
    const [root, clock] = [tempFolder(), handClock()];
    const killed = invocation({ root, clock });
    killed.refuse();
    await clock.advance(61_000);
    expect(invocation({ root }).hint()).toBeDefined();
    rmSync(path.join(root, 'limits.json'));
    // The same again is not written again.
    await clock.advance(60_000);
    expect(existsSync(path.join(root, 'limits.json'))).toBe(false);
    killed.hints[Symbol.dispose]();
    expect(clock.pending()).toBe(0);
  });

  it('is kept where a run ends in an error', () => {
    const root = tempFolder();
    const broken = invocation({ root });
    broken.refuse();
    broken.hints[Symbol.dispose]();
    expect(invocation({ root }).hint()).toBeDefined();
  });

  it('is not written where the lock is lost or the disk refuses, and nobody is stopped by it', () => {
    const root = tempFolder();
    const lost = invocation({
      root,
      check() {
        throw new StoreError('the lock is lost');
      },
    });
    lost.refuse();
    expect(lost.hints.end()).toHaveLength(1);
    expect(readdirSync(root)).toEqual([]);
    const file = path.join(root, 'a-file');
    writeFileSync(file, '');
    const refused = invocation({ root: file });
    refused.refuse();
    expect(refused.hints.end()).toHaveLength(1);
  });

  it('is no file where results are kept in memory', () => {
    const root = tempFolder();
    const one = invocation({ root, inMemory: true });
    one.refuse();
    expect(one.hints.end()).toHaveLength(1);
    one.hints[Symbol.dispose]();
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('an account of a declared rate', () => {
  const limits = { concurrency: null, requestsPerMinute: 6, tokensPerMinute: null };
  const provider: Provider = { ...PROVIDER, limits };
  const sim: Provider = { ...provider, type: 'sim', baseUrl: null };

  /** Calls that a lane lets in within a minute. */
  async function minuteOf(clock: HandClock, of: Provider): Promise<number> {
    const { hints } = invocation({ root: tempFolder(), clock, provider: of });
    const lane = hints.lane(of.name, { limits, provider: of, tasks: () => 9, more: { most: 64 } });
    let calls = 0;
    for (let second = 0; second < 60; second++) {
      if (lane.admit(clock.monotonicMs(), 0).kind === 'go') calls++;
      await clock.advance(1_000);
    }
    hints[Symbol.dispose]();
    return calls;
  }

  it('has no more calls in a minute in which judging follows drawing, or one round another', async () => {
    const clock = handClock();
    expect(await minuteOf(clock, provider)).toBe(6);
    const { hints } = invocation({ root: tempFolder(), clock, provider });
    const next = hints.lane(provider.name, { limits, provider, tasks: () => 9, more: { most: 64 } });
    expect(next.admit(clock.monotonicMs(), 0).kind).toBe('wait');
    hints[Symbol.dispose]();
  });

  it('is another one by another clock, with other limits, or where a simulation is started anew', async () => {
    const clock = handClock();
    await minuteOf(clock, provider);
    expect(await minuteOf(handClock(), provider)).toBe(6);
    await minuteOf(clock, sim);
    const { hints } = invocation({ root: tempFolder(), clock, provider: sim });
    const next = hints.lane(sim.name, { limits, provider: sim, tasks: () => 9, more: { most: 64 } });
    expect(next.admit(clock.monotonicMs(), 0).kind).toBe('go');
    hints[Symbol.dispose]();
  });
});
