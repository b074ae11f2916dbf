import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import {
  packTar,
  TarError,
  type TarFile,
  type TarLimits,
  unpackTar,
} from '../../../src/project/share/tar.ts';
import { filesBelow } from '../../rig/files.ts';
import { tempFolder } from '../../rig/temp.ts';

const LIMITS: TarLimits = { entries: 1_000, fileBytes: 1 << 20, bytes: 4 << 20 };

function file(name: string, text: string): TarFile {
  const bytes = Buffer.from(text);
  return { name, size: bytes.length, read: () => [bytes.subarray(0, 2), bytes.subarray(2)] };
}

async function bytesOf(files: readonly TarFile[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of packTar(files)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

type Raw = Parameters<ReturnType<typeof pack>['entry']>[0] & { readonly text?: string };

async function rawTar(entries: readonly Raw[]): Promise<Buffer> {
  const tar = pack();
  for (const { text = '', ...header } of entries) tar.entry(header, text);
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar as unknown as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function textsIn(folder: string): Record<string, string> {
  return Object.fromEntries(
    filesBelow(folder).map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
  );
}

const LONG = `history/${'long-'.repeat(30)}.jsonl`;
const FILES = [file('b.txt', 'bee'), file('a/one.jsonl', '{"n":1}\n'), file(LONG, 'long'), file('empty', '')];
const TEXTS = { 'b.txt': 'bee', 'a/one.jsonl': '{"n":1}\n', [LONG]: 'long', empty: '' };

describe('what is packed', () => {
  it('is unpacked as it was, plain, gzip and zstd, whole or in small pieces', async () => {
    const tar = await bytesOf(FILES);
    for (const bytes of [tar, gzipSync(tar), zstdCompressSync(tar)]) {
      const whole = tempFolder();
      expect(await unpackTar(bytes, whole, LIMITS)).toEqual({ files: 4, leftOut: [] });
      expect(textsIn(whole)).toEqual(TEXTS);
      const pieces = tempFolder();
      const cut = (async function* () {
        for (let from = 0; from < bytes.length; from += 3) yield bytes.subarray(from, from + 3);
      })();
      expect(await unpackTar(cut, pieces, LIMITS)).toEqual({ files: 4, leftOut: [] });
      expect(textsIn(pieces)).toEqual(TEXTS);
    }
  });

  it('is the same to the byte whatever the order of the files, and readable by tar', async () => {
    const tar = await bytesOf(FILES);
    expect(await bytesOf(FILES.toReversed())).toEqual(tar);
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'made.tar'), tar);
    mkdirSync(path.join(folder, 'out'));
    execFileSync('tar', ['-xf', 'made.tar', '-C', 'out'], { cwd: folder });
    expect(textsIn(path.join(folder, 'out'))).toEqual(TEXTS);
    expect(statSync(path.join(folder, 'out/b.txt')).mtimeMs).toBe(0);
  });

  it('fails where a file is not as long as it says', async () => {
    const lying = { name: 'a', size: 5, read: () => [Buffer.from('four')] };
    await expect(bytesOf([lying])).rejects.toThrow();
  });
});

describe('a tar of somebody else', () => {
  it('is read as the program tar makes it, links left out', async () => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'in/history'), { recursive: true });
    writeFileSync(path.join(folder, 'in/history/one'), '1');
    symlinkSync('/etc/passwd', path.join(folder, 'in/history/link'));
    execFileSync('tar', ['-czf', 'made.tgz', '-C', 'in', '.'], { cwd: folder });
    const into = tempFolder();
    const { files, leftOut } = await unpackTar(readFileSync(path.join(folder, 'made.tgz')), into, LIMITS);
    expect(files).toBe(1);
    expect(leftOut).toEqual([{ name: './history/link', why: 'is a link' }]);
    expect(textsIn(into)).toEqual({ 'history/one': '1' });
  });

  it('writes nothing beside its folder, whatever its names and kinds', async () => {
    const above = tempFolder();
    const into = path.join(above, 'into');
    mkdirSync(into);
    const hostile: readonly Raw[] = [
      { name: '../out', text: 'x' },
      { name: 'a/../../out', text: 'x' },
      { name: '/tmp/expgraph-absolute', text: 'x' },
      { name: 'C:/windows', text: 'x' },
      { name: 'a\\..\\..\\out', text: 'x' },
      { name: 'a\u001bb', text: 'x' },
      { name: 'link', type: 'symlink', linkname: above },
      { name: 'link/out', text: 'below a link that was never made' },
      { name: 'hard', type: 'link', linkname: '/etc/passwd' },
      { name: 'device', type: 'character-device', devmajor: 1, devminor: 3 },
      { name: 'pipe', type: 'fifo' },
      { name: 'twice', text: 'first' },
      { name: 'twice', text: 'second' },
      { name: 'twice/below', text: 'x' },
      { name: `${'d/'.repeat(40)}deep`, text: 'x' },
      { name: 'n'.repeat(300), text: 'x' },
      { name: '__proto__/polluted', text: 'x' },
    ];
    const { files, leftOut } = await unpackTar(await rawTar(hostile), into, LIMITS);
    expect(readdirSync(above)).toEqual(['into']);
    expect(textsIn(into)).toEqual({
      '__proto__/polluted': 'x',
      'link/out': 'below a link that was never made',
      twice: 'first',
    });
    expect(files).toBe(3);
    expect(leftOut).toHaveLength(hostile.length - 3);
    expect(leftOut.map(({ why }) => why)).not.toContain('');
  });

  it('is named where it is packed in another way, with what to do', async () => {
    for (const [head, what] of [
      ['PK\u0003\u0004', 'is a zip file: unpack it and name the folder'],
      ['\u00fd7zXZ\u0000', 'is packed with xz: unpack it with xz -d first'],
      ['BZh91AY', 'is packed with bzip2: unpack it with bzip2 -d first'],
    ] as const) {
      const bytes = Buffer.concat([Buffer.from(head, 'latin1'), Buffer.alloc(2_000)]);
      await expect(unpackTar(bytes, tempFolder(), LIMITS)).rejects.toThrow(what);
    }
  });

  it('ends with what the disk said where none of its bytes can be had', async () => {
    const cause = Object.assign(new Error('EACCES: permission denied, open'), { syscall: 'open' });
    const closed = (async function* (): AsyncGenerator<Uint8Array> {
      yield* [];
      throw cause;
    })();
    await expect(unpackTar(closed, tempFolder(), LIMITS)).rejects.toBe(cause);
  });

  it('is refused where it holds more than it may', async () => {
    const small = { entries: 3, fileBytes: 100, bytes: 10_000 };
    const many = await rawTar(['a', 'b', 'c', 'd'].map((name) => ({ name, text: name })));
    await expect(unpackTar(many, tempFolder(), small)).rejects.toThrow('holds more than 3 entries');
    const large = await rawTar([{ name: 'a', text: 'x'.repeat(101) }]);
    await expect(unpackTar(large, tempFolder(), small)).rejects.toThrow('a file of more than 100 bytes');
    const bomb = gzipSync(await rawTar([{ name: 'a', text: 'x'.repeat(1 << 20) }]));
    expect(bomb.length).toBeLessThan(10_000);
    const limits = { entries: 3, fileBytes: 1 << 30, bytes: 100_000 };
    await expect(unpackTar(bomb, tempFolder(), limits)).rejects.toThrow('holds more than 100000 bytes');
  });

  it('is refused where it is none, is cut or is damaged', async () => {
    const tar = await bytesOf([file('a', 'x'.repeat(5_000)), file('b', 'y'.repeat(5_000))]);
    const zipped = gzipSync(tar);
    for (const bytes of [
      Buffer.from('no tar at all, but long enough to be looked at. '.repeat(40)),
      tar.subarray(0, 3_000),
      zipped.subarray(0, zipped.length - 12),
      zstdCompressSync(tar).subarray(0, 40),
      Buffer.concat([tar.subarray(0, 6_000), Buffer.alloc(200, 1), tar.subarray(6_200)]),
    ])
      await expect(unpackTar(bytes, tempFolder(), LIMITS)).rejects.toThrow(TarError);
  });
});
