import { describe, expect, it } from 'vitest';
import type { Limits } from '../../src/core/manifest.ts';
import type { FailureKind, LimitsSeen } from '../../src/core/outcome.ts';
import { type CallEnd, makeLane, type Ticket } from '../../src/run/limits/lanes.ts';

const NO_LIMITS: Limits = { concurrency: null, requestsPerMinute: null, tokensPerMinute: null };

function lane(limits: Partial<Limits> = {}, most = 64) {
  return makeLane('made', { limits: { ...NO_LIMITS, ...limits }, most });
}

function end(nowMs: number, more: Partial<CallEnd> & { readonly kind?: FailureKind } = {}): CallEnd {
  const { kind, ...rest } = more;
  const failure = kind ? { kind, status: null, message: kind, retryAfterMs: null } : null;
  return { nowMs, failure, usedTokens: null, limits: null, delayMs: 100, random: 1, ...rest };
}

/** Admits until the lane says no; returns the tickets and what it said. */
function fill(it: ReturnType<typeof lane>, at: { readonly nowMs: number; readonly tokens?: number }) {
  const tickets: Ticket[] = [];
  for (;;) {
    const said = it.admit(at.nowMs, at.tokens ?? 0);
    if (said.kind !== 'go') return { tickets, said };
    tickets.push(said.ticket);
  }
}

const requestsSeen = (limit: number, remaining: number, resetMs: number): LimitsSeen => ({
  requests: { limit, remaining, resetMs },
  tokens: null,
});

describe('a declared limit', () => {
  it('of concurrency is kept to the letter', () => {
    const it = lane({ concurrency: 3 });
    const { tickets, said } = fill(it, { nowMs: 0 });
    expect([tickets.length, said]).toEqual([3, { kind: 'full' }]);
    it.release(tickets[0]!, end(5));
    expect(fill(it, { nowMs: 5 }).tickets).toHaveLength(1);
  });

  it('of requests lets 0.8 seconds through at once and then as many as it says', () => {
    const it = lane({ requestsPerMinute: 600 });
    const { tickets, said } = fill(it, { nowMs: 0 });
    expect(tickets).toHaveLength(8);
    expect(said).toEqual({ kind: 'wait', untilMs: 100 });
    for (const ticket of tickets) it.release(ticket, end(10));
    let started = 0;
    for (let nowMs = 10; nowMs <= 10_000; nowMs += 10) {
      for (const ticket of fill(it, { nowMs }).tickets) {
        started++;
        it.release(ticket, end(nowMs));
      }
    }
    expect(started).toBe(100);
  });

  it('of tokens reserves the guess and settles by what was used', () => {
    const it = lane({ tokensPerMinute: 60_000 });
    const first = it.admit(0, 800);
    if (first.kind !== 'go') throw new Error('not admitted');
    expect(it.admit(0, 400)).toEqual({ kind: 'wait', untilMs: 400 });
    // It took a quarter of what was reserved: the rest is free again at once.
    it.release(first.ticket, end(0, { usedTokens: 200 }));
    expect(it.admit(0, 600).kind).toBe('go');
    expect(it.admit(0, 1).kind).toBe('wait');
  });

  it('of tokens lets one call through that is larger than it can ever hold', () => {
    const it = lane({ tokensPerMinute: 60_000 });
    expect(it.admit(0, 5_000).kind).toBe('go');
    expect(it.admit(0, 100)).toEqual({ kind: 'wait', untilMs: 4_300 });
  });
});

describe('without a declared concurrency', () => {
  it('starts with sixteen and doubles each round trip while it is full and answers come', () => {
    const it = lane();
    const rounds = [0, 1, 2, 3].map((round) => {
      const { tickets } = fill(it, { nowMs: round * 100 });
      for (const ticket of tickets) it.release(ticket, end(round * 100 + 50));
      return tickets.length;
    });
    expect(rounds).toEqual([16, 32, 64, 64]);
  });

  it('does not grow while fewer calls are wanted than it allows', () => {
    const it = lane();
    for (let i = 0; i < 100; i++) {
      const said = it.admit(i, 0);
      if (said.kind === 'go') it.release(said.ticket, end(i));
    }
    expect(fill(it, { nowMs: 1000 }).tickets).toHaveLength(16);
  });

  it('sends one call at a time after a burst that is told off, however many calls of it are', () => {
    const it = lane();
    const { tickets } = fill(it, { nowMs: 0 });
    const news = tickets.flatMap((ticket) =>
      it.release(ticket, end(10, { kind: 'rate-limited', delayMs: 0 })),
    );
    expect(news).toEqual([]);
    // The longer it is refused, the longer it waits.
    const starts: number[] = [];
    for (let nowMs = 10; nowMs < 10_000; nowMs++) {
      const said = it.admit(nowMs, 0);
      if (said.kind !== 'go') continue;
      starts.push(nowMs);
      expect(it.admit(nowMs, 0).kind).not.toBe('go');
      it.release(said.ticket, end(nowMs, { kind: 'rate-limited', delayMs: 0 }));
    }
    const waits = starts.slice(1).map((ms, i) => ms - starts[i]!);
    expect(starts.length).toBeLessThan(16);
    expect(waits.every((wait, i) => i === 0 || wait > waits[i - 1]!)).toBe(true);
  });

  it('never falls below one and never rises above the common ceiling', () => {
    const it = lane({}, 4);
    expect(fill(it, { nowMs: 0 }).tickets).toHaveLength(4);
    const low = lane({}, 4);
    for (let i = 0; i < 7; i++) {
      const said = low.admit(i * 10_000, 0);
      if (said.kind === 'go') low.release(said.ticket, end(i * 10_000, { kind: 'rate-limited', delayMs: 0 }));
    }
    expect(low.admit(200_000, 0).kind).toBe('go');
    expect(low.admit(200_000, 0).kind).not.toBe('go');
  });
});

describe('limits read off the headers', () => {
  it('slow the lane down before the provider refuses', () => {
    const it = lane({ concurrency: 64 });
    const first = it.admit(0, 0);
    if (first.kind !== 'go') throw new Error('not admitted');
    // 20 of 50 are left, and 30.5 fill in 600 ms: one each 20 ms.
    it.release(first.ticket, end(0, { limits: requestsSeen(50, 20, 590) }));
    // A tenth of the limit is left alone.
    const { tickets, said } = fill(it, { nowMs: 0 });
    expect(tickets).toHaveLength(15);
    expect(said).toEqual({ kind: 'wait', untilMs: 20 });
    expect(fill(it, { nowMs: 200 }).tickets).toHaveLength(10);
  });

  it('count what was sent after the call that brought them', () => {
    const it = lane({ concurrency: 64 });
    const first = it.admit(0, 0);
    const later = Array.from({ length: 10 }, () => it.admit(0, 0));
    if (first.kind !== 'go') throw new Error('not admitted');
    it.release(first.ticket, end(0, { limits: requestsSeen(50, 20, 590) }));
    expect(later.every(({ kind }) => kind === 'go')).toBe(true);
    expect(fill(it, { nowMs: 0 }).tickets).toHaveLength(5);
  });

  it('of an older call do not replace those of a newer one', () => {
    const it = lane({ concurrency: 64 });
    const [older, newer] = [it.admit(0, 0), it.admit(0, 0)];
    if (older.kind !== 'go' || newer.kind !== 'go') throw new Error('not admitted');
    it.release(newer.ticket, end(0, { limits: requestsSeen(50, 10, 790) }));
    it.release(older.ticket, end(0, { limits: requestsSeen(50, 50, 0) }));
    expect(fill(it, { nowMs: 0 }).tickets).toHaveLength(5);
  });

  it('that come once and never again let calls through at their own rate', () => {
    const it = lane({ concurrency: 64 });
    const first = it.admit(0, 0);
    if (first.kind !== 'go') throw new Error('not admitted');
    // 10 in 400 ms: 40 of 42 ms each.
    it.release(first.ticket, end(0, { limits: requestsSeen(10, 0, 400) }));
    let started = 0;
    let nowMs = 0;
    while (started < 100 && nowMs < 60_000) {
      const said = it.admit(nowMs, 0);
      if (said.kind === 'full') throw new Error('full');
      if (said.kind === 'wait') {
        expect(said.untilMs).toBeGreaterThan(nowMs);
        nowMs = said.untilMs;
        continue;
      }
      started++;
      it.release(said.ticket, end(nowMs));
    }
    expect(started).toBe(100);
    expect(nowMs).toBeLessThan(4_500);
  });

  it('of a day let one call a minute find out', () => {
    const it = lane({ concurrency: 64 });
    const first = it.admit(0, 0);
    if (first.kind !== 'go') throw new Error('not admitted');
    it.release(first.ticket, end(0, { limits: requestsSeen(1000, 0, 86_400_000) }));
    for (const minute of [1, 2, 3]) {
      expect(it.admit(minute * 60_000 - 60_000, 0)).toEqual({ kind: 'wait', untilMs: minute * 60_000 });
      const said = it.admit(minute * 60_000, 0);
      if (said.kind !== 'go') throw new Error('not admitted');
      it.release(said.ticket, end(minute * 60_000));
    }
  });

  it('hold calls for a minute at most: a window of a day is the provider’s to enforce', () => {
    const it = lane({ concurrency: 64 });
    const first = it.admit(0, 0);
    if (first.kind !== 'go') throw new Error('not admitted');
    it.release(first.ticket, end(0, { limits: requestsSeen(1000, 0, 86_400_000) }));
    expect(it.admit(0, 0)).toEqual({ kind: 'wait', untilMs: 60_000 });
  });
});

describe('a pause that the provider asks for', () => {
  it('holds the whole lane and is told once', () => {
    const it = lane({ concurrency: 4 });
    const { tickets } = fill(it, { nowMs: 0 });
    const asked = { kind: 'rate-limited', status: 429, message: 'slow down', retryAfterMs: 2_000 } as const;
    expect(it.release(tickets[0]!, end(100, { failure: asked }))).toEqual([{ kind: 'cooled', forMs: 2_000 }]);
    expect(it.release(tickets[1]!, end(100, { failure: asked }))).toEqual([]);
    expect(it.admit(200, 0)).toEqual({ kind: 'wait', untilMs: 2_100 });
    expect(it.admit(2_100, 0).kind).toBe('go');
  });
});

describe('a provider that keeps failing', () => {
  const failing = (it: ReturnType<typeof lane>, nowMs: number, kind: FailureKind = 'overloaded') => {
    const said = it.admit(nowMs, 0);
    if (said.kind !== 'go') throw new Error(`not admitted: ${said.kind}`);
    return it.release(said.ticket, end(nowMs, { kind }));
  };

  it('is suspended at the eighth failure in a row, probed once at a time, and resumed by an answer', () => {
    const it = lane({ concurrency: 4 });
    for (let i = 0; i < 7; i++) expect(failing(it, i)).toEqual([]);
    expect(failing(it, 7)).toEqual([{ kind: 'suspended', forMs: 1_000, probes: 0 }]);
    expect(it.admit(8, 0)).toEqual({ kind: 'wait', untilMs: 1_007 });
    expect(it.isProbing(1_007)).toBe(true);
    const probe = it.admit(1_007, 0);
    expect(it.admit(1_008, 0)).toEqual({ kind: 'full' });
    if (probe.kind !== 'go') throw new Error('no probe');
    expect(probe.ticket.isProbe).toBe(true);
    expect(it.release(probe.ticket, end(2_000, { kind: 'timeout' }))).toEqual([
      { kind: 'suspended', forMs: 2_000, probes: 1 },
    ]);
    const second = it.admit(4_000, 0);
    if (second.kind !== 'go') throw new Error('no probe');
    expect(it.release(second.ticket, end(4_100))).toEqual([{ kind: 'resumed', afterMs: 4_093 }]);
    expect(fill(it, { nowMs: 4_100 }).tickets).toHaveLength(4);
  });

  it('is not one whose model has nothing to say: that is the prompt’s, and as good as an answer', () => {
    const it = lane({ concurrency: 4 });
    const useless = { kind: 'invalid-response', isOfPrompt: true } as const;
    for (let i = 0; i < 7; i++) failing(it, i);
    const said = it.admit(7, 0);
    if (said.kind !== 'go') throw new Error(said.kind);
    const failure = { ...useless, status: 200, message: 'nothing', retryAfterMs: null };
    expect(it.release(said.ticket, end(7, { failure }))).toEqual([]);
    for (let i = 8; i < 15; i++) expect(failing(it, i)).toEqual([]);
  });

  it('is resumed by a call that was still under way', () => {
    const it = lane({ concurrency: 9 });
    const { tickets } = fill(it, { nowMs: 0 });
    for (const ticket of tickets.slice(0, 8)) it.release(ticket, end(10, { kind: 'network' }));
    expect(it.release(tickets[8]!, end(500))).toEqual([{ kind: 'resumed', afterMs: 490 }]);
  });

  it('is given up after eight probes', () => {
    const it = lane({ concurrency: 1 });
    let nowMs = 0;
    for (let i = 0; i < 8; i++) failing(it, nowMs);
    for (let probe = 1; probe <= 8; probe++) {
      const said = it.admit(nowMs, 0);
      if (said.kind !== 'wait') throw new Error(said.kind);
      nowMs = said.untilMs;
      const news = failing(it, nowMs);
      expect(news[0]?.kind).toBe(probe < 8 ? 'suspended' : 'given-up');
    }
    expect(nowMs).toBe(1_000 + 2_000 + 4_000 + 8_000 + 16_000 + 30_000 * 3);
    expect(it.admit(nowMs + 1_000_000, 0)).toEqual({ kind: 'full' });
  });

  it.each(['bad-request', 'context-exceeded'] as const)('lives as long as it answers with %s', (kind) => {
    const it = lane({ concurrency: 1 });
    for (let i = 0; i < 100; i++) expect(failing(it, i, i % 2 ? kind : 'overloaded')).toEqual([]);
  });

  it.each(['worker-lost', 'internal'] as const)('is not blamed for %s, which is our own fault', (kind) => {
    const it = lane({ concurrency: 1 });
    for (let i = 0; i < 100; i++) expect(failing(it, i, kind)).toEqual([]);
  });
});

describe('a lane whose provider is silent', () => {
  it('lends its places to others after two seconds without any answer, and takes them back with one', () => {
    const it = lane({ concurrency: 4 });
    const { tickets } = fill(it, { nowMs: 0 });
    expect(it.occupied(1_999)).toBe(4);
    expect(it.occupied(2_000)).toBe(0);
    it.release(tickets[0]!, end(3_000));
    expect(it.occupied(3_001)).toBe(3);
    expect(it.inFlight()).toBe(3);
  });

  it('is not silent while it takes as long as it usually does', () => {
    const it = lane({ concurrency: 1 });
    const first = it.admit(0, 0);
    if (first.kind !== 'go') throw new Error('not admitted');
    it.release(first.ticket, end(10_000));
    it.admit(10_000, 0);
    expect(it.occupied(39_999)).toBe(1);
    expect(it.occupied(40_000)).toBe(0);
  });
});
