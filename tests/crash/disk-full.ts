// A disk of 300 kB that fills up in the middle of a run, and one that becomes read-only. (EIO, and a full disk at every
// single write, are in every-write.)
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunSummary } from '../../src/core/summary.ts';
import { filesBelow, tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { program } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { mountSmallDisk, noSmallDisk, type SmallDisk } from '../rig/small-disk.ts';
import {
  ARTIFACTS,
  acknowledgedKeys,
  recordsByKey,
  tasksOf,
  writeExperiment,
} from '../rig/small-experiment.ts';

const EXPERIMENT = {
  variants: 2,
  scenarios: 150,
  runs: 1,
  concurrency: 8,
  sim: '{ type: sim, sim: { latency_ms: 2 } }',
} as const;

export const row: Row = {
  name: 'disk-full',
  how: 'the real program on a tmpfs of 150 to 300 kB that fills up in the middle of the run, then is made read-only, then gets room again',
  holds:
    'one sentence and exit 4; no partial line inside of a file; what was acknowledged is there and is not executed again; read-only, reading works and writing says why not; with room again the run completes and fsck is clean',
  full: 10,
  unit: 'full disks',
  seconds: 30,
  missing: noSmallDisk,
  async run({ count, random, isOver }) {
    let tried = 0;
    let acknowledged = 0;
    for (; tried < count && !isOver(); tried++) {
      // The first one is the 300 kB of the specification, the others end somewhere else in the order of writes.
      const kilobytes = tried === 0 ? 300 : 150 + Math.floor(random() * 150);
      using disk = mountSmallDisk(kilobytes);
      acknowledged += await withFolder((elsewhere) => fillUp({ disk, elsewhere, kilobytes }));
    }
    return {
      tried,
      seen: `${acknowledged} acknowledged before the disks were full, 0 lost, 0 executed again`,
    };
  },
};

/** @returns how many were acknowledged before the disk was full. */
async function fillUp(at: {
  readonly disk: SmallDisk;
  /** Where the events go: they are told on another disk. */
  readonly elsewhere: string;
  readonly kilobytes: number;
}): Promise<number> {
  const cwd = at.disk.folder;
  const events = path.join(at.elsewhere, 'events.jsonl');
  writeExperiment(cwd, EXPERIMENT);
  const full = await program(['run', '--events', events], { cwd });
  const what = `${at.kilobytes} kB: ${tail(full.stderr)}`;
  assert.equal(full.code, 4, what);
  assert.match(full.stderr + full.stdout, /no space left|ENOSPC|disk.*full/i, what);
  assert.doesNotMatch(full.stderr, /this is a bug|\n {4}at /, what);
  checkWholeLines(cwd);
  const acknowledged = acknowledgedKeys(events);
  checkKept({ cwd, acknowledged });

  at.disk.setReadOnly('read-only');
  for (const args of [['plan'], ['history'], ['status']]) {
    const read = await program(args, { cwd });
    assert([0, 1].includes(read.code!), `${args[0]} on a read-only disk: ${tail(read.stderr + read.stdout)}`);
  }
  // SQLite may not open an index there: fsck says so, and finds nothing else.
  const checked = await program(['fsck'], { cwd });
  assert.doesNotMatch(checked.stdout, / damage /, tail(checked.stdout));
  const refused = await program(['run'], { cwd });
  assert.equal(refused.code, 4, tail(refused.stderr));
  assert.doesNotMatch(refused.stderr, /this is a bug|\n {4}at /);
  at.disk.setReadOnly('read-write');

  at.disk.resize(20_000);
  const rest = await program(['run', '--json'], { cwd });
  assert.equal(rest.code, 0, tail(rest.stderr));
  const summary = JSON.parse(rest.stdout) as RunSummary;
  assert(
    summary.cached >= acknowledged.length,
    `${acknowledged.length} acknowledged, ${summary.cached} cached`,
  );
  assert.equal(summary.cached + summary.executed, tasksOf(EXPERIMENT));
  checkKept({ cwd, acknowledged });
  const fsck = await program(['fsck'], { cwd });
  assert.equal(fsck.code, 0, tail(fsck.stdout));
  return acknowledged.length;
}

/** A line that ends is whole; only the very last one of a file may be cut. */
function checkWholeLines(cwd: string): void {
  const history = path.join(cwd, ARTIFACTS, 'history');
  if (!existsSync(history)) return;
  for (const name of filesBelow(history).filter((file) => file.endsWith('.jsonl'))) {
    const lines = readFileSync(path.join(history, name), 'utf8').split('\n').slice(0, -1);
    for (const [i, line] of lines.entries()) {
      assert.doesNotThrow(() => JSON.parse(line), `${name}:${i + 1} is a partial line`);
    }
  }
}

function checkKept(at: { readonly cwd: string; readonly acknowledged: readonly string[] }): void {
  const records = recordsByKey(at.cwd);
  for (const key of at.acknowledged) assert.equal(records.get(key)?.length, 1, `key ${key} was acknowledged`);
}
