// Runs over a store in which what is written down of a batch is damaged, or ends where a kill may have left it.
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { batchExperiment } from '../rig/batch-experiment.ts';
import { cli } from '../rig/cli.ts';
import { filesBelow, jsonLines } from '../rig/files.ts';

const LONG = 120_000;

/** Around the end of each line, and between. */
function places(bytes: Buffer): readonly number[] {
  const ends = [...bytes.entries()].flatMap(([at, byte]) => (byte === 10 ? [at] : []));
  const all = [0, ...ends.flatMap((end) => [end - 1, end, end + 1, end + 20]), Math.floor(bytes.length / 3)];
  return [...new Set(all)].filter((at) => at < bytes.length).sort((a, b) => a - b);
}

it(
  'the file of a batch cut or changed anywhere: its answers are fetched, or the run stops and names the file; nothing is sent twice',
  async () => {
    await using e = await batchExperiment();
    await e.run('--send-only');
    e.vendor.end();
    const before = path.join(e.cwd, 'before');
    cpSync(e.root, before, { recursive: true });
    const name = e.open().find((file) => !file.includes('orders'))!;
    const whole = readFileSync(path.join(e.root, 'batches', name));
    let fetched = 0;
    for (const at of places(whole)) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1 << (at % 8);
      for (const [how, bytes] of [['cut', whole.subarray(0, at)] as const, ['turned', flipped] as const]) {
        rmSync(e.root, { recursive: true });
        cpSync(before, e.root, { recursive: true });
        writeFileSync(path.join(e.root, 'batches', name), bytes);
        const { code, stderr } = await cli(['run'], e);
        const what = `${how} at ${at} of ${whole.length}: ${stderr}`;
        expect(e.vendor.batches.length, what).toBe(1);
        if (code === 0) {
          expect([e.records().length, e.open()], what).toEqual([6, []]);
          fetched++;
        } else {
          expect(code, what).toBe(4);
          expect(stderr).toContain(name);
          expect(stderr).toContain('Nothing is sent before that is settled');
        }
      }
    }
    expect(fetched).toBeGreaterThan(0);
  },
  LONG,
);

it(
  'an empty file of a batch stops the run: whose cells are in it is not known',
  async () => {
    await using e = await batchExperiment();
    await e.run('--send-only');
    const name = e.open().find((file) => !file.includes('orders'))!;
    writeFileSync(path.join(e.root, 'batches', name), '');
    expect((await cli(['run'], e)).code).toBe(4);
    expect(e.vendor.batches.length).toBe(1);
    const fsck = await cli(['fsck'], e);
    expect(fsck.code).not.toBe(0);
    expect(fsck.stdout).toContain('whose cells are in it is not known');
  },
  LONG,
);

it(
  'answers of cells that were edited wait while what their records need is damaged, and the sentence says what to do',
  async () => {
    await using e = await batchExperiment();
    await e.run('--send-only');
    e.write({ variants: ['one: { system: "be short" }'] });
    e.vendor.end();
    const orders = path.join(e.root, 'batches', e.open().find((file) => file.includes('orders'))!);
    const lines = readFileSync(orders, 'utf8').split('\n');
    writeFileSync(orders, `${lines.slice(0, 3).join('\n')}\n`);
    const { code, stderr } = await cli(['run'], e);
    expect([code, e.records()]).toEqual([4, []]);
    const [, tag] = /batches --forget (\w+)/.exec(stderr)!;
    expect(stderr).toContain('Undo the edit');
    // Both ways out are true.
    e.write();
    expect((await e.run()).summary.executed).toBe(6);
    expect(e.vendor.batches.length).toBe(1);
    expect(tag).toBe(e.vendor.batches[0]!.metadata.expgraph_batch);
  },
  LONG,
);

it(
  'killed after an item failed and before it was sent anew: the failure stands once in the log, and is paid for once',
  async () => {
    await using e = await batchExperiment();
    await e.run('--send-only');
    const [batch] = e.vendor.batches;
    batch!.odd.set(batch!.items[0]!.item, 'expired');
    e.vendor.end();
    const then = path.join(e.cwd, 'then');
    cpSync(path.join(e.root, 'batches'), then, { recursive: true });
    // Its next batch is refused for good: the run ends without an answer to it.
    for (let i = 0; i < 9; i++) e.vendor.faults.upload.push({ kind: 'status', status: 404 });
    await e.run();
    e.vendor.faults.upload.length = 0;
    expect(attempts(e.root).length).toBe(1);
    // As the disk was between the two.
    rmSync(path.join(e.root, 'batches'), { recursive: true });
    cpSync(then, path.join(e.root, 'batches'), { recursive: true });
    e.vendor.endsAtOnce = true;
    const { code, summary } = await e.run();
    expect([code, summary.executed]).toEqual([0, 1]);
    expect(attempts(e.root).length).toBe(1);
    expect(e.vendor.batches.map(({ items }) => items.length)).toEqual([6, 1]);
    expect(existsSync(path.join(e.root, 'batches', 'ended'))).toBe(true);
    expect(e.open()).toEqual([]);
  },
  LONG,
);

/** Lines of the log that tell of the item of the first batch. */
function attempts(root: string): readonly unknown[] {
  return filesBelow(path.join(root, 'history'))
    .filter((name) => name.endsWith('attempts.jsonl'))
    .flatMap((name) => jsonLines(path.join(root, 'history', name)))
    .filter(({ type, batch }) => type === 'attempt' && batch !== undefined);
}
