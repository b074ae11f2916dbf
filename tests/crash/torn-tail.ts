// Files that end in the middle: every file of a store cut at every byte of its last three lines, and anywhere.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { openReader } from '../../src/cache/index/reader.ts';
import { shuffle } from '../../src/core/shuffle.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { checkServed, isStoreTrouble, makePristine, type Pristine } from '../rig/damage.ts';
import { filesBelow, tail } from '../rig/files.ts';
import { withFastFolder, withFolder } from '../rig/folder.ts';
import { program } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS, writeExperiment } from '../rig/small-experiment.ts';
import { CELLS, openAt, serve, viewOf } from '../rig/story.ts';

/** SQLite reads pages, not lines: their ends are taken in strides. */
const PAGE_STRIDE = 61;
const RANDOM_CUTS = 1_000;
/** Of a thousand cuts this many are shown to the real program. */
const BY_PROGRAM = 0.002;

export const row: Row = {
  name: 'torn-tail',
  how: 'a file of each kind in a store cut at each byte of its last three lines (SQLite: of its last pages, in strides), and 1,000 cuts anywhere in any file; some of them before the real program',
  holds:
    'the store opens, every whole record is served, the tail goes to quarantine/ with one warning, the view is as the records say; an emptied VERSION is refused in one sentence',
  full: 7_000,
  unit: 'cuts',
  seconds: 150,
  async run({ count, random, isOver }) {
    return withFastFolder(async (folder) => {
      const pristine = await makePristine(folder);
      const kinds = oneOfEachKind(pristine);
      const all = kinds.flatMap((file) => cutsOf(pristine, file));
      const step = count >= row.full ? 1 : Math.ceil(row.full / count);
      const cuts = all.filter((_, i) => (i + Math.floor(random() * step)) % step === 0);
      for (let i = 0; i < RANDOM_CUTS / step; i++) cuts.push(randomCut(pristine, random));
      const seen = { tried: 0, tails: 0, program: 0 };
      // In any order: a row that is cut by time has tried every kind.
      for (const cut of shuffle(cuts, random)) {
        if (isOver()) break;
        seen.tried++;
        seen.tails += (await oneCut(pristine, cut)) ? 1 : 0;
      }
      for (let i = 0; i < Math.max(1, cuts.length * BY_PROGRAM) && !isOver(); i++) {
        await cutBeforeProgram(random);
        seen.program++;
      }
      return {
        tried: seen.tried + seen.program,
        seen: `${kinds.length} kinds of files; ${seen.tails} torn tails set aside; ${seen.program} cuts mended by the program`,
      };
    });
  },
};

type Cut = { readonly file: string; readonly size: number };

/** The longest file of each kind, whatever kinds a store has: names of variants, invocations and digests do not count. */
function oneOfEachKind(pristine: Pristine): readonly string[] {
  const longest = new Map<string, { readonly file: string; readonly size: number }>();
  for (const file of pristine.files) {
    const kind = file
      .replace(/\d{4,}-\d{8}T\d{6}Z(?:-\w{8})?/, '*')
      .replace(/[^/]+_run\d+\.jsonl$/, '*.jsonl')
      .replace(/[0-9a-f]{2}\/[0-9a-f]{64}/, '*');
    const { size } = statSync(path.join(pristine.root, file));
    if (size > (longest.get(kind)?.size ?? -1)) longest.set(kind, { file, size });
  }
  return [...longest.values()].map(({ file }) => file);
}

function cutsOf(pristine: Pristine, file: string): readonly Cut[] {
  const bytes = readFileSync(path.join(pristine.root, file));
  if (file.startsWith('index.db')) {
    const sizes = Array.from({ length: Math.ceil(bytes.length / PAGE_STRIDE) }, (_, i) => i * PAGE_STRIDE);
    return sizes.slice(-300).map((size) => ({ file, size }));
  }
  let from = bytes.length;
  for (let lines = 0; lines < 3 && from > 0; lines++) from = bytes.lastIndexOf(10, from - 2) + 1;
  return Array.from({ length: bytes.length - from }, (_, i) => ({ file, size: from + i }));
}

function randomCut(pristine: Pristine, random: () => number): Cut {
  const file = pristine.files[Math.floor(random() * pristine.files.length)]!;
  return { file, size: Math.floor(random() * statSync(path.join(pristine.root, file)).size) };
}

/** @returns whether a tail was set aside. */
async function oneCut(pristine: Pristine, cut: Cut): Promise<boolean> {
  const what = `${cut.file} cut at byte ${cut.size}`;
  return pristine.withCopy(async (root) => {
    const file = path.join(root, cut.file);
    truncateSync(file, cut.size);
    if (cut.file === 'VERSION' && cut.size === 0) {
      assert.throws(() => openAt(root), isStoreTrouble, what);
      return false;
    }
    const isHistory = cut.file.startsWith('history/') && cut.file.endsWith('.jsonl');
    // As a crash leaves it: the index never knew of what was not whole.
    if (isHistory) for (const name of indexFiles(root)) rmSync(path.join(root, name));
    const expected = isHistory ? keptBy(pristine, cut) : new Set(pristine.originals.keys());
    {
      using reader = openReader(root);
      assert.deepEqual(checkServed(reader, { pristine, what }), expected, what);
    }
    using store = openAt(root);
    assert.deepEqual(checkServed(store, { pristine, what }), expected, what);
    store.refreshView(CELLS);
    if (!isHistory) {
      assert.deepEqual(viewOf(root), viewOf(pristine.root), what);
      return false;
    }
    return checkTail({ root, cut, what, warnings: store.diagnostics.map(({ code }) => code) });
  });
}

function checkTail(at: {
  readonly root: string;
  readonly cut: Cut;
  readonly what: string;
  readonly warnings: readonly string[];
}): boolean {
  const bytes = readFileSync(path.join(at.root, at.cut.file));
  const isTorn = bytes.length < at.cut.size;
  assert(bytes.length === 0 || bytes.at(-1) === 10, `${at.what}: the file ends in the middle of a line`);
  assert.deepEqual(at.warnings, isTorn ? ['torn-tail'] : [], at.what);
  if (!isTorn) return false;
  const kept = readdirSync(path.join(at.root, 'quarantine'));
  assert.equal(kept.length, 1, at.what);
  const tailBytes = statSync(path.join(at.root, 'quarantine', kept[0]!)).size;
  assert.equal(bytes.length + tailBytes, at.cut.size, `${at.what}: a part of the tail is gone`);
  return true;
}

/** Ids of all records but those whose line is no more whole. */
function keptBy(pristine: Pristine, cut: Cut): Set<string> {
  const bytes = readFileSync(path.join(pristine.root, cut.file));
  const lost = bytes.subarray(bytes.lastIndexOf(10, cut.size - 1) + 1).toString('utf8');
  const ids = cut.size === 0 ? bytes.toString('utf8') : lost;
  const gone = new Set(
    ids
      .split('\n')
      .filter((line) => line.includes('"type":"scenario_result"'))
      .map((line) => JSON.parse(line) as { key: string; generation: number })
      .map(({ key, generation }) => `${key}@${generation}`),
  );
  return new Set([...pristine.originals.keys()].filter((id) => !gone.has(id)));
}

function indexFiles(root: string): readonly string[] {
  return readdirSync(root).filter((name) => name.startsWith('index.db'));
}

/** A killed run's file before the real program: one warning, exit 0, exactly the torn cell is drawn again. */
async function cutBeforeProgram(random: () => number): Promise<void> {
  await withFolder(async (cwd) => {
    const sim = '{ type: sim, sim: { latency_ms: 0 } }';
    writeExperiment(cwd, { variants: 2, scenarios: 3, runs: 1, concurrency: 4, sim });
    assert.equal((await program(['run'], { cwd })).code, 0);
    const root = path.join(cwd, ARTIFACTS);
    const files = filesBelow(path.join(root, 'history')).filter((name) => /_run\d+\.jsonl$/.test(name));
    const file = path.join(root, 'history', files[Math.floor(random() * files.length)]!);
    const bytes = readFileSync(file);
    const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    truncateSync(file, lastLine + 1 + Math.floor(random() * (bytes.length - lastLine - 1)));
    for (const name of indexFiles(root)) rmSync(path.join(root, name));
    const { code, stdout, stderr } = await program(['run', '--json'], { cwd });
    assert.equal(code, 0, tail(stderr));
    assert.equal(stderr.split('unfinished line').length - 1, 1, tail(stderr));
    const { executed, cached } = JSON.parse(stdout) as RunSummary;
    assert.deepEqual([executed, cached], [1, 5]);
    assert.equal((await program(['fsck'], { cwd })).code, 0);
    using reader = openReader(root);
    assert.equal(serve(reader).records.size, 6);
  });
}
