// Compiled code that is kept between starts: it saves time and changes nothing, whatever is in it.
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { program } from '../rig/program.ts';
import { tempFolder } from '../rig/temp.ts';

/** A cache that no other start writes to. */
function started(): {
  readonly say: (env?: { readonly [name: string]: string }) => Promise<string>;
  readonly kept: () => readonly string[];
} {
  const cache = tempFolder();
  const cwd = tempFolder();
  return {
    async say(env = {}) {
      const { code, stdout, stderr } = await program(['schema', 'record'], {
        cwd,
        env: { NODE_COMPILE_CACHE: cache, ...env },
      });
      expect([code, stderr]).toEqual([0, '']);
      return stdout;
    },
    kept: () =>
      readdirSync(cache, { recursive: true, encoding: 'utf8' })
        .filter((name) => path.basename(name).startsWith('expgraph-'))
        .map((name) => path.join(cache, name))
        .sort(),
  };
}

const timesMade = (file: string): number => readFileSync(file).readUInt32LE(4);

it('is made at the first three starts of a command, for its owner alone, and kept from then on', async () => {
  const { say, kept } = started();
  const first = await say();
  expect(kept().map((file) => path.basename(file))).toEqual([
    expect.stringMatching(/^expgraph-start-code-[0-9a-f]{8}-[0-9a-f]{8}$/),
  ]);
  const [file] = kept();
  expect(statSync(file!).mode & 0o777).toBe(0o600);
  for (const times of [2, 3, 3]) {
    expect(await say()).toBe(first);
    expect([kept().length, timesMade(file!)]).toEqual([1, times]);
  }
});

it('is not taken where it is damaged, of another V8, or could be written by others; it is made anew', async () => {
  const { say, kept } = started();
  const first = await say();
  const [file] = kept();
  const bytes = readFileSync(file!);
  const spoiled = Buffer.from(bytes);
  spoiled[bytes.length - 40] = spoiled[bytes.length - 40]! ^ 1;
  for (const text of [spoiled, bytes.subarray(0, 100), Buffer.alloc(0)]) {
    writeFileSync(file!, text);
    expect(await say()).toBe(first);
    expect(timesMade(file!)).toBe(1);
  }
  chmodSync(file!, 0o666);
  expect(await say()).toBe(first);
  expect([timesMade(file!), statSync(file!).mode & 0o777]).toEqual([1, 0o600]);
  // V8 looks at its version and its flags, at the beginning of its own head.
  const others = Buffer.from(bytes);
  others.writeUInt32LE(3, 4);
  others.fill(0xff, 8, 24);
  others.writeUInt32LE(crc32(others.subarray(4)), 0);
  writeFileSync(file!, others);
  expect(await say()).toBe(first);
  expect(timesMade(file!)).toBe(1);
});

it('is not there where Node is told to keep none, nor where its folder cannot be written', async () => {
  const { say, kept } = started();
  const first = await say({ NODE_DISABLE_COMPILE_CACHE: '1' });
  expect(kept()).toEqual([]);
  expect(await say({ NODE_COMPILE_CACHE: '/dev/null/nowhere' })).toBe(first);
});
