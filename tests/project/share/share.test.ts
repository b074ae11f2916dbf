import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BUNDLE, bundleName, entryName } from '../../../src/project/share/entries.ts';
import { openMemory } from '../../../src/remote/memory.ts';
import { RemoteError, type RemoteFiles } from '../../../src/remote/remote.ts';
import { filesBelow } from '../../rig/files.ts';
import { withFastFolder } from '../../rig/folder.ts';
import {
  type Act,
  act,
  cloneOf,
  historyBytes,
  type Machine,
  machineIn,
  mergeInto,
  say,
  TASKS,
} from '../../rig/machines.ts';
import { type Sharing, shareOf, sync } from '../../rig/share.ts';
import { checkStore } from '../../rig/stores.ts';
import { fastFolder } from '../../rig/temp.ts';

/** A store with this done, and a remote that has it all. */
async function pushed(acts: readonly Act[], more: Partial<Sharing> = {}) {
  const at = machineIn(fastFolder(), 'first');
  for (const what of acts) await act(at, what);
  const files = new Map<string, Uint8Array>();
  const sharing = { root: at.root, remote: openMemory({ files }), ...more };
  await sync(sharing);
  return { at, files, sharing };
}

const LONG = 'a long answer. '.repeat(6_000);

/** The store as it was while its last run was still at it: without its last record. */
function midway(root: string, to: string): string {
  const history = path.join(cloneOf(root, to), 'history');
  const folder = path.join(history, readdirSync(history).toSorted().at(-1)!);
  const end = path.join(folder, 'invocation.json');
  const said = JSON.parse(readFileSync(end, 'utf8'));
  writeFileSync(end, JSON.stringify({ ...said, how: 'running', ended_at: null, exit_code: null }));
  const name = readdirSync(folder).find((file) =>
    readFileSync(path.join(folder, file), 'utf8').includes('"scenario_result"'),
  )!;
  const lines = readFileSync(path.join(folder, name), 'utf8').split('\n');
  writeFileSync(path.join(folder, name), `${lines.slice(0, -2).join('\n')}\n`);
  return to;
}

describe('stores that share a remote', () => {
  const ACTS: readonly Act[] = ['draw', 'draw', 'fail', 'long', 'old', 'judge', 'kill'];
  const stories = fc.array(
    fc.record({ who: fc.nat(2), what: fc.constantFrom<Act | 'share'>(...ACTS, 'share', 'share') }),
    { minLength: 3, maxLength: 14 },
  );

  it('come to have the same history, whatever each did and whenever it shared it', async () => {
    await fc.assert(
      fc.asyncProperty(stories, fc.integer({ min: 1, max: 1_000_000 }), async (story, seed) =>
        withFastFolder(async (folder) => {
          const machines = ['left', 'middle', 'right'].map((name, i) => machineIn(folder, name, seed + i));
          const files = new Map<string, Uint8Array>();
          const sharing = ({ root }: Machine): Sharing => ({ root, remote: openMemory({ files }) });
          for (const { who, what } of story) {
            if (what === 'share') await sync(sharing(machines[who]!));
            else await act(machines[who]!, what);
          }
          for (const machine of [...machines, ...machines]) await sync(sharing(machine));
          const united = cloneOf(machines[0]!.root, path.join(folder, 'united'));
          mergeInto(united, [machines[1]!.root, machines[2]!.root]);
          for (const { root } of machines) {
            mergeInto(root, []);
            expect(historyBytes(root)).toEqual(historyBytes(united));
            expect(checkStore(root, TASKS).findings.filter(({ severity }) => severity !== 'note')).toEqual(
              [],
            );
          }
          // Nothing is sent twice: a store that comes to it anew takes each invocation once.
          const fresh = await sync({ root: path.join(folder, 'fresh'), remote: openMemory({ files }) });
          expect(new Set(fresh.pulled.invocations).size).toBe(fresh.pulled.invocations.length);
          expect(fresh.pushed?.invocations).toEqual([]);
        }),
      ),
      { numRuns: Number(process.env.UNIONS ?? 6) },
    );
  });

  it('give what a run drew after a part of it had been merged elsewhere and pushed, and killed ones once', async () => {
    const folder = fastFolder();
    const ann = machineIn(folder, 'ann');
    await act(ann, 'judge');
    await act(ann, 'draw');
    await act(ann, 'draw');
    const files = new Map<string, Uint8Array>();
    const share = (root: string) => sync({ root, remote: openMemory({ files }) });
    const [ben, carl] = ['ben', 'carl'].map((name) => machineIn(folder, name).root);
    mergeInto(ben!, [midway(ann.root, path.join(folder, 'midway'))]);
    expect((await share(ben!)).pushed?.invocations).toHaveLength(3);
    await share(carl!);
    expect((await share(ben!)).pushed?.invocations).toEqual([]);
    expect((await share(ann.root)).pushed?.invocations).toHaveLength(1);
    expect((await share(ben!)).pulled).toMatchObject({ records: 1, refused: [] });
    expect((await share(carl!)).pulled).toMatchObject({ records: 1, refused: [] });
    for (const root of [ben!, carl!]) expect(historyBytes(root)).toEqual(historyBytes(ann.root));
    await act(ann, 'kill');
    for (const given of [1, 0]) expect((await share(ann.root)).pushed?.invocations).toHaveLength(given);
    expect((await share(ben!)).pushed?.invocations).toEqual([]);
    expect(historyBytes(ben!)).toEqual(historyBytes(ann.root));
  });

  it("push at once without losing a word: each number of the log is one machine's", async () => {
    const folder = fastFolder();
    const files = new Map<string, Uint8Array>();
    const machines = Array.from({ length: 6 }, (_, i) => machineIn(folder, `machine-${i}`, i + 1));
    for (const machine of machines) for (const what of ['draw', 'judge'] as const) await act(machine, what);
    await Promise.all(machines.map(({ root }) => sync({ root, remote: openMemory({ files }) })));
    const logged = [...files.keys()].filter((name) => name.startsWith('log/'));
    expect(logged.sort()).toEqual(Array.from({ length: 6 }, (_, i) => entryName(i + 1)));
    const { pulled } = await sync({ root: path.join(folder, 'fresh'), remote: openMemory({ files }) });
    expect(pulled).toMatchObject({ refused: [], broken: null });
    expect(pulled.invocations).toHaveLength(12);
  });

  it('read nothing but what is new', async () => {
    const { at, files } = await pushed(['draw', 'long']);
    const reader = path.join(fastFolder(), 'reader');
    await sync({ root: reader, remote: openMemory({ files }) });
    await act(at, 'draw');
    await sync({ root: at.root, remote: openMemory({ files }) });
    const asked: string[] = [];
    const remote = openMemory({ files });
    const watched: RemoteFiles = {
      ...remote,
      shown: remote.shown,
      canWrite: 'unknown',
      get: (name, limits) => {
        asked.push(name);
        return remote.get(name, limits);
      },
    };
    const { pulled } = await sync({ root: reader, remote: watched }, 'pull');
    expect(pulled.invocations).toHaveLength(1);
    expect(asked.filter((name) => name.startsWith('packs/'))).toHaveLength(1);
    expect(asked.filter((name) => files.has(name) && name.startsWith('log/'))).toEqual([entryName(2)]);
    asked.length = 0;
    await sync({ root: reader, remote: watched }, 'pull');
    expect(asked.filter((name) => files.has(name))).toEqual([entryName(2)]);
  });

  it('read a long log by the hundred', async () => {
    const { at, files } = await pushed(['draw']);
    for (let i = 1; i < BUNDLE + 2; i++) {
      await act(at, 'draw');
      await sync({ root: at.root, remote: openMemory({ files }) });
    }
    expect(files.has(bundleName(BUNDLE))).toBe(true);
    for (let n = 1; n <= BUNDLE; n++) files.delete(entryName(n));
    const reader = path.join(fastFolder(), 'reader');
    const { pulled } = await sync({ root: reader, remote: openMemory({ files }) }, 'pull');
    expect(pulled).toMatchObject({ entries: BUNDLE + 2, refused: [], broken: null });
    expect(historyBytes(reader)).toEqual(historyBytes(at.root));
  });
});

describe('what is not what was pushed', () => {
  it('is refused and named, and taken once it was mended', async () => {
    const { at, files } = await pushed(['draw', 'judge']);
    await act(at, 'draw');
    await sync({ root: at.root, remote: openMemory({ files }) });
    const pack = [...files.keys()].find((name) => name.startsWith('packs/'))!;
    const bytes = files.get(pack)!;
    const reader = path.join(fastFolder(), 'reader');
    const pull = () => sync({ root: reader, remote: openMemory({ files }) }, 'pull');
    for (const [wrong, why] of [
      [Buffer.from([...bytes.subarray(0, -1), bytes.at(-1)! ^ 1]), 'is damaged: its bytes are not those'],
      [bytes.subarray(1), 'is damaged: its bytes are not those'],
      [null, 'is not there'],
    ] as const) {
      if (wrong === null) files.delete(pack);
      else files.set(pack, wrong);
      const { pulled } = await pull();
      expect(pulled.refused).toHaveLength(1);
      expect(pulled.refused[0]!.why).toMatch(why);
      // The other pack is here.
      expect(readdirSync(path.join(reader, 'history'))).toHaveLength(1);
    }
    files.set(pack, bytes);
    expect((await pull()).pulled.refused).toEqual([]);
    expect(historyBytes(reader)).toEqual(historyBytes(at.root));
  });

  it('has no signature of the key, where signatures are asked for', async () => {
    const key = 'a key that is long enough';
    const { files } = await pushed(['draw'], { key });
    const reader = path.join(fastFolder(), 'reader');
    const pull = (other?: string) =>
      sync({ root: reader, remote: openMemory({ files }), ...(other ? { key: other } : {}) }, 'pull');
    expect((await pull('another key that is long')).pulled.refused).toMatchObject([
      { n: 1, why: expect.stringMatching('entry 1 has a signature that the key does not give') },
    ]);
    expect(existsSync(path.join(reader, 'history')) ? readdirSync(path.join(reader, 'history')) : []).toEqual(
      [],
    );
    expect((await pull(key)).pulled).toMatchObject({ refused: [], records: expect.any(Number) });
    const unsigned = await pushed(['draw']);
    const { pulled } = await sync(
      { root: path.join(fastFolder(), 'reader'), remote: openMemory({ files: unsigned.files }), key },
      'pull',
    );
    expect(pulled.refused).toMatchObject([{ why: 'entry 1 is not signed' }]);
  });

  it('was signed by nobody who has the key: whoever has it pushes it again, and those who only have the remote get it', async () => {
    const key = 'a key that is long enough';
    const { at, files } = await pushed(['draw', 'long']);
    const signing = await sync({ root: at.root, remote: openMemory({ files }), key });
    expect(signing.pushed?.invocations).toHaveLength(2);
    const reader = path.join(fastFolder(), 'reader');
    const { pulled } = await sync({ root: reader, remote: openMemory({ files }), key }, 'pull');
    expect([pulled.invocations.length, pulled.refused]).toEqual([2, []]);
    expect(historyBytes(reader)).toEqual(historyBytes(at.root));
    expect((await sync({ root: at.root, remote: openMemory({ files }), key })).pushed?.invocations).toEqual(
      [],
    );
  });

  it('is lost: bodies that it had are brought again by whoever has one', async () => {
    const files = new Map<string, Uint8Array>();
    const [ann, ben] = ['ann', 'ben'].map((name) => machineIn(fastFolder(), name));
    const share = ({ root }: { readonly root: string }, what: 'pull' | 'both' = 'both') =>
      sync({ root, remote: openMemory({ files }) }, what);
    await say(ann!, LONG);
    await share(ann!);
    for (const name of files.keys()) if (name.startsWith('packs/')) files.delete(name);
    expect((await share(ben!)).pulled.refused).toHaveLength(1);
    await say(ben!, LONG);
    await share(ben!);
    const fresh = { root: path.join(fastFolder(), 'fresh') };
    expect((await share(fresh, 'pull')).pulled).toMatchObject({ records: 1, refused: [{ n: 1 }] });
    expect(filesBelow(path.join(fresh.root, 'blobs'))).toHaveLength(1);
  });

  it('cannot follow on the log that was read: nothing behind it is taken', async () => {
    const { at, files, sharing } = await pushed(['draw']);
    await act(at, 'draw');
    await sync(sharing);
    const reader = path.join(fastFolder(), 'reader');
    const second = files.get(entryName(2))!;
    files.delete(entryName(2));
    await sync({ root: reader, remote: openMemory({ files }) }, 'pull');
    const text = Buffer.from(second).toString();
    files.set(entryName(2), Buffer.from(text.replace(/"prev":"[0-9a-f]{4}/, '"prev":"0000')));
    const { pulled } = await sync({ root: reader, remote: openMemory({ files }) }, 'pull');
    expect(pulled.broken).toMatch('log/000000000002.json does not follow the entry that was there before it');
    files.set(entryName(2), second);
    expect((await sync({ root: reader, remote: openMemory({ files }) }, 'pull')).pulled.broken).toBeNull();
    expect(historyBytes(reader)).toEqual(historyBytes(at.root));
  });

  it('was begun anew: it is read from its beginning, and what it lacks is pushed', async () => {
    const { at, files, sharing } = await pushed(['draw', 'draw']);
    files.clear();
    const other = machineIn(fastFolder(), 'other', 99);
    await act(other, 'draw');
    await sync({ root: other.root, remote: openMemory({ files }) });
    const { pulled, pushed: given } = await sync(sharing);
    expect(pulled).toMatchObject({ isAnew: true, broken: null });
    expect(pulled.invocations).toHaveLength(1);
    expect(given?.invocations).toHaveLength(2);
    await sync({ root: other.root, remote: openMemory({ files }) });
    expect(historyBytes(other.root)).toEqual(historyBytes(at.root));
  });
});

describe('a remote that does not do what is asked', () => {
  const broken = (files: Map<string, Uint8Array>, at: number): RemoteFiles => {
    const remote = openMemory({ files });
    let asked = 0;
    const lost = (): void => {
      if (++asked >= at)
        throw new RemoteError({ kind: 'network', message: 'memory: the connection was lost' });
    };
    return {
      ...remote,
      shown: remote.shown,
      canWrite: 'unknown',
      async get(...args) {
        lost();
        return remote.get(...args);
      },
      async create(...args) {
        const made = await remote.create(...args);
        // The answer is lost, and not what was asked.
        lost();
        return made;
      },
    };
  };

  it('is left at any request, and the next time goes on without doing anything twice', async () => {
    for (let at = 1; at < 12; at++) {
      const folder = fastFolder();
      const one = machineIn(folder, 'one', at);
      const two = machineIn(folder, 'two', at + 50);
      const files = new Map<string, Uint8Array>();
      await act(one, 'draw');
      await act(two, 'draw');
      await sync({ root: one.root, remote: openMemory({ files }) });
      await sync({ root: two.root, remote: broken(files, at) }).catch((cause) =>
        expect(cause).toBeInstanceOf(RemoteError),
      );
      for (const { root } of [two, one, two]) await sync({ root, remote: openMemory({ files }) });
      expect(historyBytes(one.root)).toEqual(historyBytes(two.root));
      expect([...files.keys()].filter((name) => name.startsWith('log/'))).toHaveLength(2);
    }
  });

  it('has a log that cannot be read on, or is not given: the push says so and ends, and sends nothing', async () => {
    const { at, files, sharing } = await pushed(['draw']);
    await act(at, 'draw');
    const text = Buffer.from(files.get(entryName(1))!).toString();
    files.set(entryName(2), Buffer.from(text.replace('"v":1', '"v":2')));
    const before = [...files.keys()];
    await expect(sync(sharing)).rejects.toThrow(
      'memory: log/000000000002.json is of version 2, and this expgraph reads 1: update expgraph; nothing can be put behind it',
    );
    expect([...files.keys()]).toEqual(before);
    const remote = openMemory({ files });
    const hiding: RemoteFiles = {
      ...remote,
      ...{ shown: remote.shown, canWrite: 'unknown' },
      get: async (name, limits) => (name === entryName(2) ? null : remote.get(name, limits)),
    };
    await expect(sync({ root: at.root, remote: hiding })).rejects.toThrow(
      'log/000000000002.json is said to be there, and is not given',
    );
  });

  it('may be read only: what is there is taken, and the push says why nothing was given', async () => {
    const { files, at } = await pushed(['draw']);
    const reader = machineIn(fastFolder(), 'reader', 3);
    await act(reader, 'draw');
    const remote = openMemory({ files, isWritable: false });
    await expect(sync({ root: reader.root, remote })).rejects.toThrow('may not be written');
    expect(readdirSync(path.join(reader.root, 'history'))).toHaveLength(2);
    expect(readdirSync(path.join(at.root, 'history'))).toHaveLength(1);
  });
});

describe('what is known of a remote here', () => {
  it('stays as it is for who only looks, cut short or not', async () => {
    const { at, sharing } = await pushed(['draw']);
    const mirror = path.join(at.root, 'remote', filesBelow(path.join(at.root, 'remote'))[0]!);
    const cut = readFileSync(mirror).subarray(0, -20);
    writeFileSync(mirror, cut);
    expect(shareOf(sharing).mirror.entries).toEqual([]);
    expect(readFileSync(mirror)).toEqual(cut);
  });

  it('may be lost, cut or damaged at any byte: the log is read again, and nothing is taken or given twice', async () => {
    const { at, files } = await pushed(['draw', 'judge', 'draw']);
    const mirror = path.join(at.root, 'remote', filesBelow(path.join(at.root, 'remote'))[0]!);
    const bytes = readFileSync(mirror);
    const before = historyBytes(at.root);
    for (let cut = 0; cut < bytes.length; cut += 97) {
      writeFileSync(mirror, bytes.subarray(0, cut));
      const { pulled, pushed: given } = await sync({ root: at.root, remote: openMemory({ files }) });
      expect([pulled.invocations, pulled.broken, given?.invocations]).toEqual([[], null, []]);
      expect(readFileSync(mirror)).toEqual(bytes);
      const flipped = Buffer.from(bytes);
      flipped[cut]! ^= 1;
      writeFileSync(mirror, flipped);
      expect((await sync({ root: at.root, remote: openMemory({ files }) })).pushed?.invocations).toEqual([]);
    }
    rmSync(path.dirname(mirror), { recursive: true });
    await sync({ root: at.root, remote: openMemory({ files }) });
    expect(readFileSync(mirror)).toEqual(bytes);
    expect(historyBytes(at.root)).toEqual(before);
    expect(files.size).toBe(2);
  });
});
