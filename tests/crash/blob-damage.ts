// A body that is a file of its own is hurt: flipped, cut, emptied, gone, or another one under its name.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lockStore } from '../../src/cache/files.ts';
import { repair } from '../../src/cache/fsck/repair.ts';
import type { ScenarioResult } from '../../src/core/record.ts';
import { sampleKey } from '../../src/planner/key.ts';
import { checkServed, makePristine, type Pristine, pendingCells } from '../rig/damage.ts';
import { withFastFolder } from '../rig/folder.ts';
import type { Row } from '../rig/row.ts';
import { CELLS, checkStore, drawId, openAt, tellStory, viewOf } from '../rig/story.ts';

export const row: Row = {
  name: 'blob-damage',
  how: 'a body of 75 kB, kept beside its record as a blob, has a random bit flipped, is cut at a random byte, emptied, removed, or replaced by other bytes of its length',
  holds:
    'the body is never served; fsck names its file, and line and key of the record that names it; after fsck --repair exactly that cell is drawn again, and drawing it makes the store whole',
  full: 400,
  unit: 'damages',
  kinds: 5,
  seconds: 25,
  async run({ count, random, isOver }) {
    return withFastFolder(async (folder) => {
      const pristine = await makePristine(folder, 'one-is-a-blob');
      const file = onlyBlob(pristine.root);
      let tried = 0;
      for (; tried < count && !isOver(); tried++) {
        const [what, damage] = DAMAGES[tried % DAMAGES.length]!;
        await pristine.withCopy(async (root) => {
          damage({ file: path.join(root, file), random });
          await check({ root, file, what: `${what} (${tried})`, pristine });
        });
      }
      return { tried, seen: `${DAMAGES.length} ways of damage, 0 served` };
    });
  },
};

type Hurt = { readonly file: string; readonly random: () => number };

const DAMAGES: readonly (readonly [string, (hurt: Hurt) => void])[] = [
  [
    'a bit flipped',
    ({ file, random }) => {
      const bytes = readFileSync(file);
      bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
      writeFileSync(file, bytes);
    },
  ],
  ['cut', ({ file, random }) => truncateSync(file, Math.floor(random() * statSync(file).size))],
  ['emptied', ({ file }) => truncateSync(file, 0)],
  ['gone', ({ file }) => rmSync(file)],
  ['other bytes', ({ file }) => writeFileSync(file, Buffer.alloc(statSync(file).size, 'x'))],
];

function onlyBlob(root: string): string {
  const files = readdirSync(path.join(root, 'blobs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
  assert.equal(files.length, 1);
  return files[0]!;
}

async function check(at: {
  readonly root: string;
  readonly file: string;
  readonly what: string;
  readonly pristine: Pristine;
}): Promise<void> {
  const { root, what, pristine } = at;
  const [hurt] = [...pristine.originals].find(([, text]) => text.includes('a long answer.'))!;
  const sound = [...pristine.originals.keys()].filter((id) => id !== hurt);
  {
    using store = openAt(root);
    assert.deepEqual(checkServed(store, { pristine, what }), new Set(sound), what);
  }
  const key = hurt.slice(0, 64);
  const damage = checkStore(root).findings.filter(({ severity }) => severity === 'damage');
  const named = damage.find(({ message }) => message.includes(key));
  assert(named?.line, `${what}: fsck does not name the record but ${JSON.stringify(damage)}`);
  assert(
    damage.some(({ file, message }) => file.includes(at.file) || message.includes(path.basename(at.file))),
    `${what}: fsck does not name the blob but ${JSON.stringify(damage)}`,
  );
  repairAt(root);
  {
    using store = openAt(root);
    assert.deepEqual(pendingCells(store), [key], `${what}: not exactly that cell is drawn again`);
  }
  await tellAgain(at);
}

function repairAt(root: string): void {
  const lock = lockStore({ root, holder: { pid: 1, host: 'here', command: 'fsck --repair', since: '' } });
  assert(lock.kind === 'ok', 'the store is locked');
  const keyOf = (record: ScenarioResult): string => sampleKey(record.parts as never, record.run);
  repair({ root, cells: CELLS, keyOf, lock: lock.value, redact: (text) => text });
}

/** The story told once more draws what is missing, under the next generation, and the view is as it was. */
async function tellAgain(at: {
  readonly root: string;
  readonly what: string;
  readonly pristine: Pristine;
}): Promise<void> {
  const drawn = new Map<string, ScenarioResult>();
  await tellStory(at.root, drawn, 'one-is-a-blob');
  assert.equal(drawn.size, 1, at.what);
  const bare = (view: Record<string, string>): string =>
    JSON.stringify(view).replaceAll(/\\"generation\\":\d+/g, '');
  assert.equal(bare(viewOf(at.root)), bare(viewOf(at.pristine.root)), `${at.what}: another view`);
  const [again] = [...drawn.values()];
  using store = openAt(at.root);
  const served = [...store.records()].map((record) => store.read(record)).filter(({ kind }) => kind === 'ok');
  assert(
    served.some((read) => read.kind === 'ok' && drawId(read.value) === drawId(again!)),
    `${at.what}: what was drawn again is not served`,
  );
}
