// A merge that ends at any of its writes: what was here is still here, and the next one brings all that was to come.
// @project e2e: each fault is a merge of its own
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openReader } from '../../src/cache/index/reader.ts';
import { breakDisk, type Fault } from '../rig/faulty-disk.ts';
import { withFastFolder } from '../rig/folder.ts';
import { type Act, act, cloneOf, type Machine, mergeInto, sharedBytes, TASKS } from '../rig/machines.ts';
import { checkStore } from '../rig/stores.ts';

const KINDS = ['die', 'tear', 'lose', 'lose-some', 'io-error', 'full'] as const;
/** Each so-manyth operation of each kind; UNION_FAULTS=1 tries every one of them. */
const STEP = Number(process.env.UNION_FAULTS ?? 31);
/** More than any merge of these stores needs. */
const ENDLESS = 3_000;

it('can be broken off at any write, and done again', async () => {
  await withFastFolder(async (folder) => {
    const [mine, other] = await twoMachines(folder);
    const sound = cloneOf(mine, path.join(folder, 'sound'));
    mergeInto(sound, [other]);
    const wanted = sharedBytes(sound);
    const had = recordsOf(mine);
    let struck = 0;
    const open = new Set(KINDS);
    for (let at = 1; open.size > 0; at += STEP) {
      expect(at).toBeLessThan(ENDLESS);
      for (const kind of open) {
        const root = brokenMerge({ folder, mine, other, fault: { kind, at, random: () => 0.5 } });
        if (root === null) {
          open.delete(kind);
          continue;
        }
        struck++;
        const name = `${kind} at operation ${at}`;
        // What a crash leaves is mended by whoever opens the store next.
        mergeInto(root, []);
        const kept = recordsOf(root);
        expect(
          [...had].filter((one) => !kept.has(one)),
          name,
        ).toEqual([]);
        const wrong = checkStore(root, TASKS).findings.filter(({ severity }) => severity !== 'note');
        expect(wrong, name).toEqual([]);
        const [united] = mergeInto(root, [other]);
        expect([united!.conflicts, united!.damaged, united!.leftOut], name).toEqual([[], [], []]);
        expect(sharedBytes(root), name).toEqual(wanted);
      }
    }
    expect(struck).toBeGreaterThan(12);
  });
}, 600_000);

async function twoMachines(folder: string): Promise<readonly [string, string]> {
  const roots = ['left', 'right'].map((name) => path.join(folder, name)) as [string, string];
  const acts: readonly (readonly Act[])[] = [
    ['draw', 'long', 'judge'],
    ['draw', 'draw', 'long', 'judge', 'draw', 'draw', 'gc', 'kill'],
  ];
  for (const [i, root] of roots.entries()) {
    mkdirSync(root);
    let n = 0;
    const random = (): number => (n = (n + 0.37) % 1);
    const at: Machine = { root, name: path.basename(root), random, clockMs: 0, started: 0 };
    for (const what of acts[i]!) await act(at, what);
  }
  // The other one has ours from before it drew on, and archived something of it: lines within files change.
  mergeInto(roots[1], [roots[0]]);
  return roots;
}

/** @returns the store after it, null where the fault did not strike any more */
function brokenMerge(input: {
  readonly folder: string;
  readonly mine: string;
  readonly other: string;
  readonly fault: Fault;
}): string | null {
  const top = path.join(input.folder, 'broken');
  rmSync(top, { recursive: true, force: true });
  mkdirSync(top);
  const root = cloneOf(input.mine, path.join(top, 'store'));
  const disk = breakDisk(top, input.fault);
  let error: unknown = null;
  try {
    mergeInto(root, [input.other]);
  } catch (cause) {
    error = cause;
  } finally {
    disk[Symbol.dispose]();
  }
  if (!disk.struck()) return null;
  const { kind } = input.fault;
  if (kind === 'lose' || kind === 'lose-some') disk.afterPowerLoss();
  if (error !== null) expect((error as Error).name, (error as Error).stack).toBe('StoreError');
  return root;
}

function recordsOf(root: string): ReadonlySet<string> {
  using store = openReader(root);
  const names = new Set<string>();
  for (const row of store.records()) {
    const read = store.read(row);
    if (read.kind === 'ok')
      names.add(`${read.value.invocation} ${row.key} ${row.generation} ${row.outputDigest}`);
  }
  return names;
}
