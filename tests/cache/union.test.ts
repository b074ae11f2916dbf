// Random histories of three machines, united in every way. @project e2e: hundreds of stores are made and united
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openReader } from '../../src/cache/index/reader.ts';
import { sha256 } from '../../src/core/canonical.ts';
import { withFastFolder } from '../rig/folder.ts';
import { type Act, act, cloneOf, type Machine, mergeInto, sharedBytes, TASKS } from '../rig/machines.ts';
import { checkStore } from '../rig/stores.ts';

const ACTS: readonly Act[] = ['draw', 'draw', 'fail', 'long', 'old', 'judge', 'kill', 'gc', 'restore'];
/** UNIONS=200 for an hour of them. */
const RUNS = Number(process.env.UNIONS ?? 6);
const NAMES = ['left', 'middle', 'right'] as const;

/** What each machine does, and which of them took in which other one on the way. */
const storiesOf = (acts: readonly Act[]) =>
  fc.record({
    acts: fc.array(
      fc.oneof(
        { weight: 5, arbitrary: fc.record({ who: fc.nat(2), what: fc.constantFrom(...acts) }) },
        { weight: 1, arbitrary: fc.record({ who: fc.nat(2), takes: fc.nat(2) }) },
      ),
      { minLength: 4, maxLength: 14 },
    ),
    seed: fc.nat(1_000_000),
  });
const stories = storiesOf(ACTS);
type Story = typeof stories extends fc.Arbitrary<infer Value> ? Value : never;

const did = (who: number, what: Act) => ({ who, what });
/** What chance has found: a file with nothing whole in it, a heading that is hurt, an end of a line that is lost above half a line. */
const FOUND: [Story][] = [
  [{ acts: [did(1, 'fail'), did(0, 'draw'), did(1, 'draw'), did(1, 'hurt')], seed: 812_550 }],
  [{ acts: [did(1, 'draw'), did(0, 'draw'), did(1, 'hurt')], seed: 830_326 }],
  [
    {
      acts: [did(0, 'draw'), did(0, 'kill'), did(1, 'draw'), did(0, 'hurt'), did(0, 'draw')],
      seed: 495_297,
    },
  ],
  [{ acts: [did(1, 'kill'), did(0, 'draw'), did(1, 'hurt'), did(0, 'judge')], seed: 12 }],
];

function randomOf(seed: string): () => number {
  let n = 0;
  return () => Number.parseInt(sha256(`${seed} ${n++}`).slice(0, 8), 16) / 2 ** 32;
}

async function tell(folder: string, { acts, seed }: Story): Promise<readonly Machine[]> {
  const machines = NAMES.map((name, i): Machine => {
    const root = path.join(folder, name);
    mkdirSync(root);
    return { root, name, random: randomOf(`${seed} ${name}`), clockMs: (1 - i) * 3_600_000, started: 0 };
  });
  for (const one of acts) {
    const at = machines[one.who]!;
    if ('what' in one) await act(at, one.what);
    else if (one.takes !== one.who) mergeInto(at.root, [machines[one.takes]!.root]);
  }
  return machines;
}

function mergedIn(folder: string, order: readonly (string | readonly string[])[]): string {
  const [first, ...rest] = order.map((one) => (typeof one === 'string' ? one : mergedIn(folder, one)));
  const root = cloneOf(first!, path.join(folder, `united-${mergedIn.n++}`));
  mergeInto(root, rest);
  return root;
}
mergedIn.n = 0;

describe('histories of three machines', () => {
  it('united in every order and grouping give the same bytes', async () => {
    await fc.assert(fc.asyncProperty(stories, sameInEveryOrder), { numRuns: RUNS });
  });

  it('do so on disks that hurt them, as well: what is whole anywhere is whole in the end', async () => {
    const hurt = storiesOf([...ACTS, 'hurt', 'hurt']);
    await fc.assert(fc.asyncProperty(hurt, sameInEveryOrder), { numRuns: RUNS, examples: FOUND });
  });

  it('are sound when they are united: nothing is lost, and a second time nothing comes', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (story) =>
        withFastFolder(async (folder) => {
          const machines = await tell(folder, story);
          // Ours alone, with its torn tails mended, is what must still be there.
          const before = machines.flatMap(({ root }) => {
            mergeInto(root, []);
            return [...recordsOf(root)];
          });
          const [first, ...rest] = machines.map(({ root }) => root);
          const root = cloneOf(first!, path.join(folder, 'united'));
          for (const one of mergeInto(root, rest)) {
            expect(one.conflicts).toEqual([]);
            expect(one.leftOut).toEqual([]);
            expect(one.damaged).toEqual([]);
          }
          const after = recordsOf(root);
          expect(before.filter((name) => !after.has(name))).toEqual([]);
          const wrong = checkStore(root, TASKS).findings.filter(({ severity }) => severity !== 'note');
          expect(wrong).toEqual([]);
          const bytes = sharedBytes(root);
          for (const one of mergeInto(root, [...rest, first!, cloneOf(root, path.join(folder, 'itself'))]))
            expect(one).toEqual(NOTHING);
          expect(sharedBytes(root)).toEqual(bytes);
        }),
      ),
      { numRuns: RUNS },
    );
  });
});

async function sameInEveryOrder(story: Story): Promise<void> {
  await withFastFolder(async (folder) => {
    const [a, b, c] = (await tell(folder, story)).map(({ root }) => root) as [string, string, string];
    const orders = [
      [a, b, c],
      [a, c, b],
      [b, a, c],
      [b, c, a],
      [c, a, b],
      [c, b, a],
    ] as const;
    const groups = [
      [a, [b, c]],
      [[a, b], c],
      [b, [c, a]],
      [c, [b, a]],
    ] as const;
    const wanted = sharedBytes(mergedIn(folder, orders[0]));
    for (const order of [...orders.slice(1), ...groups])
      expect(sharedBytes(mergedIn(folder, order))).toEqual(wanted);
  });
}

const NOTHING = {
  ...{ invocations: [], records: 0, scores: 0, blobs: 0, archives: [], reviews: [] },
  ...{ leftOut: [], conflicts: [], damaged: [] },
};

/** Each record that can be read, by where it came from and what it answered. */
function recordsOf(root: string): ReadonlySet<string> {
  using store = openReader(root);
  const names = new Set<string>();
  for (const row of store.records()) {
    const read = store.read(row);
    if (read.kind === 'err') throw new Error(read.error);
    const { invocation, key, generation, output_digest: answer, status } = read.value;
    names.add(`${invocation} ${key} ${generation} ${answer} ${status}`);
  }
  return names;
}
