// The index is derived: whatever becomes of it, it is made anew from the history, identical, and nothing is drawn again.
import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { RunSummary } from '../../src/core/summary.ts';
import { checkServed, makePristine, type Pristine, pendingCells } from '../rig/damage.ts';
import { tail } from '../rig/files.ts';
import { withFastFolder, withFolder } from '../rig/folder.ts';
import { program } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS, writeExperiment } from '../rig/small-experiment.ts';
import { CELLS, checkStore, openAt, tellStory, viewOf } from '../rig/story.ts';

export const row: Row = {
  name: 'index-lost',
  how: "index.db is deleted, emptied, cut, filled with random bytes, replaced by a folder, given a newer version, another store's write-ahead log, its own of yesterday, or one made of random bytes",
  holds:
    'the index is rebuilt row for row as it was, fsck is clean, the view is the same, and no task is executed again; what was there is in quarantine/',
  full: 400,
  unit: 'losses',
  kinds: 12,
  seconds: 30,
  async run({ count, random, isOver }) {
    return withFastFolder(async (folder) => {
      const pristine = await makePristine(folder);
      const measure = dump(pristine.root);
      const stale = await staleLogs(folder);
      const names = Object.keys(LOSSES) as (keyof typeof LOSSES)[];
      let tried = 0;
      for (; tried < count && !isOver(); tried++) {
        const name = names[tried % names.length]!;
        await pristine.withCopy(async (root) => {
          LOSSES[name]({ root, random, stale });
          check({ root, what: `${name} (${tried})`, pristine, measure });
        });
      }
      if (!isOver()) for (const name of names) await beforeProgram({ name, random, stale });
      return {
        tried,
        seen: `${names.length} ways, each also before the real program: 0 records lost, 0 executed again`,
      };
    });
  },
};

type Loss = {
  readonly root: string;
  readonly random: () => number;
  /** A write-ahead log of another store, and one of this store from before its second invocation, as if made elsewhere. */
  readonly stale: { readonly other: string; readonly yesterday: string };
};

const LOSSES = {
  deleted: ({ root }: Loss) => forEachIndexFile(root, (file) => rmSync(file)),
  emptied: ({ root }: Loss) => truncateSync(path.join(root, 'index.db'), 0),
  cut: ({ root, random }: Loss) => {
    const file = path.join(root, 'index.db');
    truncateSync(file, Math.floor(random() * statSync(file).size));
  },
  'random bytes': ({ root, random }: Loss) => {
    const size = statSync(path.join(root, 'index.db')).size;
    writeFileSync(path.join(root, 'index.db'), randomBytes(size, random));
  },
  'random page': ({ root, random }: Loss) => {
    const bytes = readFileSync(path.join(root, 'index.db'));
    const page = Math.floor((random() * bytes.length) / 4096) * 4096;
    randomBytes(4096, random).copy(bytes, page);
    writeFileSync(path.join(root, 'index.db'), bytes);
  },
  'a folder': ({ root }: Loss) => {
    forEachIndexFile(root, (file) => rmSync(file));
    mkdirSync(path.join(root, 'index.db'));
  },
  'newer version': ({ root }: Loss) => {
    using database = new DatabaseSync(path.join(root, 'index.db'));
    database.exec('PRAGMA user_version = 99');
  },
  'other tables': ({ root }: Loss) => {
    using database = new DatabaseSync(path.join(root, 'index.db'));
    database.exec('DROP TABLE kept; CREATE TABLE kept(id INTEGER PRIMARY KEY)');
  },
  'log of another store': ({ root, stale }: Loss) =>
    copyFileSync(stale.other, path.join(root, 'index.db-wal')),
  'log of an earlier state': ({ root, stale }: Loss) =>
    copyFileSync(stale.yesterday, path.join(root, 'index.db-wal')),
  'log of random bytes': ({ root, random }: Loss) =>
    writeFileSync(path.join(root, 'index.db-wal'), randomBytes(40_000, random)),
  'random shared memory': ({ root, random }: Loss) =>
    writeFileSync(path.join(root, 'index.db-shm'), randomBytes(32_768, random)),
} as const;

function randomBytes(size: number, random: () => number): Buffer {
  return Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
}

function forEachIndexFile(root: string, action: (file: string) => void): void {
  for (const name of readdirSync(root)) if (name.startsWith('index.db')) action(path.join(root, name));
}

/**
 * Logs that were never checkpointed: a reader that holds on to the beginning keeps a writer's log alive.
 * They are copied while the writer is open; the copies outlive it.
 */
async function staleLogs(folder: string): Promise<Loss['stale']> {
  const logs = { other: path.join(folder, 'other-wal'), yesterday: path.join(folder, 'yesterday-wal') };
  for (const file of Object.values(logs)) {
    const root = path.join(folder, path.basename(file, '-wal'));
    await tellStory(root, new Map());
    using database = new DatabaseSync(path.join(root, 'index.db'));
    database.exec('PRAGMA wal_autocheckpoint = 0');
    // Every table is written anew, so that its pages are in the log.
    for (const table of ['files', 'texts', 'kept', 'head_table', 'parts', 'views']) {
      database.exec(`CREATE TEMP TABLE kept AS SELECT * FROM ${table}; DELETE FROM ${table};
        INSERT INTO ${table} SELECT * FROM kept; DROP TABLE kept;`);
    }
    if (file === logs.yesterday)
      database.exec('DELETE FROM kept WHERE sequence > 1; DELETE FROM files WHERE id > 3');
    copyFileSync(path.join(root, 'index.db-wal'), file);
  }
  return logs;
}

function check(at: {
  readonly root: string;
  readonly what: string;
  readonly pristine: Pristine;
  readonly measure: string;
}): void {
  const { root, what, pristine } = at;
  {
    using store = openAt(root);
    assert.deepEqual(checkServed(store, { pristine, what }), new Set(pristine.originals.keys()), what);
    assert.deepEqual(pendingCells(store), [], `${what}: tasks would run again`);
    store.refreshView(CELLS);
  }
  assert.equal(dump(root), at.measure, `${what}: the index is not what it was`);
  assert.deepEqual(viewOf(root), viewOf(pristine.root), what);
  assert.deepEqual(
    checkStore(root).findings.filter(({ severity }) => severity !== 'note'),
    [],
    what,
  );
}

/** Every row of every table that is made from the history, without the ids, which tell the order of reading. */
function dump(root: string): string {
  using database = new DatabaseSync(path.join(root, 'index.db'), { readOnly: true });
  const place = 'f.path, x.offset, x.length';
  const selects = [
    'SELECT path, size, n FROM files ORDER BY path',
    `SELECT ${place}, x.key, x.generation, x.sequence, x.variant, x.scenario, x.category, x.run, x.status, x.output_digest,
       x.started_at, x.latency_ms, x.input_tokens, x.output_tokens, x.cost_usd, x.attempts, x.served_model, x.part_variant,
       x.part_scenario, x.part_engine FROM records x JOIN files f ON f.id = x.file ORDER BY f.path, x.offset`,
    `SELECT k.key, k.status, k.sequence, ${place} FROM key_heads k JOIN records x ON x.id = k.id
       JOIN files f ON f.id = x.file ORDER BY k.key`,
    `SELECT c.variant, c.scenario, c.run, c.key, ${place} FROM cell_heads c JOIN records x ON x.id = c.id
       JOIN files f ON f.id = x.file ORDER BY c.variant, c.scenario, c.run`,
    'SELECT x.digest FROM parts x ORDER BY x.digest',
    `SELECT ${place}, x.why FROM damage x JOIN files f ON f.id = x.file ORDER BY f.path, x.offset`,
  ];
  return selects.map((sql) => JSON.stringify(database.prepare(sql).all())).join('\n');
}

async function beforeProgram(at: { readonly name: keyof typeof LOSSES } & Omit<Loss, 'root'>): Promise<void> {
  await withFolder(async (cwd) => {
    const sim = '{ type: sim, sim: { latency_ms: 0 } }';
    writeExperiment(cwd, { variants: 2, scenarios: 3, runs: 1, concurrency: 4, sim });
    assert.equal((await program(['run'], { cwd })).code, 0);
    LOSSES[at.name]({ ...at, root: path.join(cwd, ARTIFACTS) });
    const read = await program(['status', '--json'], { cwd });
    assert.equal(read.code, 0, `${at.name}: ${tail(read.stderr)}`);
    const { code, stdout, stderr } = await program(['run', '--json'], { cwd });
    assert.equal(code, 0, `${at.name}: ${tail(stderr)}`);
    const { executed, cached } = JSON.parse(stdout) as RunSummary;
    assert.deepEqual([executed, cached], [0, 6], at.name);
    const fsck = await program(['fsck'], { cwd });
    assert.equal(fsck.code, 0, `${at.name}: ${tail(fsck.stdout)}`);
  });
}
