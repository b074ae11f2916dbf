// What a remote lost, or never had in full, is given again by whoever has it: nothing there is written over, so that it comes behind it.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blobPath } from '../../../src/cache/disk/blobs.ts';
import { layoutOf } from '../../../src/cache/disk/layout.ts';
import { sealLine } from '../../../src/cache/disk/lines.ts';
import { sha256 } from '../../../src/core/canonical.ts';
import {
  BUNDLE,
  bundleName,
  entryName,
  MAX_ENTRY_BYTES,
  readEntry,
  writeEntry,
} from '../../../src/project/share/entries.ts';
import { type Chosen, NAMED_BLOBS, notPushed } from '../../../src/project/share/local.ts';
import { openMemory } from '../../../src/remote/memory.ts';
import { RemoteError, type RemoteFiles } from '../../../src/remote/remote.ts';
import { filesBelow } from '../../rig/files.ts';
import { withFastFolder } from '../../rig/folder.ts';
import {
  type Act,
  act,
  cloneOf,
  historyBytes,
  machineIn,
  mergeInto,
  say,
  TASKS,
} from '../../rig/machines.ts';
import { type Sharing, type Sync, sync } from '../../rig/share.ts';
import { checkStore } from '../../rig/stores.ts';
import { fastFolder } from '../../rig/temp.ts';

const LONG = 'a long answer. '.repeat(6_000);
type Files = Map<string, Uint8Array>;

const packs = (files: Files): readonly string[] =>
  [...files.keys()].filter((name) => name.startsWith('packs/'));

/** As disks and stores do it to a file. */
const DAMAGE = {
  flipped: (files: Files, name: string) => {
    const bytes = files.get(name)!.slice();
    bytes[bytes.length >> 1]! ^= 1;
    files.set(name, bytes);
  },
  cut: (files: Files, name: string) => files.set(name, files.get(name)!.slice(0, -7)),
  longer: (files: Files, name: string) =>
    files.set(name, Buffer.concat([files.get(name)!, Buffer.from('x')])),
  empty: (files: Files, name: string) => files.set(name, new Uint8Array()),
  gone: (files: Files, name: string) => files.delete(name),
};

/** Machines with a store each below one folder, and an empty remote. */
function team(folder = fastFolder()) {
  const files: Files = new Map();
  const asked: string[] = [];
  const remote = (): RemoteFiles => {
    const memory = openMemory({ files });
    return {
      ...{ ...memory, shown: memory.shown, canWrite: 'unknown' },
      get(name, limits) {
        if (files.has(name)) asked.push(name);
        return memory.get(name, limits);
      },
    };
  };
  return {
    ...{ files, asked, remote },
    at: (name: string, seed?: number) => machineIn(folder, name, seed),
    share: ({ root }: { readonly root: string }, what?: Sync, more: Partial<Sharing> = {}) =>
      sync({ root, remote: remote(), ...more }, what),
  };
}

describe('a pack that is lost or damaged at a remote', () => {
  for (const [how, damage] of Object.entries(DAMAGE))
    it(`${how}: is given again by who has it, and all have it, whenever they pulled`, async () => {
      const { files, at, share } = team();
      const [ann, before, after, never] = ['ann', 'before', 'after', 'never'].map((name) => at(name));
      await act(ann!, 'draw');
      await share(ann!);
      await act(ann!, 'judge');
      await say(ann!, LONG);
      await share(ann!);
      const [, pack] = packs(files);
      await share(before!, 'pull');
      damage(files, pack!);
      const refused = (await share(after!, 'pull')).pulled.refused;
      expect(refused).toMatchObject([
        {
          n: 2,
          reason: 'lost',
          invocations: [/^0002-/, /^0003-/].map((name) => expect.stringMatching(name)),
        },
      ]);
      // Nothing says so to who has it, and nothing is looked at without being asked for.
      expect((await share(ann!)).pushed?.invocations).toEqual([]);
      const mended = await share(ann!, { repair: [2] });
      expect(mended.repaired).toMatchObject({ looked: 1, lost: [{ n: 2 }], putBack: [] });
      expect(mended.pushed?.invocations).toHaveLength(2);
      for (const who of [before!, after!, never!, after!]) {
        expect((await share(who, 'pull')).pulled).toMatchObject({ refused: [], broken: null });
        expect(historyBytes(who.root)).toEqual(historyBytes(ann!.root));
      }
      // Twice is once, whoever does it.
      const kept = [...files.keys()];
      for (const who of [ann!, before!, after!, never!]) {
        expect((await share(who, { repair: 'all' })).pushed?.invocations).toEqual([]);
        expect((await share(who)).pushed?.invocations).toEqual([]);
      }
      expect([...files.keys()]).toEqual(kept);
    });

  it('is given again without being asked for by who was refused it, and got its content by another way', async () => {
    const { files, at, share } = team();
    const [ann, ben, carl] = ['ann', 'ben', 'carl'].map((name) => at(name));
    await say(ann!, LONG);
    await share(ann!);
    DAMAGE.cut(files, packs(files)[0]!);
    expect((await share(ben!)).pulled.refused).toHaveLength(1);
    mergeInto(ben!.root, [ann!.root]);
    expect(await share(ben!)).toMatchObject({ pulled: { refused: [] }, pushed: { records: 1 } });
    expect((await share(carl!)).pulled).toMatchObject({ refused: [], records: 1 });
    expect(historyBytes(carl!.root)).toEqual(historyBytes(ann!.root));
    expect((await share(ben!)).pushed?.invocations).toEqual([]);
  });

  it('is given in parts, where nobody has all of it', async () => {
    const { files, at, share } = team();
    const [ann, ben, carl] = ['ann', 'ben', 'carl'].map((name, i) => at(name, i + 3));
    await act(ann!, 'draw');
    mergeInto(ben!.root, [cloneOf(ann!.root, path.join(fastFolder(), 'copy'))]);
    await act(ann!, 'draw');
    await share(ann!);
    DAMAGE.flipped(files, packs(files)[0]!);
    expect(await share(ben!, { repair: [1] })).toMatchObject({
      pulled: { refused: [{ n: 1 }] },
      pushed: { invocations: [expect.stringMatching(/^0001-/)] },
    });
    expect((await share(carl!)).pulled).toMatchObject({
      invocations: [/^0001-/].map((name) => expect.stringMatching(name)),
      refused: [{ n: 1 }],
    });
    expect((await share(ann!, { repair: [1] })).pushed?.invocations).toEqual([
      expect.stringMatching(/^0002-/),
    ]);
    for (const who of [ben!, carl!]) {
      expect((await share(who)).pulled.refused).toEqual([]);
      expect(historyBytes(who.root)).toEqual(historyBytes(ann!.root));
    }
  });

  it('is given again once, by however many at one time, and by who was killed in the middle of it', async () => {
    const { files, at, share, remote } = team();
    const [ann, ben, carl] = ['ann', 'ben', 'carl'].map((name) => at(name));
    await act(ann!, 'draw');
    await say(ann!, LONG);
    await share(ann!);
    for (const who of [ben!, carl!]) await share(who);
    DAMAGE.flipped(files, packs(files)[0]!);
    for (let left = 0; left < 3; left++) {
      let creations = 0;
      const broken = {
        ...{ ...remote(), shown: 'memory', canWrite: 'unknown' as const },
        async create(): Promise<never> {
          creations++;
          throw new RemoteError({ kind: 'network', message: 'memory: the connection was lost' });
        },
      };
      await expect(share(ben!, { repair: [1] }, { remote: broken })).rejects.toThrow('connection was lost');
      expect(creations).toBe(1);
    }
    await Promise.all([ann!, ben!, carl!].map((who) => share(who, { repair: [1] })));
    expect([...files.keys()].filter((name) => name.startsWith('log/'))).toHaveLength(2);
    const fresh = at('fresh');
    expect((await share(fresh)).pulled).toMatchObject({ refused: [], broken: null });
    expect(historyBytes(fresh.root)).toEqual(historyBytes(ann!.root));
  });

  it('is lost again: it is given a third time, and never under the name of what is damaged', async () => {
    const { files, at, share } = team();
    const ann = at('ann');
    await act(ann, 'draw');
    await share(ann);
    for (let times = 1; times <= 3; times++) {
      for (const name of packs(files)) DAMAGE.flipped(files, name);
      // Each flip of an even number puts it right again.
      for (const name of packs(files)) DAMAGE.cut(files, name);
      await share(ann, { repair: 'all' });
      expect(packs(files)).toHaveLength(times + 1);
      const fresh = at(`fresh-${times}`);
      expect((await share(fresh)).pulled.refused).toEqual([]);
      expect(historyBytes(fresh.root)).toEqual(historyBytes(ann.root));
    }
  });

  it('had bodies that others name: they come again with it, also to who has all of the lines', async () => {
    const { files, at, share } = team();
    const [ann, ben, carl] = ['ann', 'ben', 'carl'].map((name) => at(name));
    await say(ann!, LONG);
    await share(ann!);
    await say(ann!, LONG);
    await share(ann!);
    DAMAGE.gone(files, packs(files)[0]!);
    expect((await share(carl!, 'pull')).pulled.refused).toHaveLength(1);
    mergeInto(ben!.root, [ann!.root]);
    expect((await share(ben!, { repair: [1] })).pushed?.invocations).toHaveLength(1);
    for (const who of [carl!, at('fresh')]) {
      expect((await share(who, 'pull')).pulled.refused).toEqual([]);
      expect(historyBytes(who.root)).toEqual(historyBytes(ann!.root));
      expect(checkStore(who.root, TASKS).findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    }
  });

  it('costs who repairs one entry one pack, and who pulls what was repaired nothing that is there', async () => {
    const { files, asked, at, share } = team();
    const [ann, ben] = ['ann', 'ben'].map((name) => at(name));
    for (let i = 0; i < 4; i++) {
      await act(ann!, 'draw');
      await share(ann!);
    }
    await share(ben!);
    const [first, second] = packs(files);
    DAMAGE.flipped(files, second!);
    asked.length = 0;
    await share(ann!, { repair: [2] });
    expect(new Set(asked.filter((name) => name.startsWith('packs/')))).toEqual(new Set([second]));
    asked.length = 0;
    await share(ben!);
    await share(ann!);
    expect(asked.filter((name) => name.startsWith('packs/'))).toEqual([]);
    await share(ann!, { repair: 'all' });
    expect(asked.filter((name) => name.startsWith('packs/'))).toHaveLength(5);
    expect(asked).toContain(first);
  });

  it('was put back there: nothing is given, and what was refused is taken', async () => {
    const { files, at, share } = team();
    const [ann, ben] = ['ann', 'ben'].map((name) => at(name));
    await act(ann!, 'draw');
    await share(ann!);
    const [name] = packs(files);
    const bytes = files.get(name!)!;
    DAMAGE.cut(files, name!);
    await share(ben!, 'pull');
    files.set(name!, bytes);
    expect(await share(ann!, { repair: 'all' })).toMatchObject({
      repaired: { lost: [] },
      pushed: { invocations: [] },
    });
    expect((await share(ben!)).pulled).toMatchObject({ refused: [] });
    expect(historyBytes(ben!.root)).toEqual(historyBytes(ann!.root));
  });

  it('was damaged on its way there, and is met by who pushes the same: it gets another name', async () => {
    const { files, at, share } = team();
    const ann = at('ann');
    await act(ann, 'draw');
    const other = team();
    await other.share(ann);
    // What a connection that broke off left there; its entry never came.
    for (const name of packs(other.files)) files.set(name, other.files.get(name)!.slice(0, 100));
    expect((await share(ann)).pushed?.invocations).toHaveLength(1);
    const fresh = at('fresh');
    expect((await share(fresh)).pulled).toMatchObject({ refused: [], broken: null });
    expect(historyBytes(fresh.root)).toEqual(historyBytes(ann.root));
  });
});

describe('an entry of the log that is gone', () => {
  it('is put back byte for byte by who read it, and one that says something else is named', async () => {
    const { files, at, share } = team();
    const [ann, ben] = ['ann', 'ben'].map((name) => at(name));
    for (let i = 0; i < 3; i++) {
      await act(ann!, 'draw');
      await share(ann!);
    }
    const text = files.get(entryName(2))!;
    files.delete(entryName(2));
    expect((await share(ann!, { repair: 'all' })).repaired).toMatchObject({
      lost: [],
      putBack: [2],
      changed: [],
    });
    expect(files.get(entryName(2))).toEqual(text);
    files.set(entryName(2), Buffer.from('damaged'));
    expect((await share(ann!, { repair: [2] })).repaired).toMatchObject({ putBack: [], changed: [2] });
    files.set(entryName(2), text);
    await share(ben!);
    expect(historyBytes(ben!.root)).toEqual(historyBytes(ann!.root));
  });
});

describe('what this store lost', () => {
  it('is taken again where that is asked for: a damaged line, a body, a file, an invocation; and nothing else is fetched', async () => {
    const { asked, at, share } = team();
    const [ann, ben] = ['ann', 'ben'].map((name) => at(name));
    for (const what of ['draw', 'judge'] as const) await act(ann!, what);
    await share(ann!);
    await say(ann!, LONG);
    await share(ann!);
    await act(ann!, 'draw');
    await share(ann!);
    const { root } = ben!;
    await share(ben!);
    const whole = historyBytes(root);
    const file = (like: RegExp): string => path.join(root, filesBelow(root).find((name) => like.test(name))!);
    const hurt = (name: string): void => {
      const bytes = readFileSync(name);
      bytes[bytes.length - 60]! ^= 1;
      writeFileSync(name, bytes);
    };
    for (const [lose, packs] of [
      [() => hurt(file(/^history\/0001-.*run1\.jsonl$/)), 1],
      [() => hurt(file(/^scores\/history\/0002-.*words\.jsonl$/)), 1],
      [() => rmSync(path.join(root, 'blobs'), { recursive: true }), 1],
      [() => hurt(file(/^blobs\//)), 1],
      [() => rmSync(file(/^history\/0003-.*run1\.jsonl$/)), 1],
      [() => rmSync(path.dirname(file(/^history\/0004-.*run1\.jsonl$/)), { recursive: true }), 1],
      [() => {}, 0],
    ] as const) {
      lose();
      asked.length = 0;
      const { pulled } = await share(ben!, { repairHere: true });
      expect(asked.filter((name) => name.startsWith('packs/'))).toHaveLength(packs);
      expect([pulled.invocations.length > 0, pulled.refused]).toEqual([packs > 0, []]);
      expect(historyBytes(root)).toEqual(whole);
    }
    const { findings } = checkStore(root, TASKS);
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect((await share(ben!)).pushed?.invocations).toEqual([]);
  });
});

describe('what was pushed with less than is here now', () => {
  it('records that gc had archived: given once they are restored, and taken by who has their tombstones', async () => {
    const { at, share } = team();
    const [ann, ben, carl] = ['ann', 'ben', 'carl'].map((name) => at(name));
    for (const what of ['old', 'draw', 'draw', 'draw', 'draw', 'draw', 'draw'] as const)
      await act(ann!, what);
    await act(ann!, 'gc');
    expect(existsSync(path.join(ann!.root, 'archive'))).toBe(true);
    await share(ann!);
    await share(ben!);
    expect((await share(ann!)).pushed?.invocations).toEqual([]);
    await act(ann!, 'restore');
    expect((await share(ann!)).pushed?.invocations).not.toEqual([]);
    for (const who of [ben!, carl!]) {
      expect((await share(who)).pulled.refused).toEqual([]);
      expect(historyBytes(who.root)).toEqual(historyBytes(ann!.root));
    }
    for (const who of [ann!, ben!, carl!]) {
      expect((await share(who)).pushed?.invocations).toEqual([]);
      // What one archives for oneself is brought back by nobody.
      await act(who, 'gc');
      const before = historyBytes(who.root);
      expect(await share(who)).toMatchObject({ pulled: { invocations: [] }, pushed: { invocations: [] } });
      rmSync(path.join(who.root, 'remote'), { recursive: true });
      await share(who);
      expect(historyBytes(who.root)).toEqual(before);
    }
  });

  it('a damaged line, or a body that was gone: given by who has it whole', async () => {
    const { at, share } = team();
    const [ann, ben, carl] = ['ann', 'ben', 'carl'].map((name) => at(name));
    await say(ann!, LONG);
    await act(ann!, 'draw');
    mergeInto(ben!.root, [ann!.root]);
    const root = ben!.root;
    rmSync(path.join(root, 'blobs'), { recursive: true });
    const name = filesBelow(root).find((file) => /^history\/0002-.*run\d\.jsonl$/.test(file))!;
    const bytes = readFileSync(path.join(root, name));
    bytes[bytes.length - 60]! ^= 1;
    writeFileSync(path.join(root, name), bytes);
    await share(ben!);
    await share(carl!);
    expect((await share(ann!)).pushed?.invocations).toHaveLength(2);
    for (const who of [carl!, ben!, at('fresh')]) {
      await share(who);
      expect(historyBytes(who.root)).toEqual(historyBytes(ann!.root));
      expect((await share(who)).pushed?.invocations).toEqual([]);
    }
  });

  it('a body that was damaged, and is as long as it was: it is not given for what it is not', async () => {
    const { files, at, share } = team();
    const [ann, ben, carl] = ['ann', 'ben', 'carl'].map((name) => at(name));
    await say(ann!, LONG);
    mergeInto(ben!.root, [ann!.root]);
    const blob = path.join(ann!.root, filesBelow(ann!.root).find((name) => name.startsWith('blobs/'))!);
    const bytes = readFileSync(blob);
    bytes[500]! ^= 1;
    writeFileSync(blob, bytes);
    await share(ann!);
    expect(JSON.parse(Buffer.from(files.get(entryName(1))!).toString())).toMatchObject({
      blobs: [],
      invocations: [{ lacks: 1 }],
    });
    await share(carl!);
    expect((await share(ben!)).pushed?.invocations).toHaveLength(1);
    for (const who of [carl!, at('fresh')]) {
      expect((await share(who)).pulled).toMatchObject({ refused: [], broken: null });
      expect(historyBytes(who.root)).toEqual(historyBytes(ben!.root));
      expect((await share(who)).pushed?.invocations).toEqual([]);
    }
  });
});

describe('an entry is never larger than who reads it takes', () => {
  const none = {
    pushed: () => new Map(),
    blobs: () => new Set<string>(),
    lostBlobs: () => new Set<string>(),
  };
  const entryOf = ({ invocations, blobs }: Chosen): string =>
    writeEntry(
      {
        ...{ v: 1, n: 1, experiment: 'made', prev: null, invocations, blobs },
        ...{ pack: { sha256: sha256(''), bytes: 1 }, at: '', expgraph: '0.0.0' },
      },
      null,
    ).text;

  it('with thousands of invocations that nobody pushed yet', () => {
    const root = fastFolder();
    const name = (i: number): string => `${String(i + 1).padStart(4, '0')}-20260102T030405Z-k3f9m2q7`;
    for (let i = 0; i < 10_500; i++) {
      mkdirSync(path.join(root, 'history', name(i)), { recursive: true });
      writeFileSync(path.join(root, 'history', name(i), 'invocation.json'), '{"how":"complete"}');
    }
    const texts = [...notPushed(root, none)].map(entryOf);
    const read = texts.map((text) => readEntry(text, { n: 1, experiment: 'made', prev: null }));
    expect(read.flatMap((one) => (one.kind === 'err' ? [] : one.value.entry.invocations))).toHaveLength(
      10_500,
    );
  });

  it('with more bodies than it can name: those that it does not are brought again', () => {
    const root = fastFolder();
    const invocation = '0001-20260102T030405Z-k3f9m2q7';
    const { blobs, history } = layoutOf(root);
    const texts = Array.from({ length: NAMED_BLOBS + 1 }, (_, i) => String(i));
    const media = texts.map((text) => ({ sha256: sha256(text), bytes: text.length }));
    const data = { type: 'scenario_result', v: 1, media };
    mkdirSync(path.join(history, invocation), { recursive: true });
    writeFileSync(
      path.join(history, invocation, 'a_run1.jsonl'),
      sealLine(data, { n: 1, redact: (text) => text }),
    );
    for (let i = 0; i < 256; i++)
      mkdirSync(path.join(blobs, i.toString(16).padStart(2, '0')), { recursive: true });
    for (const text of texts) writeFileSync(blobPath(blobs, sha256(text)), text);
    const [chosen] = [...notPushed(root, none)];
    expect([chosen!.files.length, chosen!.blobs.length]).toEqual([NAMED_BLOBS + 2, NAMED_BLOBS]);
    expect(Buffer.byteLength(entryOf(chosen!))).toBeLessThan(MAX_ENTRY_BYTES / 2);
  });

  it('a hundred at once of which one is damaged are read one by one', async () => {
    const { files, at, share } = team();
    let prev: string | null = null;
    const texts: string[] = [];
    for (let n = 1; n <= BUNDLE + 1; n++) {
      const { text, digest } = writeEntry(
        {
          ...{ v: 1, n, experiment: 'made', prev, invocations: [], blobs: [] },
          ...{ pack: { sha256: sha256(''), bytes: 1 }, at: '', expgraph: '0.0.0' },
        },
        null,
      );
      files.set(entryName(n), Buffer.from(text));
      texts.push(text);
      prev = digest;
    }
    for (const damaged of [1, 40, 100]) {
      const lines = texts
        .slice(0, BUNDLE)
        .map((text, i) => (i + 1 === damaged ? text.replace('"at":""', '"at":"?"') : text));
      files.set(bundleName(BUNDLE), Buffer.from(lines.join('')));
      expect((await share(at(`after-${damaged}`), 'pull')).pulled).toMatchObject({
        entries: BUNDLE + 1,
        broken: null,
      });
    }
  });

  it('and where a hundred of them are too long to be read at once they are read one by one', async () => {
    const { at, remote, share } = team();
    const [ann, ben] = ['ann', 'ben'].map((name) => at(name));
    await act(ann!, 'draw');
    await share(ann!);
    const sound = remote();
    const long: RemoteFiles = {
      ...{ ...sound, shown: 'memory', canWrite: 'unknown' },
      async get(name, limits) {
        if (name !== bundleName(BUNDLE)) return sound.get(name, limits);
        throw new RemoteError({ kind: 'too-large', message: 'memory: larger than it may be' });
      },
    };
    expect((await share(ben!, 'pull', { remote: long })).pulled).toMatchObject({ entries: 1, refused: [] });
  });
});

describe('whatever is done by whom, and whatever a remote loses', () => {
  const ACTS: readonly Act[] = ['draw', 'draw', 'fail', 'long', 'old', 'judge', 'kill', 'gc', 'restore'];
  const what = fc.constantFrom<Act | 'share' | 'merge' | 'lose' | 'repair'>(
    ...ACTS,
    ...(['share', 'share', 'share', 'merge', 'lose', 'repair'] as const),
  );
  const stories = fc.array(fc.record({ who: fc.nat(2), what, nth: fc.nat(20) }), {
    minLength: 4,
    maxLength: 18,
  });

  it('all have all of it in the end, and nothing is given again without end', async () => {
    await fc.assert(
      fc.asyncProperty(stories, fc.integer({ min: 1, max: 1_000_000 }), async (story, seed) =>
        withFastFolder(async (folder) => {
          const { files, at, share } = team(folder);
          const machines = ['left', 'middle', 'right'].map((name, i) => at(name, seed + i));
          for (const { who, what, nth } of story) {
            const machine = machines[who]!;
            if (what === 'share') await share(machine);
            else if (what === 'repair') await share(machine, { repair: 'all' });
            else if (what === 'merge')
              mergeInto(
                machine.root,
                [machines[nth % 3]!.root].filter(
                  (root) => root !== machine.root && existsSync(path.join(root, 'history')),
                ),
              );
            else if (what === 'lose') {
              const all = packs(files);
              const damage = Object.values(DAMAGE)[nth % 5]!;
              if (all.length > 0) damage(files, all[nth % all.length]!);
            } else await act(machine, what);
          }
          for (const machine of machines)
            for (let i = 0; i < 20 && existsSync(path.join(machine.root, 'archive')); i++)
              await act(machine, 'restore');
          for (const machine of [...machines, ...machines]) await share(machine, { repair: 'all' });
          const united = cloneOf(machines[0]!.root, path.join(folder, 'united'));
          mergeInto(united, [machines[1]!.root, machines[2]!.root]);
          for (const machine of machines) {
            expect(await share(machine)).toMatchObject({
              pulled: { invocations: [], refused: [], broken: null },
              pushed: { invocations: [] },
            });
            expect(historyBytes(machine.root)).toEqual(historyBytes(united));
            const { findings } = checkStore(machine.root, TASKS);
            expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
          }
          const fresh = at('fresh');
          expect((await share(fresh)).pulled).toMatchObject({ refused: [], broken: null });
          mergeInto(fresh.root, []);
          expect(historyBytes(fresh.root)).toEqual(historyBytes(united));
        }),
      ),
      { numRuns: Number(process.env.UNIONS ?? 6) },
    );
  });
});
