// The two forms of batches over pieces of bytes as a network may give them.
import { describe, expect, it } from 'vitest';
import { anthropicWire } from '../../src/batches/anthropic-wire.ts';
import { openAiWire } from '../../src/batches/openai-wire.ts';
import type { BatchWire, ItemEnd } from '../../src/batches/wire.ts';
import { ok } from '../../src/core/result.ts';
import type { SplitClient } from '../../src/providers/provider.ts';

const NOBODY = { kind: 'failure', failure: {}, requestId: null, limits: null } as never;

/** @param answers by path: JSON, or pieces of a file */
function clientOf(answers: { readonly [path: string]: object | readonly Uint8Array[] }): SplitClient {
  return {
    bodyOf: () => Promise.reject(new Error('not asked')),
    read: async () => NOBODY,
    async ask({ path, take }) {
      const answer = answers[path]!;
      if (!Array.isArray(answer))
        return ok({ status: 200, headers: new Headers(), text: JSON.stringify(answer) });
      try {
        for (const piece of answer) await take!(piece);
      } catch (cause) {
        const message = String(cause);
        return { kind: 'err', error: { kind: 'network', status: null, message, retryAfterMs: null } };
      }
      return ok({ status: 200, headers: new Headers(), text: '' });
    },
  };
}

async function read(wire: BatchWire, pieces: readonly Uint8Array[]): Promise<ReadonlyMap<string, ItemEnd>> {
  const client = clientOf({ '/files/f/content': pieces, '/messages/batches/f/results': pieces });
  const found = new Map<string, ItemEnd>();
  const { signal } = new AbortController();
  const done = await wire.results({ client, signal }, { files: ['f'], answers: null }, async (item, end) => {
    found.set(item, end);
  });
  expect(done.kind).toBe('ok');
  return found;
}

describe.each([
  [
    'OpenAI',
    openAiWire('chat'),
    (item: string, text: string) => ({ custom_id: item, response: { status_code: 200, body: { text } } }),
  ],
  [
    'Anthropic',
    anthropicWire,
    (item: string, text: string) => ({ custom_id: item, result: { type: 'succeeded', message: { text } } }),
  ],
] as const)('%s: a file of answers', (_name, wire, line) => {
  const whole = Buffer.from(
    `${JSON.stringify(line('a', 'ä 漢 🎈'))}\n\n${JSON.stringify(line('b', 'x\u2028y'))}\r\nno json\n[1]\n${JSON.stringify(line('c', 'z'))}\n`,
  );

  it('is the same wherever it is cut into pieces', async () => {
    const expected = await read(wire, [whole]);
    expect([...expected.keys()]).toEqual(['a', 'b', 'c']);
    expect(expected.get('a')).toMatchObject({ text: '{"text":"ä 漢 🎈"}' });
    for (let at = 0; at <= whole.length; at++)
      expect(await read(wire, [whole.subarray(0, at), whole.subarray(at)])).toEqual(expected);
    expect(
      await read(
        wire,
        [...whole].map((byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(expected);
  });

  it('that ends anywhere gives the answers that are whole, and never part of one', async () => {
    const expected = await read(wire, [whole]);
    for (let at = 0; at < whole.length; at++) {
      const found = await read(wire, [whole.subarray(0, at)]);
      for (const [item, end] of found) expect(end).toEqual(expected.get(item));
      expect(found.size).toBeLessThanOrEqual(3);
    }
  });
});

describe('a batch that OpenAI refuses', () => {
  const look = async (errors: object): Promise<unknown> => {
    const client = clientOf({ '/batches/b': { id: 'b', status: 'failed', errors } });
    const { signal } = new AbortController();
    const looked = await openAiWire('chat').look({ client, signal }, 'b');
    return looked.kind === 'ok' ? looked.value : looked;
  };

  it.each([
    ['token_limit_exceeded', 'rate-limited'],
    ['server_error', 'overloaded'],
    ['billing_hard_limit_reached', 'bad-request'],
    ['model_not_found', 'bad-request'],
  ])('for %s is told apart: %s', async (code, kind) => {
    const told = await look({ data: [{ code, message: 'in words', line: null }] });
    expect(told).toMatchObject({
      kind: 'refused',
      failure: { kind, message: 'it was refused as a whole: in words' },
      lines: new Map(),
    });
  });

  it('without a word says so; of lines each has its own', async () => {
    expect(await look({})).toMatchObject({
      failure: { message: 'it was refused as a whole: no reason was given' },
    });
    const data = [
      { code: 'a', message: 'first', line: 1 },
      { code: 'b', line: 3 },
    ];
    expect(await look({ data })).toMatchObject({
      lines: new Map([
        [0, 'first'],
        [2, 'b'],
      ]),
    });
  });
});

it('the batch of Anthropic that may be ours is told by its first answer: the rest of its file is not read', async () => {
  const tag = 't'.repeat(16);
  const list = {
    data: [
      {
        id: 'msgbatch_1',
        processing_status: 'ended',
        request_counts: { processing: 0, succeeded: 2, errored: 0, canceled: 0, expired: 0 },
        created_at: '2026-11-29T10:00:00Z',
      },
    ],
  };
  let given = 0;
  const pieces = ['a', 'b'].map((key) =>
    Buffer.from(`${JSON.stringify({ custom_id: `${tag}-${key}`, result: { type: 'expired' } })}\n`),
  );
  const counted = {
    *[Symbol.iterator]() {
      for (const piece of pieces) {
        given++;
        yield piece;
      }
    },
  };
  const client = clientOf({
    '/messages/batches?limit=100': list,
    '/messages/batches/msgbatch_1/results': Object.assign([], counted),
  });
  const { signal } = new AbortController();
  const sinceMs = Date.parse('2026-11-29T10:00:00Z');
  const found = await anthropicWire.find(
    { client, signal },
    { tag, items: [`${tag}-a`, `${tag}-b`], sinceMs, nowMs: sinceMs },
  );
  expect([found, given]).toEqual([{ kind: 'ok', value: { kind: 'found', id: 'msgbatch_1' } }, 1]);
});

it('a file that is longer than a string can be is read in the memory of a line', async () => {
  const line = { custom_id: 'a', response: { status_code: 200, body: { text: 'x'.repeat(1_000_000) } } };
  const one = Buffer.from(`${JSON.stringify(line)}\n`);
  // As if it came over a network: the same piece again and again.
  const pieces = Array.from({ length: 540 }, () => one);
  const before = process.memoryUsage().rss;
  let count = 0;
  const client = clientOf({ '/files/f/content': pieces });
  const { signal } = new AbortController();
  const done = await openAiWire('chat').results(
    { client, signal },
    { files: ['f'], answers: null },
    async () => {
      count++;
    },
  );
  expect([done.kind, count]).toEqual(['ok', 540]);
  expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000);
});
