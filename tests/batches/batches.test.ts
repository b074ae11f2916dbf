// Orders as batches of a vendor, with limits that are small and time that is turned by hand.
import { describe, expect, it } from 'vitest';
import type { SendEnd } from '../../src/batches/wire.ts';
import type { Failure } from '../../src/core/outcome.ts';
import { all, itemIn, played, words } from './played.ts';

const SETTLED = 2_000;

function keys(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `k${String(i).padStart(4, '0')}`);
}

const BUSY: SendEnd = {
  kind: 'failed',
  isSure: true,
  failure: { kind: 'rate-limited', status: 429, message: 'too many tokens are enqueued', retryAfterMs: null },
};

describe('orders', () => {
  it('go as few batches as hold them by their number, each in one', async () => {
    const p = played({ maxItems: 4 });
    const ends = keys(10).map((key) => p.ask(key));
    await p.clock.advance(SETTLED);
    expect(p.sent.map(({ lines }) => lines.length)).toEqual([4, 4, 2]);
    const items = p.sent.flatMap(({ lines, tag }) =>
      lines.map((line) => itemIn(line).replace(`${tag}-`, '')),
    );
    expect(items).toEqual(keys(10));
    p.end();
    await p.clock.runUntil(() => false);
    expect(new Set(await all(ends))).toEqual(new Set(['answer']));
  });

  it.each(['ascii text', 'ÄÖÜ ß 漢字 🎈'])(
    'go as batches of as many bytes as hold them: %s',
    async (text) => {
      const line = (key: string): number =>
        Buffer.byteLength(
          JSON.stringify({
            item: `${'t'.repeat(16)}-${key}`,
            model: 'm',
            text: JSON.stringify([{ role: 'user', content: text }]),
          }),
        );
      const one = line('k0000') + 1;
      // Three lines and their ends to the byte, and then a byte less.
      for (const [maxBytes, sizes] of [
        [3 * one, [3, 3, 1]],
        [3 * one - 1, [2, 2, 2, 1]],
      ] as const) {
        const p = played({ maxBytes });
        for (const key of keys(7)) void p.ask(key, { text });
        await p.clock.advance(SETTLED);
        expect(p.sent.map(({ lines }) => lines.length)).toEqual(sizes);
        for (const { lines } of p.sent)
          expect(Buffer.byteLength(`${lines.join('\n')}\n`)).toBeLessThanOrEqual(maxBytes);
        await p.batches[Symbol.asyncDispose]();
      }
    },
  );

  it('of which one alone is too long: it fails and says so, the others go', async () => {
    const p = played({ maxBytes: 400 });
    const ends = [p.ask('a'), p.ask('b', { text: 'x'.repeat(500) }), p.ask('c')];
    await p.clock.advance(SETTLED);
    p.end();
    await p.clock.runUntil(() => false);
    expect(await all(ends)).toEqual([
      'answer',
      'bad-request: its request alone is longer than a batch may be (0 MB)',
      'answer',
    ]);
    expect(p.sent.flatMap(({ lines }) => lines).length).toBe(2);
  });

  it('of several models go apart, where the vendor wants one each', async () => {
    const p = played();
    for (const [i, key] of keys(6).entries()) void p.ask(key, { model: i % 2 === 0 ? 'm' : 'n' });
    await p.clock.advance(SETTLED);
    expect(p.sent.map(({ lines }) => lines.length)).toEqual([3, 3]);
    await p.batches[Symbol.asyncDispose]();
  });

  it('that come one after the other over a second go together', async () => {
    const p = played();
    for (const key of keys(100)) {
      void p.ask(key);
      await p.clock.advance(10);
    }
    expect(p.tries).toEqual([]);
    await p.clock.advance(SETTLED);
    expect(p.tries).toEqual([100]);
    await p.batches[Symbol.asyncDispose]();
  });

  it('that keep coming do not keep the others waiting', async () => {
    const p = played();
    for (const key of keys(100)) {
      void p.ask(key);
      await p.clock.advance(100);
    }
    expect(p.tries.length).toBeGreaterThan(1);
    await p.batches[Symbol.asyncDispose]();
  });

  it('that nobody waits for any more are not sent, and nothing is written down of them', async () => {
    const p = played();
    const ends = keys(3).map((key) => p.ask(key));
    p.batches.leaveOut(({ key }) => key === 'k0001');
    await p.clock.advance(SETTLED);
    expect(p.sent.map(({ lines }) => lines.length)).toEqual([2]);
    expect(words(await ends[1]!)).toBe('left');
    p.batches.leave();
    expect(await all(ends)).toEqual(['left', 'left', 'left']);
    expect(words(await p.ask('late'))).toBe('left');
    expect(p.book).toEqual(['intend 2', 'sent batch-1']);
  });
});

describe('answers', () => {
  it('are given out as they come; those of a cell that came late are read again', async () => {
    const p = played({ until: 'sent' });
    for (const key of keys(3)) void p.ask(key);
    await p.clock.advance(SETTLED);
    const [batch] = p.sent;
    const items = batch!.lines.map(itemIn);
    p.end();
    const ends = [p.ask('k0000', { out: { tag: batch!.tag, item: items[0]! } })];
    p.onLine = (item) => {
      if (item !== items[2] || ends.length > 1) return;
      // Its line was read before.
      ends.push(p.ask('k0001', { out: { tag: batch!.tag, item: items[1]! } }));
    };
    await p.clock.runUntil(() => ends.length > 1);
    await p.clock.advance(SETTLED);
    expect(await all(ends)).toEqual(['answer', 'answer']);
    expect(p.tries).toEqual([3]);
  });

  it('that the file lacks are not taken for missing before it was fetched some times, whatever the vendor counts', async () => {
    const p = played();
    const ends = keys(2).map((key) => p.ask(key));
    await p.clock.advance(SETTLED);
    const [batch] = p.sent;
    batch!.state = { kind: 'ended', files: [batch!.id], answers: null };
    p.files.set(batch!.id, []);
    let reads = 0;
    p.onLine = () => {
      reads++;
    };
    await p.clock.advance(100);
    p.files.delete(batch!.id);
    await p.clock.advance(60_000);
    expect(await all(ends)).toEqual(['answer', 'answer']);
    expect(reads).toBe(2);
  });
});

describe('a batch that is refused as a whole', () => {
  const refusedFor = (message: string, of: Partial<Failure> = {}, lines = new Map<number, string>()) => ({
    kind: 'refused' as const,
    lines,
    failure: { kind: 'bad-request' as const, status: 400, message, retryAfterMs: null, ...of },
  });

  it('without a line that is the reason stops its account once, with what to do; no cell fails for it', async () => {
    const p = played();
    const ends = keys(3).map((key) => p.ask(key));
    await p.clock.advance(SETTLED);
    p.sent[0]!.state = refusedFor('it was refused as a whole: the hard limit of billing is reached');
    await p.clock.advance(10_000);
    const [first, ...others] = await Promise.all(ends);
    expect(words(first!)).toMatch(
      /^unauthorized: batch batch-1: it was refused as a whole: the hard limit of billing .*--no-batch/,
    );
    expect(first).toMatchObject({ answer: { failure: { refuses: 'all', isUnsent: true } } });
    expect(others.map(words)).toEqual(['left', 'left']);
    expect(p.book.at(-1)).toMatch(/^dropped: batch batch-1: it was refused/);
    expect(p.tries).toEqual([3]);
  });

  it('because the vendor broke is tried again by the loop, as a call would be', async () => {
    const p = played();
    const ends = keys(2).map((key) => p.ask(key));
    await p.clock.advance(SETTLED);
    p.sent[0]!.state = refusedFor('server_error', { kind: 'overloaded' });
    await p.clock.advance(10_000);
    expect(await all(ends)).toEqual(Array(2).fill('overloaded: batch batch-1: server_error'));
  });

  it('for some lines fails those, each in the words about it; the others go again and have failed nothing', async () => {
    const p = played();
    const ends = keys(4).map((key) => p.ask(key));
    await p.clock.advance(SETTLED);
    const lines = new Map([
      [1, 'no such parameter'],
      [3, 'no such tool'],
    ]);
    p.sent[0]!.state = refusedFor('two lines are no good', {}, lines);
    await p.clock.runUntil(() => p.sent.length === 2);
    p.end(({ id }) => id === 'batch-2');
    await p.clock.runUntil(() => false);
    expect(await all(ends)).toEqual([
      'answer',
      'bad-request: batch batch-1 was refused for this request: no such parameter',
      'answer',
      'bad-request: batch batch-1 was refused for this request: no such tool',
    ]);
    expect(p.tries).toEqual([4, 2]);
  });
});

describe('an account in which too much is enqueued', () => {
  it('is sent smaller batches until it takes one, then larger ones; no cell fails, and each is sent once', async () => {
    const p = played();
    // It takes three at a time while nothing is out.
    const refuse = (lines: readonly string[]): SendEnd | null => (lines.length > 3 ? BUSY : null);
    p.says.push(...Array(500).fill(refuse));
    const ends = keys(16).map((key) => p.ask(key));
    await p.clock.runUntil(() => {
      p.end();
      return p.sent.reduce((sum, { lines }) => sum + lines.length, 0) === 16;
    });
    p.end();
    await p.clock.runUntil(() => false);
    expect(new Set(await all(ends))).toEqual(new Set(['answer']));
    expect(
      p.sent.flatMap(({ lines, tag }) => lines.map((line) => itemIn(line).replace(tag, ''))).length,
    ).toBe(16);
    const notes = p.events.flatMap((event) => (event.kind === 'diagnostic' ? [event.code] : []));
    expect(notes).toContain('batch-no-room');
  });

  it('is waited for while batches of ours are out there, as long as that takes', async () => {
    const p = played({ maxItems: 3 });
    const ends = keys(6).map((key) => p.ask(key));
    p.says.push(() => null, ...Array(10_000).fill(() => (p.sent[0]?.state.kind === 'ended' ? null : BUSY)));
    await p.clock.advance(12 * 3_600_000);
    expect(p.sent.length).toBe(1);
    p.end();
    await p.clock.runUntil(() => {
      p.end();
      return false;
    });
    expect(new Set(await all(ends))).toEqual(new Set(['answer']));
    expect(p.events.filter(({ kind }) => kind === 'diagnostic').length).toBe(1);
    // As large as before: it was not the size.
    expect(p.sent.map(({ lines }) => lines.length)).toEqual([3, 3]);
  });

  it('that takes not even one item is told to the loop', async () => {
    const p = played();
    p.says.push(...Array(50).fill(() => BUSY));
    const end = p.ask('a');
    await p.clock.advance(600_000);
    expect(words(await end)).toBe('rate-limited: too many tokens are enqueued');
  });

  it('is not waited for where batches are only to be sent: the cells are left', async () => {
    const p = played({ until: 'sent' });
    p.says.push(...Array(50).fill(() => BUSY));
    const ends = keys(2).map((key) => p.ask(key));
    await p.clock.advance(600_000);
    expect(await all(ends)).toEqual(['left', 'left']);
    expect(p.events).toMatchObject([
      { kind: 'diagnostic', hint: expect.stringContaining('npx expgraph run sends them') },
    ]);
  });
});

describe('an account at which nobody listens', () => {
  const NOBODY: SendEnd = {
    kind: 'failed',
    isSure: true,
    failure: {
      kind: 'network',
      status: null,
      message: 'refused',
      retryAfterMs: null,
      isNobodyThere: 'server',
    },
  };

  it('is asked for one cell until it takes one: that alone is told, and all others go together then', async () => {
    const p = played();
    let isThere = false;
    p.says.push(...Array(500).fill(() => (isThere ? null : NOBODY)));
    const told: string[] = [];
    const ends = keys(50).map((key) => p.ask(key));
    for (const end of ends) void end.then((one) => void told.push(words(one)));
    await p.clock.advance(20_000);
    expect(told.length).toBeGreaterThan(1);
    expect(told.length).toBeLessThan(15);
    expect(new Set(told)).toEqual(new Set(['network: refused']));
    expect(new Set(p.tries)).toEqual(new Set([50, 1]));
    isThere = true;
    await p.clock.runUntil(() => {
      p.end();
      return false;
    });
    await all(ends);
    const failed = told.filter((end) => end !== 'answer').length;
    expect(p.sent.map(({ lines }) => lines.length)).toEqual([1, 49 - failed]);
  });
});
