// The disk fails at the n-th operation, n = 1, 2, ... until a story goes through untouched. SQLite's own files are out
// of this: what may happen to them is the row index-lost.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ScenarioResult } from '../../src/core/record.ts';
import { breakDisk, type Fault } from '../rig/faulty-disk.ts';
import { withFastFolder } from '../rig/folder.ts';
import type { Row } from '../rig/row.ts';
import {
  type Acknowledged,
  bytesOf,
  checkStore,
  content,
  drawId,
  EVERYTHING,
  openAt,
  serve,
  tellStory,
  viewOf,
} from '../rig/story.ts';

const KINDS = ['die', 'tear', 'lose', 'lose-some', 'io-error', 'full', 'read-error'] as const;
/** More operations than any story needs: a fault that always strikes is a mistake of this row. */
const ENDLESS = 5_000;

export const row: Row = {
  name: 'every-write',
  how: 'the disk dies, tears the write, loses what was not synced (all or a part), answers EIO to a write or a read, or is full, each at the n-th operation of a story of three invocations, n = 1, 2, ... until it strikes no more',
  holds:
    'every acknowledged record is there, unchanged; nothing is there that was not put; a second recovery changes no byte; fsck has no more than notes; the story told to its end gives the view of an untouched one',
  full: 974,
  unit: 'faults',
  seconds: 200,
  async run({ count, random, isOver }) {
    return withFastFolder(async (folder) => {
      const expected = await untouched(path.join(folder, 'sound'));
      // A part of the whole takes each n-th operation of each kind, with a random first one.
      const step = count >= row.full ? 1 : Math.ceil(row.full / count);
      const struck: Record<string, number> = Object.fromEntries(KINDS.map((kind) => [kind, 0]));
      const open = new Set(KINDS);
      // All kinds side by side: a row that is cut by time has tried each of them.
      for (
        let at = step === 1 ? 1 : 1 + Math.floor(random() * step);
        open.size > 0 && !isOver();
        at += step
      ) {
        assert(at < ENDLESS, `${[...open]} strike for ever`);
        for (const kind of open) {
          if (await oneFault({ folder, fault: { kind, at, random }, expected })) struck[kind]!++;
          else open.delete(kind);
        }
      }
      const each = Object.entries(struck).map(([kind, faults]) => `${faults} ${kind}`);
      return {
        tried: Object.values(struck).reduce((sum, faults) => sum + faults, 0),
        seen: `${each.join(', ')}; 0 acknowledged lost or changed`,
      };
    });
  },
};

type Expected = {
  readonly view: Record<string, string>;
  readonly records: ReadonlyMap<string, string>;
};

async function untouched(folder: string): Promise<Expected> {
  const root = path.join(folder, 'artifacts', 'made');
  const acknowledged: Acknowledged = new Map();
  await tellStory(root, acknowledged, 'one-is-a-blob');
  assert.deepEqual(new Set(acknowledged.keys()), EVERYTHING);
  assert.deepEqual(checkStore(root).findings, []);
  return { view: viewOf(root), records: contents(acknowledged) };
}

/** @returns whether the fault struck. */
async function oneFault(at: {
  readonly folder: string;
  readonly fault: Fault;
  readonly expected: Expected;
}): Promise<boolean> {
  const { fault, expected } = at;
  const top = path.join(at.folder, 'broken');
  // Two levels that are not there yet: a store is made inside of an artifacts/ that is as new as itself.
  const root = path.join(top, 'artifacts', 'made');
  mkdirSync(top);
  const name = `${fault.kind} at operation ${fault.at}`;
  const acknowledged: Acknowledged = new Map();
  const disk = breakDisk(top, fault);
  let error: unknown = null;
  try {
    await tellStory(root, acknowledged, 'one-is-a-blob');
  } catch (cause) {
    error = cause;
  } finally {
    disk[Symbol.dispose]();
  }
  if (fault.kind === 'lose' || fault.kind === 'lose-some') disk.afterPowerLoss();
  if (error !== null) checkError({ error, name });
  const before = bytesAfterRecovery({ root, acknowledged, expected, name });
  openAt(root)[Symbol.dispose]();
  assert.deepEqual(bytesOf(root), before, `${name}: a second recovery changed something`);
  const wrong = checkStore(root).findings.filter(({ severity }) => severity !== 'note');
  assert.deepEqual(wrong, [], name);
  await tellStory(root, acknowledged, 'one-is-a-blob');
  assert.deepEqual(viewOf(root), expected.view, `${name}: another view`);
  assert.deepEqual(
    checkStore(root).findings.filter(({ severity }) => severity !== 'note'),
    [],
    name,
  );
  rmSync(top, { recursive: true });
  return disk.struck();
}

/** What the user gets to see is one sentence of the store, never a stack. */
function checkError(at: { readonly error: unknown; readonly name: string }): void {
  const { name: kind, stack } = at.error as Error;
  assert.equal(kind, 'StoreError', `${at.name}: ${stack}`);
}

function bytesAfterRecovery(at: {
  readonly root: string;
  readonly acknowledged: Acknowledged;
  readonly expected: Expected;
  readonly name: string;
}): Record<string, string> {
  const { acknowledged, expected, name } = at;
  {
    using store = openAt(at.root);
    const codes = store.diagnostics.map(({ code }) => code).filter((code) => code !== 'torn-tail');
    assert.deepEqual(codes, [], name);
    const { records, refused } = serve(store);
    assert.equal(refused, 0, name);
    for (const [id, record] of records) {
      assert.equal(bare(record), expected.records.get(id), `${name}: ${id} is none of the story's records`);
    }
    for (const [id, record] of acknowledged) {
      const kept = records.get(id);
      assert(kept, `${name}: ${id} was acknowledged and is lost`);
      assert.equal(content(kept), content(record), `${name}: ${id} was acknowledged and is changed`);
    }
  }
  return bytesOf(at.root);
}

function contents(acknowledged: Acknowledged): Map<string, string> {
  return new Map([...acknowledged.values()].map((record) => [drawId(record), bare(record)]));
}

/** Without the invocation: a story that is told in two pieces has more of them. */
function bare(record: ScenarioResult): string {
  return content({ ...record, invocation: '' });
}
