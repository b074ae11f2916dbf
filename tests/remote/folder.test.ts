// A folder and the memory as remotes: their contract, and what only folders have.
// @project e2e: small disks are mounted
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRemote } from '../../src/remote/index.ts';
import { openMemory } from '../../src/remote/memory.ts';
import type { RemoteError, RemoteFiles } from '../../src/remote/remote.ts';
import { makeStep } from '../../src/remote/step.ts';
import { remoteContract } from '../contract/remote.ts';
import { handClock } from '../rig/clock.ts';
import { remoteSettings, remoteWorld } from '../rig/remote-settings.ts';
import { mountSmallDisk, noSmallDisk } from '../rig/small-disk.ts';
import { tempFolder } from '../rig/temp.ts';

const never = new AbortController().signal;
const left = noSmallDisk();

async function openAt(root: string): Promise<RemoteFiles> {
  return openRemote(remoteSettings({ kind: 'file', url: pathToFileURL(root).href }), remoteWorld());
}

remoteContract('a folder', {
  ...{ hasLine: false, asksWho: false, noReader: left },
  async makePlace() {
    const disk = left === null ? mountSmallDisk(64_000) : null;
    if (disk !== null) onTestFinished(() => disk[Symbol.dispose]());
    const root = path.join(disk?.folder ?? tempFolder(), 'share');
    return {
      open: () => openAt(root),
      async openReader() {
        disk?.setReadOnly('read-only');
        return openAt(root);
      },
      ...{ wrong: null, line: null },
    };
  },
});

remoteContract('the memory', {
  ...{ hasLine: false, asksWho: false },
  async makePlace() {
    const files = new Map<string, Uint8Array>();
    return {
      open: async () => openMemory({ files }),
      openReader: async () => openMemory({ files, isWritable: false }),
      ...{ wrong: null, line: null },
    };
  },
});

function linksAre(link: typeof fs.link): Disposable {
  const sound = fs.link;
  fs.link = link;
  return {
    [Symbol.dispose]() {
      fs.link = sound;
    },
  };
}

const failureOf = (work: Promise<unknown>): Promise<RemoteError> =>
  work.then(
    () => Promise.reject(new Error('it worked')),
    (cause: RemoteError) => cause,
  );

describe('a folder as a remote', () => {
  it('is made when something is written, and not before', async () => {
    const root = path.join(tempFolder(), 'not', 'there');
    const remote = await openAt(root);
    expect(await remote.get('x/a', { maxBytes: 9, signal: never })).toBeNull();
    expect(existsSync(path.dirname(root))).toBe(false);
    expect(await remote.create('x/a', Buffer.from('1'), never)).toBe('made');
    expect(readdirSync(path.join(root, 'x'))).toEqual(['a']);
  });

  it.skipIf(process.platform === 'win32')('gives what is in it the rights that it has itself', async () => {
    for (const [mode, file] of [
      [0o2770, 0o660],
      [0o755, 0o644],
      [0o700, 0o600],
    ] as const) {
      const root = path.join(tempFolder(), 'share');
      mkdirSync(root);
      chmodSync(root, mode);
      await (await openAt(root)).create('x/log/a', Buffer.from('1'), never);
      const modes = ['x', 'x/log', 'x/log/a'].map((name) => statSync(path.join(root, name)).mode & 0o7777);
      expect(modes).toEqual([mode, mode, file]);
    }
  });

  it('reads nothing through a link, a pipe or a folder', async () => {
    const root = tempFolder();
    const remote = await openAt(root);
    writeFileSync(path.join(root, 'real'), 'elsewhere');
    symlinkSync(path.join(root, 'real'), path.join(root, 'link'));
    mkdirSync(path.join(root, 'folder'));
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    for (const name of ['link', 'pipe', 'folder']) {
      const error = await failureOf(remote.get(name, { maxBytes: 99, signal: never }));
      expect([name, error.kind]).toEqual([name, 'refused']);
      expect(await remote.create(name, Buffer.from('1'), never)).toBe('there');
    }
  });

  it('says where a file is in the way of a folder', async () => {
    const root = path.join(tempFolder(), 'file');
    writeFileSync(root, '');
    const error = await failureOf((await openAt(root)).create('x/a', Buffer.from('1'), never));
    expect(error).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(pathToFileURL(root).href),
    });
  });

  it('is refused where the file system has no hard links', async () => {
    const root = tempFolder();
    using _ = linksAre(async () => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
    });
    const remote = await openAt(root);
    const error = await failureOf(remote.create('x/a', Buffer.from('1'), never));
    expect(error).toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining('no hard links (EPERM)'),
    });
    expect(remote.canWrite).toBe('no');
    expect(readdirSync(path.join(root, 'x'))).toEqual([]);
  });

  it('knows its own link again that a share made without saying so', async () => {
    const root = tempFolder();
    const sound = fs.link;
    using _ = linksAre(async (from, to) => {
      await sound(from, to);
      throw Object.assign(new Error('EEXIST: file already exists, link'), { code: 'EEXIST' });
    });
    expect(await (await openAt(root)).create('x/a', Buffer.from('1'), never)).toBe('made');
    expect(readdirSync(path.join(root, 'x'))).toEqual(['a']);
  });

  it.skipIf(left !== null)(`leaves nothing of what did not fit${left ?? ''}`, async () => {
    using disk = mountSmallDisk(256);
    const remote = await openAt(disk.folder);
    const error = await failureOf(remote.create('packs/a', new Uint8Array(1_000_000), never));
    expect(error).toMatchObject({ kind: 'refused', advice: 'make room' });
    expect(readdirSync(path.join(disk.folder, 'packs'))).toEqual([]);
    expect(await remote.create('packs/a', new Uint8Array(1_000), never)).toBe('made');
  });
});

describe('a step with files', () => {
  const hung = new Promise<never>(() => undefined);

  it('ends when its time is over, or its signal says so, though the work never does', async () => {
    const clock = handClock();
    const abort = new AbortController();
    const step = makeStep({ clock, timeoutMs: 30_000, shown: 'file:///share', signal: abort.signal });
    const late = failureOf(step(hung));
    await clock.advance(30_000);
    expect(await late).toMatchObject({ kind: 'timeout', message: 'file:///share: no answer in 30 s' });
    const ended = failureOf(step(hung));
    abort.abort(new Error('enough'));
    expect(await ended).toMatchObject({ message: 'enough' });
    expect(clock.pending()).toBe(0);
  });

  it('closes what was opened when nobody waited any more', async () => {
    const clock = handClock();
    const step = makeStep({ clock, timeoutMs: 1, shown: 'file:///share', signal: never });
    const opened = Promise.withResolvers<string>();
    const closed: string[] = [];
    const late = failureOf(step(opened.promise, (handle) => closed.push(handle)));
    await clock.advance(1);
    await late;
    opened.resolve('a handle');
    await clock.advance(0);
    expect(closed).toEqual(['a handle']);
  });
});
