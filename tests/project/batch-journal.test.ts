// What is written down of a batch, cut at every byte and with a bit turned in each: a cell that may be out is never taken for one that is
// not, and nothing that is damaged passes for whole.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type KeptBatch, noteBatch, readBatches, writeBatch } from '../../src/cache/disk/batch-files.ts';
import { checkBatches } from '../../src/cache/fsck/fsck-batches.ts';
import { StoreError } from '../../src/cache/store.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { readStrays } from '../../src/project/draw/stray-items.ts';
import { readOut } from '../../src/project/select/out-batches.ts';
import { tempFolder } from '../rig/temp.ts';

const TAG = '0123456789abcdef';
const KEYS = ['a', 'b'].map((letter) => letter.repeat(64));
const ITEMS = KEYS.map((key) => `${TAG}-${key.slice(0, 40)}`);
const EMPTY_STORE = {
  ofCell: () => [],
  read: () => ({ kind: 'err', error: 'nothing' }) as const,
  tried: () => new Set<string>(),
  triedItems: () => new Set<string>(),
};
const AT = '2026-11-29T10:00:00.000Z';
const plain = (text: string): string => text;

let root: string;
let batch: KeptBatch;

beforeEach(async () => {
  root = tempFolder();
  const endpoint = { type: 'openai', baseUrl: 'http://127.0.0.1:1/v1' } as never;
  const entries = KEYS.map((key, i) => ({
    item: ITEMS[i]!,
    key,
    variant: 'one',
    scenario: `s${i}`,
    run: 1,
  }));
  batch = await writeBatch(root, {
    head: {
      tag: TAG,
      wire: 'openai',
      provider: 'vendor',
      endpoint,
      model: 'm',
      invocation: '0001_x',
      isForced: false,
      intendedAt: AT,
      entries,
      bytes: 10,
      digest: 'd',
    },
    orders: orders(),
    redact: plain,
  });
});

function* orders(): Generator<JsonObject> {
  yield { type: 'part', v: 1, digest: 'p', content: {} };
  yield { type: 'row', v: 1, row: 'r', slug: 'one', content: {} };
  for (const [i, item] of ITEMS.entries()) {
    const task = {
      key: KEYS[i]!,
      variant: 'one',
      scenario: `s${i}`,
      run: 1,
      category: null,
      parts: { v: 'p' },
    };
    yield { type: 'order', v: 1, item, row: 'r', provider: 'vendor', price: null, task, content: {} };
  }
}

/** The file's bytes cut before each byte, and with one bit of each turned: every bit has its turn. */
function* damages(bytes: Buffer): Generator<{ readonly how: string; readonly bytes: Buffer }> {
  for (let at = 0; at < bytes.length; at++) yield { how: `cut at ${at}`, bytes: bytes.subarray(0, at) };
  for (let at = 0; at < bytes.length; at++) {
    const flipped = Buffer.from(bytes);
    flipped[at]! ^= 1 << (at % 8);
    yield { how: `bit ${at % 8} of byte ${at}`, bytes: flipped };
  }
}

/** What a run would make of it. */
function seen(): 'all out' | 'none out' | 'some out' | { readonly stopped: string } {
  try {
    const out = readOut({ root, store: EMPTY_STORE });
    const placed = KEYS.filter((key) => out.placeOf(key, false)?.entry.key === key);
    if (placed.length === KEYS.length) return 'all out';
    return placed.length === 0 ? 'none out' : 'some out';
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    return { stopped: cause.message };
  }
}

describe('the file of a batch, cut anywhere or with a bit turned,', () => {
  it.each(['intended', 'sent'] as const)(
    'after it was %s: all its cells are out, or all stops',
    async (when) => {
      if (when === 'sent') await noteBatch(batch, { type: 'batch-sent', id: 'batch_1', at: AT });
      const whole = readFileSync(batch.file);
      const ways = new Set<string>();
      for (const { how, bytes } of damages(whole)) {
        writeFileSync(batch.file, bytes);
        const what = seen();
        if (typeof what === 'string') {
          expect(what, how).toBe('all out');
          ways.add(what);
          continue;
        }
        ways.add('stopped');
        expect(what.stopped, how).toContain(`${TAG}.jsonl`);
        expect(what.stopped, how).toContain('Nothing is sent before that is settled');
        expect(
          checkBatches(root).some(({ severity }) => severity === 'damage'),
          how,
        ).toBe(true);
      }
      // Of what is noted behind the intention the vendor knows as well.
      expect([...ways].sort()).toEqual(when === 'sent' ? ['all out', 'stopped'] : ['stopped']);
    },
  );

  it.each(['batch-dropped', 'batch-collected'] as const)(
    'after %s: it is over, or out, or all stops',
    async (type) => {
      await noteBatch(batch, { type: 'batch-sent', id: 'batch_1', at: AT });
      const note = type === 'batch-dropped' ? { type, why: 'refused', at: AT } : { type, at: AT };
      await noteBatch(batch, note);
      const whole = readFileSync(batch.file);
      for (const { how, bytes } of damages(whole)) {
        writeFileSync(batch.file, bytes);
        const what = seen();
        expect(typeof what === 'string' ? what : 'stopped', how).not.toBe('some out');
        // An id that was noted is never another one.
        const read = readBatches(root).batches[0];
        expect([undefined, null, 'batch_1'], how).toContain(read?.sent === null ? null : read?.sent?.id);
      }
    },
  );

  it('a note that was cut off spoils none that follows', async () => {
    const intention = readFileSync(batch.file);
    await noteBatch(batch, { type: 'batch-sent', id: 'batch_1', at: AT });
    const whole = readFileSync(batch.file);
    for (let at = intention.length; at < whole.length; at++) {
      writeFileSync(batch.file, whole.subarray(0, at));
      await noteBatch(batch, { type: 'batch-sent', id: 'batch_2', at: AT });
      expect(readBatches(root).batches[0]?.sent?.id, `cut at ${at}`).toBe('batch_2');
    }
  });
});

describe('what records of a batch need, cut anywhere or with a bit turned,', () => {
  const strays = () => {
    const record = { invocation: 'i', started_at: AT } as never;
    return readStrays({ out: readOut({ root, store: EMPTY_STORE }), asked: new Set(), record });
  };

  it('is whole, or all stops: no answer that is paid is dropped in silence', () => {
    const file = path.join(root, 'batches', `${TAG}.orders.jsonl`);
    const whole = readFileSync(file);
    expect(strays().map(({ task }) => task.key)).toEqual(KEYS);
    for (const { how, bytes } of damages(whole)) {
      writeFileSync(file, bytes);
      expect(strays, how).toThrow(`npx expgraph batches --forget ${TAG}`);
      expect(
        checkBatches(root).map(({ code }) => code),
        how,
      ).toContain('batch-orders');
    }
  });

  it('is not missed where cells of the manifest ask for all of it', () => {
    writeFileSync(path.join(root, 'batches', `${TAG}.orders.jsonl`), '');
    const record = { invocation: 'i', started_at: AT } as never;
    expect(readStrays({ out: readOut({ root, store: EMPTY_STORE }), asked: new Set(ITEMS), record })).toEqual(
      [],
    );
  });
});
