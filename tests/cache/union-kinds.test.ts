import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { blobsIn } from '../../src/cache/disk/blobs.ts';
import { layoutOf } from '../../src/cache/disk/layout.ts';
import { UNITING } from '../../src/cache/disk/leftovers.ts';
import { lockStore } from '../../src/cache/files.ts';
import { runRestore } from '../../src/cache/gc/run-gc.ts';
import { unite } from '../../src/cache/union/unite.ts';
import { keyOfRecord } from '../../src/project/select/plan-experiment.ts';
import { filesBelow } from '../rig/files.ts';
import { type Act, act, cloneOf, type Machine, mergeInto, sharedBytes, TASKS } from '../rig/machines.ts';
import { viewCell } from '../rig/records.ts';
import { checkStore, HOLDER } from '../rig/stores.ts';
import { tempFolder } from '../rig/temp.ts';

const NOTHING = {
  ...{ invocations: [], records: 0, scores: 0, blobs: 0, archives: [], reviews: [] },
  ...{ leftOut: [], conflicts: [], damaged: [] },
};

/** A machine that did this; what chance decides is the same for all of one name. */
async function machine(name: string, acts: readonly Act[]): Promise<Machine> {
  let n = 0;
  const random = (): number => (n = (n + 0.37) % 1);
  const at = { root: path.join(tempFolder(), name), name, random, clockMs: 0, started: 0 };
  mkdirSync(at.root);
  for (const what of acts) await act(at, what);
  return at;
}

function copyOf({ root }: Pick<Machine, 'root'>): string {
  return cloneOf(root, path.join(tempFolder(), 'copy'));
}

function lineFileOf(root: string): string {
  const name = filesBelow(path.join(root, 'history')).find((file) => /_run1\.jsonl$/.test(file))!;
  return path.join(root, 'history', name);
}

function textsOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').slice(0, -1);
}

function write(file: string, lines: readonly string[]): void {
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
}

function wrongIn(root: string): readonly unknown[] {
  return checkStore(root, TASKS).findings.filter(({ severity }) => severity !== 'note');
}

describe('damage', () => {
  it('of ours is healed by a whole line of theirs, and what stood there is kept aside', async () => {
    const whole = await machine('left', ['draw', 'draw']);
    const root = copyOf(whole);
    const file = lineFileOf(root);
    const [head, second, ...rest] = textsOf(file);
    write(file, [head!, second!.replace('"answer', '"ANSWER').replace('says', 'SAYS'), ...rest]);
    expect(wrongIn(root)).not.toEqual([]);
    const [united] = mergeInto(root, [whole.root]);
    expect(united).toEqual({ ...NOTHING, records: 1 });
    expect(sharedBytes(root)).toEqual(sharedBytes(whole.root));
    const kept = readdirSync(path.join(root, 'quarantine')).filter((name) => name.endsWith('.damaged'));
    expect(kept).toHaveLength(1);
    expect(readFileSync(path.join(root, 'quarantine', kept[0]!), 'utf8')).toContain('SAYS');
    expect(wrongIn(root)).toEqual([]);
  });

  it('of theirs does not come in the place of what is whole here', async () => {
    const whole = await machine('left', ['draw', 'draw']);
    const other = copyOf(whole);
    const file = lineFileOf(other);
    write(
      file,
      textsOf(file).map((line, i) => (i === 1 ? line.slice(0, -5) : line)),
    );
    const before = sharedBytes(whole.root);
    expect(mergeInto(whole.root, [other])).toEqual([NOTHING]);
    expect(sharedBytes(whole.root)).toEqual(before);
  });

  it('of theirs comes as it is where nothing is here, is told, and the same again is nothing', async () => {
    const other = await machine('right', ['draw']);
    const file = lineFileOf(other.root);
    const lines = textsOf(file);
    write(
      file,
      lines.map((line, i) => (i === 1 ? line.replace('says', 'SAYS') : line)),
    );
    const root = path.join(tempFolder(), 'mine');
    mkdirSync(root);
    const [united] = mergeInto(root, [other.root]);
    const what = path.relative(other.root, file);
    const why = 'line 2 its checksum does not fit: it is taken as it is, and never used';
    expect(united!.damaged).toEqual([{ what, why }]);
    expect(readFileSync(path.join(root, what))).toEqual(readFileSync(file));
    expect(mergeInto(root, [other.root])).toEqual([NOTHING]);
  });

  it('in a blob of theirs: it is not taken, and both it and whoever names it are told', async () => {
    const other = await machine('right', ['long']);
    const [blob] = [...blobsIn(layoutOf(other.root).blobs)];
    writeFileSync(blob!.file, readFileSync(blob!.file, 'utf8').replace('long', 'LONG'));
    const root = path.join(tempFolder(), 'mine');
    mkdirSync(root);
    const [united] = mergeInto(root, [other.root]);
    expect(united!.damaged.map(({ why }) => why)).toEqual([
      'does not fit its name: it is not taken',
      `its blob ${blob!.sha256} is whole in neither store`,
    ]);
    expect(existsSync(path.join(root, 'blobs/sha256', blob!.sha256.slice(0, 2), blob!.sha256))).toBe(false);
  });

  it('in a blob of ours that is cut short is healed by theirs', async () => {
    const whole = await machine('left', ['long']);
    const root = copyOf(whole);
    const [blob] = [...blobsIn(layoutOf(root).blobs)];
    truncateSync(blob!.file, 10);
    const [united] = mergeInto(root, [whole.root]);
    expect(united).toEqual({ ...NOTHING, blobs: 1 });
    expect(readFileSync(blob!.file).length).toBe(blob!.bytes);
    expect(wrongIn(root)).toEqual([]);
  });
});

describe('what says one thing here and another there', () => {
  it('is told, ours stays, theirs is put aside once, and all else comes', async () => {
    const mine = await machine('left', ['draw']);
    const other = copyOf(mine);
    const [name] = readdirSync(path.join(mine.root, 'history'));
    // Two that began with one name, by a copied folder or a clock and a chance that are one.
    const stranger = await machine('left', ['old', 'draw']);
    const [theirs] = readdirSync(path.join(stranger.root, 'history'));
    renameSync(path.join(other, 'history', name!), path.join(other, 'gone'));
    renameSync(path.join(stranger.root, 'history', theirs!), path.join(other, 'history', name!));
    const late = readdirSync(path.join(stranger.root, 'history')).at(-1)!;
    renameSync(path.join(stranger.root, 'history', late), path.join(other, 'history', late));
    const before = filesBelow(path.join(mine.root, 'history', name!)).map((file) => [
      file,
      readFileSync(path.join(mine.root, 'history', name!, file), 'utf8'),
    ]);
    const [united] = mergeInto(mine.root, [other]);
    expect(united!.invocations).toEqual([late]);
    expect(united!.conflicts.length).toBeGreaterThan(0);
    for (const { what, kept } of united!.conflicts) {
      expect(what).toContain(name!);
      expect(existsSync(path.join(mine.root, kept!))).toBe(true);
    }
    for (const [file, text] of before)
      expect(readFileSync(path.join(mine.root, 'history', name!, file!), 'utf8').startsWith(text!)).toBe(
        true,
      );
    const aside = readdirSync(path.join(mine.root, 'quarantine'));
    const again = mergeInto(mine.root, [other])[0]!;
    expect(again.conflicts).toEqual(united!.conflicts);
    expect({ ...again, conflicts: [] }).toEqual(NOTHING);
    expect(readdirSync(path.join(mine.root, 'quarantine'))).toEqual(aside);
  });
});

describe('a hostile folder', () => {
  it('gives nothing by links, by pipes, or by names that are not ours', async () => {
    const other = await machine('right', ['draw', 'long']);
    const secret = path.join(tempFolder(), 'secret');
    writeFileSync(secret, 'a secret\n');
    const [id] = readdirSync(path.join(other.root, 'history'));
    const folder = path.join(other.root, 'history', id!);
    symlinkSync(secret, path.join(folder, 'linked_run1.jsonl'));
    symlinkSync(path.dirname(secret), path.join(other.root, 'history', '0009-20260102T030405Z'));
    execFileSync('mkfifo', [path.join(folder, 'pipe_run1.jsonl')]);
    writeFileSync(path.join(folder, 'con.jsonl'), '');
    writeFileSync(path.join(folder, 'UPPER.jsonl'), '');
    writeFileSync(path.join(folder, '..up.jsonl'), '');
    writeFileSync(path.join(folder, '-dash.jsonl'), '');
    // A variant may be called so.
    writeFileSync(path.join(folder, 'a..b_run1.jsonl'), '');
    writeFileSync(path.join(folder, 'x\ny.jsonl'), '');
    writeFileSync(path.join(folder, 'program.js'), '');
    mkdirSync(path.join(other.root, 'history', 'not-an-invocation'));
    writeFileSync(path.join(other.root, 'history', 'file'), '');
    symlinkSync(path.dirname(secret), path.join(other.root, 'archive'));
    symlinkSync(secret, path.join(other.root, 'reviews'));
    symlinkSync(path.dirname(secret), path.join(other.root, 'scores'));
    const root = path.join(tempFolder(), 'mine');
    mkdirSync(root);
    const [united] = mergeInto(root, [other.root]);
    expect(united!.leftOut.map(({ what, why }) => `${what.replace(id!, 'ID')} ${why}`).sort()).toEqual([
      'archive is no folder',
      'history/0009-20260102T030405Z is no plain folder',
      'history/ID/-dash.jsonl is not called as anything of a store is',
      'history/ID/UPPER.jsonl is not called as anything of a store is',
      'history/ID/con.jsonl is not called as anything of a store is',
      'history/ID/linked_run1.jsonl is no plain file',
      'history/ID/pipe_run1.jsonl is no plain file',
      'history/ID/program.js is not called as anything of a store is',
      'history/ID/x\ny.jsonl is not called as anything of a store is',
      'history/file is not called as anything of a store is',
      'history/not-an-invocation is not called as anything of a store is',
      'reviews is no folder',
      'scores is no plain folder',
    ]);
    for (const file of filesBelow(root))
      expect(readFileSync(path.join(root, file), 'latin1')).not.toContain('a secret');
    expect(wrongIn(root)).toEqual([]);
  });

  it('of a newer format is refused before anything is written', async () => {
    const other = await machine('right', ['draw']);
    writeFileSync(path.join(other.root, 'VERSION'), '3\n');
    const root = path.join(tempFolder(), 'mine');
    mkdirSync(root);
    expect(() => unite({ root, from: other.root, keyOf: keyOfRecord })).toThrow(/format 3.*update expgraph/);
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('a store that is united', () => {
  it('says beforehand what would come, and writes nothing for it', async () => {
    const mine = await machine('left', ['draw', 'gc', 'judge']);
    const other = await machine('right', ['draw', 'long', 'draw', 'gc', 'judge', 'kill']);
    mergeInto(mine.root, []);
    const before = filesBelow(mine.root).map((file) => [
      file,
      readFileSync(path.join(mine.root, file), 'latin1'),
    ]);
    const dry = unite({ root: mine.root, from: other.root, keyOf: keyOfRecord, dry: true });
    const after = filesBelow(mine.root).map((file) => [
      file,
      readFileSync(path.join(mine.root, file), 'latin1'),
    ]);
    expect(after).toEqual(before);
    expect(dry.invocations.length).toBeGreaterThan(0);
    expect(mergeInto(mine.root, [other.root])).toEqual([dry]);
  });

  it('takes the end of an invocation that was still going on', async () => {
    const other = await machine('right', ['draw']);
    const root = copyOf(other);
    const [id] = readdirSync(path.join(root, 'history'));
    const end = path.join(root, 'history', id!, 'invocation.json');
    const ended = readFileSync(end, 'utf8');
    writeFileSync(end, ended.replace('"complete"', '"running"'));
    expect(mergeInto(root, [other.root])).toEqual([NOTHING]);
    expect(readFileSync(end, 'utf8')).toBe(ended);
    const running = copyOf({ root });
    writeFileSync(
      path.join(running, 'history', id!, 'invocation.json'),
      ended.replace('"complete"', '"running"'),
    );
    mergeInto(root, [running]);
    expect(readFileSync(end, 'utf8')).toBe(ended);
  });

  it('gives back records that both archived, from either archive', async () => {
    const first = await machine('left', ['draw', 'draw', 'draw', 'draw', 'draw']);
    const root = copyOf(first);
    await act({ ...first, root, name: 'middle' }, 'gc');
    await act(first, 'gc');
    const full = sharedBytes(copyOf(first));
    mergeInto(root, [first.root]);
    const archives = readdirSync(path.join(root, 'archive'));
    expect(archives).toHaveLength(2);
    for (const archive of archives) {
      const one = copyOf({ root });
      const lock = lockStore({ root: one, holder: HOLDER });
      if (lock.kind === 'err') throw new Error('the store is locked');
      const cells = TASKS.map(viewCell);
      const restored = runRestore({ root: one, archive, cells, lock: lock.value, redact: (text) => text });
      expect(restored).toMatchObject({ kind: 'ok', value: { problems: [] } });
      expect(restored.kind === 'ok' && restored.value.records).toBeGreaterThan(0);
      expect(wrongIn(one)).toEqual([]);
    }
    expect(Object.keys(full).length).toBeGreaterThan(0);
  });

  it('is of the newer format as soon as a tombstone comes, whatever theirs says', async () => {
    const other = await machine('right', ['draw', 'draw', 'draw', 'draw', 'gc']);
    rmSync(path.join(other.root, 'archive'), { recursive: true });
    writeFileSync(path.join(other.root, 'VERSION'), '1\n');
    const root = path.join(tempFolder(), 'mine');
    mkdirSync(root);
    mergeInto(root, [other.root]);
    expect(readFileSync(path.join(root, 'VERSION'), 'utf8')).toBe('2\n');
    // The archive is elsewhere: that is a note, and no loss.
    expect(wrongIn(root)).toEqual([]);
    const codes = checkStore(root, TASKS).findings.map(({ code }) => code);
    expect(codes).toContain('archive-gone');
  });

  it('has its files closed to others, whatever theirs were', async () => {
    const other = await machine('right', ['long', 'judge']);
    for (const file of filesBelow(other.root)) execFileSync('chmod', ['666', path.join(other.root, file)]);
    const root = path.join(tempFolder(), 'mine');
    mkdirSync(root, { mode: 0o700 });
    mergeInto(root, [other.root]);
    for (const file of filesBelow(root)) expect(statSync(path.join(root, file)).mode & 0o077).toBe(0);
  });

  it('does not change with half a line that a killed run left at the other end', async () => {
    const mine = await machine('left', ['draw']);
    const other = copyOf(mine);
    appendFileSync(lineFileOf(other), '{"type":"scenario_result","v":1,');
    expect(mergeInto(mine.root, [other])).toEqual([NOTHING]);
  });

  it('has the same files whichever way it came, when a killed run had only begun one of them', async () => {
    for (const begun of ['', '{"type":"run_met']) {
      const mine = await machine('left', ['draw']);
      const other = await machine('right', ['draw']);
      const [invocation] = readdirSync(path.join(other.root, 'history'));
      writeFileSync(path.join(other.root, 'history', invocation!, 'begun_run1.jsonl'), begun);
      const [here, there] = [copyOf(mine), copyOf(other)];
      mergeInto(here, [other.root]);
      mergeInto(there, [mine.root]);
      expect(sharedBytes(here)).toEqual(sharedBytes(there));
      expect(mergeInto(here, [other.root])).toEqual([NOTHING]);
      expect(wrongIn(here)).toEqual([]);
    }
  });

  it('comes once when nothing of an invocation was there but half a line', async () => {
    const mine = await machine('left', ['draw']);
    const other = await machine('right', ['draw']);
    const [invocation] = readdirSync(path.join(other.root, 'history'));
    const folder = path.join(other.root, 'history', invocation!);
    for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
    writeFileSync(path.join(folder, 'begun_run1.jsonl'), '{"type":"run_met');
    const [united, again] = [mergeInto(mine.root, [other.root])[0]!, mergeInto(mine.root, [other.root])[0]!];
    expect(united.invocations).toEqual([invocation]);
    expect(again.invocations).toEqual([]);
  });
});

describe('a store that is at work meanwhile', () => {
  it('gives the blob that a line names although it was made after the others came', async () => {
    const other = await machine('right', ['draw']);
    const root = path.join(tempFolder(), 'mine');
    mkdirSync(root);
    mergeInto(root, []);
    const late = copyOf(other);
    await act({ ...other, root: late }, 'long');
    const [blob] = [...blobsIn(layoutOf(late).blobs)];
    // The check before the first line of what is new comes is where the run there goes on.
    const hidden = path.join(path.dirname(blob!.file), '.hidden');
    renameSync(blob!.file, hidden);
    let writes = 0;
    const check = (): void => {
      if (++writes === 2) renameSync(hidden, blob!.file);
    };
    const united = unite({ root, from: late, keyOf: keyOfRecord, check });
    expect(united).toMatchObject({ damaged: [], leftOut: [] });
    expect(united.blobs).toBe([...blobsIn(layoutOf(late).blobs)].length);
    mergeInto(root, []);
    expect(wrongIn(root)).toEqual([]);
  });

  it('has not ended here as long as lines of it are to come, although it ended there in between', async () => {
    const other = await machine('right', ['draw']);
    const root = path.join(tempFolder(), 'mine');
    mkdirSync(root);
    mergeInto(root, []);
    const [id] = readdirSync(path.join(other.root, 'history'));
    const at = (place: string): string => path.join(place, 'history', id!, 'invocation.json');
    const ended = readFileSync(at(other.root), 'utf8');
    const file = lineFileOf(other.root);
    const lines = textsOf(file);
    write(file, lines.slice(0, -1));
    writeFileSync(at(other.root), ended.replace('"complete"', '"running"'));
    // All lines that were there are here before the end is written.
    const check = (): void => {
      const beside = path.join(root, UNITING, id!, path.basename(file));
      if (!existsSync(beside)) return;
      write(file, lines);
      writeFileSync(at(other.root), ended);
    };
    unite({ root, from: other.root, keyOf: keyOfRecord, check });
    expect(readFileSync(at(root), 'utf8')).not.toBe(ended);
    mergeInto(root, [other.root]);
    expect(readFileSync(at(root), 'utf8')).toBe(ended);
    expect(wrongIn(root)).toEqual([]);
  });

  it.each([
    ['new', 3],
    ['begun', 2],
  ] as const)(
    'gives no record without the parts that it names, although both came in between: an invocation that is %s here',
    async (how, nth) => {
      const other = await machine('right', ['draw']);
      const root = path.join(tempFolder(), 'mine');
      mkdirSync(root);
      mergeInto(root, []);
      const history = path.join(other.root, 'history');
      const whole = filesBelow(history)
        .filter((name) => name.endsWith('.jsonl'))
        .map((name) => ({ file: path.join(history, name), lines: textsOf(path.join(history, name)) }));
      /** So many parts, and no record; or all. */
      const stand = (parts: number | 'all'): void => {
        for (const { file, lines } of whole)
          write(
            file,
            parts === 'all' ? lines : lines.slice(0, path.basename(file) === 'parts.jsonl' ? parts : 1),
          );
      };
      if (how === 'begun') {
        stand(1);
        mergeInto(root, [other.root]);
      }
      stand(2);
      // The check before parts are written is where the run there goes on.
      let writes = 0;
      unite({ root, from: other.root, keyOf: keyOfRecord, check: () => ++writes >= nth && stand('all') });
      mergeInto(root, []);
      expect(wrongIn(root)).toEqual([]);
      mergeInto(root, [other.root]);
      expect(sharedBytes(root)).toEqual(sharedBytes(other.root));
    },
  );

  it('is not taken half from before and half from after its gc', async () => {
    const mine = await machine('left', ['draw', 'draw', 'draw']);
    const other = copyOf(mine);
    await act({ ...mine, root: other }, 'draw');
    const file = lineFileOf(other);
    const here = path.join(mine.root, path.relative(other, file));
    const lines = textsOf(file);
    write(here, lines.slice(0, -1));
    mergeInto(mine.root, []);
    const before = readFileSync(here);
    let writes = 0;
    const check = (): void => {
      if (++writes !== 2) return;
      const gone = `${file}.new`;
      write(gone, [lines[0]!]);
      renameSync(gone, file);
    };
    expect(() => unite({ root: mine.root, from: other, keyOf: keyOfRecord, check })).toThrow(/was replaced/);
    expect(readFileSync(here)).toEqual(before);
  });
});
