// Files behind keys, edited between two looks.
import { createHash } from 'node:crypto';
import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/core/manifest.ts';
import { watchScorers, watchVariants } from '../../src/project/open/inputs-watch.ts';
import { writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const FILES = { 'shared.txt': 'shared', 'a.ts': 'aaaa', 'b.ts': 'bbbb', 'lib.ts': 'both' };

function fileOf(name: keyof typeof FILES) {
  return { path: name, digest: createHash('sha256').update(FILES[name]).digest('hex') };
}

function watched(folder: string) {
  const variant = (name: string, files: readonly (keyof typeof FILES)[]) =>
    ({
      name,
      harness: { kind: 'module', code: { files: files.map(fileOf), packages: [] } },
      mcp: null,
    }) as unknown;
  return watchVariants({
    folder,
    inputs: [fileOf('shared.txt')],
    prepare: [],
    scenarios: [],
    variants: [variant('a', ['a.ts', 'lib.ts']), variant('b', ['b.ts', 'lib.ts'])] as Manifest['variants'],
  });
}

/** Looks, lets something happen, and asks what moved for a, b and somebody without code. */
async function movedBy(happens: (folder: string) => void) {
  const folder = tempFolder();
  writeFiles(folder, FILES);
  const witness = watched(folder);
  const since = witness.now();
  await nextTurn();
  happens(folder);
  return ['a', 'b'].map((arm) => {
    const moved = witness.moved(arm, since);
    return moved && `${moved.kind} ${moved.why.split(' ')[0]}`;
  });
}

const write = (name: string, text: string) => (folder: string) =>
  writeFileSync(path.join(folder, name), text);

describe('what moved since a moment', () => {
  it.each<[string, (folder: string) => void, readonly (string | null)[]]>([
    ['nothing', () => {}, [null, null]],
    ["an arm's code", write('a.ts', 'cccc'), ['changed a.ts', null]],
    ['what two arms share', write('lib.ts', 'cccc'), ['changed lib.ts', 'changed lib.ts']],
    ['an input', write('shared.txt', 'other'), ['changed shared.txt', 'changed shared.txt']],
    ['a file that is gone', (folder) => rmSync(path.join(folder, 'b.ts')), [null, 'changed b.ts']],
    [
      'an edit that was taken back',
      (folder) => {
        write('a.ts', 'cccc')(folder);
        write('a.ts', 'aaaa')(folder);
      },
      ['touched a.ts', null],
    ],
    [
      'one that was taken back with its times',
      (folder) => {
        const { atime, mtime } = statSync(path.join(folder, 'shared.txt'));
        write('shared.txt', 'edited')(folder);
        write('shared.txt', 'shared')(folder);
        utimesSync(path.join(folder, 'shared.txt'), atime, mtime);
      },
      ['touched shared.txt', 'touched shared.txt'],
    ],
  ])('%s', async (_, happens, expected) => {
    expect(await movedBy(happens)).toEqual(expected);
  });

  it('is a change that nothing takes back, and a touch that concerns only who began before it', async () => {
    const folder = tempFolder();
    writeFiles(folder, FILES);
    const witness = watched(folder);
    const before = witness.now();
    await nextTurn();
    write('a.ts', 'aaaa')(folder);
    write('b.ts', 'cccc')(folder);
    const after = witness.now();
    expect([witness.moved('a', before)?.kind, witness.moved('a', after)]).toEqual(['touched', null]);
    await nextTurn();
    write('b.ts', 'bbbb')(folder);
    expect(witness.moved('b', witness.now())?.kind).toBe('changed');
  });

  it('is a change before anything began, where it is not what was planned', () => {
    const folder = tempFolder();
    writeFiles(folder, { ...FILES, 'a.ts': 'edited between planning and the first look' });
    const witness = watched(folder);
    expect(witness.moved('a', witness.now())?.why).toContain('a.ts (code of a) was changed while tasks ran');
    expect(witness.moved('b', witness.now())).toBeNull();
  });

  it('concerns a scorer by its own code', async () => {
    const folder = tempFolder();
    writeFiles(folder, FILES);
    const scorer = (name: string, file: keyof typeof FILES) =>
      ({ name, kind: 'code', harness: { code: { files: [fileOf(file)], packages: [] } } }) as unknown;
    const rule = { name: 'rule', kind: 'exact' } as unknown;
    type Scorers = Parameters<typeof watchScorers>[1];
    const witness = watchScorers(folder, [scorer('a', 'a.ts'), scorer('b', 'b.ts'), rule] as Scorers);
    const since = witness.now();
    await nextTurn();
    write('a.ts', 'cccc')(folder);
    expect(['a', 'b', 'rule'].map((name) => witness.moved(name, since)?.kind ?? null)).toEqual([
      'changed',
      null,
      null,
    ]);
  });
});
