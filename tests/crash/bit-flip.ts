// One bit of one file flips, as old disks and bad cables do it: half of the time even the file's size and time are the
// same. Nothing damaged is ever served.
import assert from 'node:assert/strict';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openReader } from '../../src/cache/index/reader.ts';
import type { Store } from '../../src/cache/store.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import { checkServed, isStoreTrouble, makePristine, type Pristine, pendingCells } from '../rig/damage.ts';
import { withFastFolder } from '../rig/folder.ts';
import type { Row } from '../rig/row.ts';
import { CELLS, checkStore, content, drawId, openAt, viewOf } from '../rig/story.ts';

export const row: Row = {
  name: 'bit-flip',
  how: 'one random bit of one random file of a store is flipped (history, parts, view, index, invocation.json, ...), half of the time behind the back of the file system',
  holds:
    'no damaged record is ever served or shown in the view; fsck names file, line and key; after reindex exactly the damaged cells are drawn again and derived files are as before',
  full: 1_000,
  unit: 'flips',
  seconds: 30,
  async run({ count, random, isOver }) {
    return withFastFolder(async (folder) => {
      const pristine = await makePristine(folder);
      const seen = { tried: 0, history: 0, view: 0, index: 0, again: 0, unseen: 0 };
      for (; seen.tried < count && !isOver(); seen.tried++) {
        const flip = randomFlip(pristine, random);
        const kind = kindOf(flip.file);
        const { noticed, again } = await oneFlip(pristine, flip);
        if (kind in seen) seen[kind as 'history' | 'view' | 'index']++;
        if (kind === 'index' && again) seen.again++;
        if (!noticed) seen.unseen++;
      }
      return {
        tried: seen.tried,
        seen: `${seen.history} in the history, ${seen.view} in the view, ${seen.index} in the index (${seen.again} of these would have a task drawn again until reindex): 0 served; ${seen.unseen} in places where nothing is said (free pages, words of invocation.json)`,
      };
    });
  },
};

type Flip = {
  readonly file: string;
  readonly byte: number;
  readonly bit: number;
  /** The file's time stays as it was. */
  readonly silent: boolean;
};
type Kind = 'history' | 'view' | 'index' | 'invocation' | 'other';

function kindOf(file: string): Kind {
  if (file.startsWith('history/')) return file.endsWith('.jsonl') ? 'history' : 'invocation';
  if (file.startsWith('runs/')) return 'view';
  return file.startsWith('index.db') ? 'index' : 'other';
}

function randomFlip(pristine: Pristine, random: () => number): Flip {
  const files = pristine.files.filter((file) => statSync(path.join(pristine.root, file)).size > 0);
  const file = files[Math.floor(random() * files.length)]!;
  const { size } = statSync(path.join(pristine.root, file));
  const byte = Math.floor(random() * size);
  return { file, byte, bit: Math.floor(random() * 8), silent: random() < 0.5 };
}

/** Did fsck say anything, and would a run before any reindex draw something again? */
async function oneFlip(
  pristine: Pristine,
  flip: Flip,
): Promise<{ readonly noticed: boolean; readonly again: boolean }> {
  const what = `bit ${flip.bit} of byte ${flip.byte} of ${flip.file}${flip.silent ? ', silently' : ''}`;
  return pristine.withCopy(async (root) => {
    flipBit(root, flip);
    const kind = kindOf(flip.file);
    if (flip.file === 'VERSION') return { noticed: checkVersionFlip(root, what), again: false };
    const { findings } = checkStore(root);
    if (kind === 'history') checkFindings({ root, flip, what, pristine });
    if (kind === 'view') {
      // A changed name or invocation reads like a view of an earlier manifest: that much is said, as a note.
      assert(
        findings.some(({ file }) => file === path.join(root, flip.file)),
        `${what}: fsck does not see it`,
      );
    }
    let again = false;
    try {
      using reader = openReader(root);
      checkServed(reader, { pristine, what });
      using store = openAt(root);
      checkServed(store, { pristine, what });
      again = pendingCells(store).length > 0;
      store.refreshView(CELLS);
      if (kind !== 'view') checkView({ root, pristine, what });
    } catch (cause) {
      // Said in one sentence is as good as not served; anything else is a bug.
      if (!isStoreTrouble(cause) || kind !== 'index') throw cause;
    }
    using store = openAt(root, 'rebuild');
    checkRebuilt({ store, pristine, flip, root, what });
    return { noticed: findings.length > 0, again };
  });
}

function flipBit(root: string, flip: Flip): void {
  const file = path.join(root, flip.file);
  const { atime, mtime } = statSync(file);
  const bytes = readFileSync(file);
  bytes[flip.byte]! ^= 1 << flip.bit;
  writeFileSync(file, bytes);
  // To the millisecond a copy could not tell, to the nanosecond it is what the index saw.
  if (flip.silent) utimesSync(file, atime, mtime);
}

/** It is `1` and a line end: another text is refused, or is still a 1. */
function checkVersionFlip(root: string, what: string): boolean {
  const version = Number(readFileSync(path.join(root, 'VERSION'), 'utf8').trim());
  if (version === 1) {
    openAt(root)[Symbol.dispose]();
    return false;
  }
  assert.throws(() => openAt(root), isStoreTrouble, what);
  assert.throws(() => openReader(root), isStoreTrouble, what);
  return true;
}

/** fsck says which line it is and, where it can still be read, whose. */
function checkFindings(at: {
  readonly root: string;
  readonly flip: Flip;
  readonly what: string;
  readonly pristine: Pristine;
}): void {
  const { root, flip, what } = at;
  const file = path.join(root, flip.file);
  const damage = checkStore(root).findings.filter(({ severity }) => severity === 'damage');
  const whole = readFileSync(path.join(at.pristine.root, flip.file));
  const line = whole.subarray(0, flip.byte).filter((byte) => byte === 10).length + 1;
  const isLastEnd = flip.byte === whole.length - 1;
  // Without its line end the last line is a torn tail, which is a note: it is whole again in no one's eyes.
  if (isLastEnd) return;
  const named = damage.find((finding) => finding.file === file && finding.line === line);
  assert(named, `${what}: fsck does not name ${flip.file}:${line} but ${JSON.stringify(damage)}`);
  const start = whole.lastIndexOf(10, flip.byte - 1) + 1;
  const end = whole.indexOf(10, start);
  const key = /"key":"([0-9a-f]{64})"/.exec(whole.subarray(start, end).toString('latin1'));
  if (!key || (flip.byte >= start && flip.byte <= start + key.index + key[0].length)) return;
  assert(named.message.includes(key[1]!), `${what}: fsck does not name the key: ${named.message}`);
}

function checkView(at: { readonly root: string; readonly pristine: Pristine; readonly what: string }): void {
  for (const text of Object.values(viewOf(at.root))) {
    for (const line of text.split('\n').filter((each) => each !== '')) {
      const record = JSON.parse(line) as ScenarioResult;
      if (record.type !== 'scenario_result') continue;
      const original = at.pristine.originals.get(drawId(record));
      assert(original, `${at.what}: the view holds ${drawId(record)}`);
      const { stale, in_scope, ...rest } = record;
      const words = original.replace(/\d{4,}-\d{8}T\d{6}Z(?:-\w{8})?/, 'some invocation');
      assert.equal(content(rest), words, `${at.what}: the view holds a damaged record`);
    }
  }
}

/** What is read anew from the history: all but the damaged line, and exactly its cell is drawn again. */
function checkRebuilt(at: {
  readonly store: Store;
  readonly pristine: Pristine;
  readonly flip: Flip;
  readonly root: string;
  readonly what: string;
}): void {
  const { store, pristine, what } = at;
  const served = checkServed(store, { pristine, what });
  const lost = [...pristine.originals.keys()].filter((id) => !served.has(id));
  if (kindOf(at.flip.file) !== 'history') assert.deepEqual(lost, [], what);
  // A flipped line end joins two lines: no more than two are hurt by one bit.
  assert(lost.length <= 2, `${what}: ${lost.length} records are gone`);
  const completed = new Set(
    [...pristine.originals]
      .filter(([id, text]) => served.has(id) && text.includes('"status":"completed"'))
      .map(([id]) => id.slice(0, 64)),
  );
  const expected = CELLS.filter(({ key }) => !completed.has(key)).map(({ key }) => key);
  assert.deepEqual(pendingCells(store), expected, what);
  store.refreshView(CELLS);
  checkView({ root: at.root, pristine, what });
  if (
    lost.length === 0 &&
    at.flip.file.endsWith('parts.jsonl') === false &&
    kindOf(at.flip.file) !== 'history'
  ) {
    assert.deepEqual(viewOf(at.root), viewOf(pristine.root), `${what}: the view is not mended`);
  }
}
