// A real file system of a few kilobytes in memory, mounted for a moment: the only honest way to fill a disk.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export type SmallDisk = Disposable & {
  /** Where it is mounted. */
  readonly folder: string;
  resize(kilobytes: number): void;
  setReadOnly(is: 'read-only' | 'read-write'): void;
};

/** Why no disk can be mounted here; null = it can. */
export function noSmallDisk(): string | null {
  if (process.platform !== 'linux') return 'mounting a small disk needs Linux';
  try {
    using _disk = mountSmallDisk(64);
    return null;
  } catch {
    return 'mounting a small disk needs root, or sudo without a password';
  }
}

/** @throws where this process may not mount. */
export function mountSmallDisk(kilobytes: number): SmallDisk {
  const top = mkdtempSync(path.join(tmpdir(), 'expgraph-disk-'));
  const folder = path.join(top, 'disk');
  mkdirSync(folder);
  const owner = `uid=${process.getuid!()},gid=${process.getgid!()}`;
  try {
    asRoot('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k,${owner}`, 'none', folder]);
  } catch (cause) {
    rmSync(top, { recursive: true, force: true });
    throw cause;
  }
  return {
    folder,
    resize: (size) => asRoot('mount', ['-o', `remount,size=${size}k`, folder]),
    setReadOnly: (is) => asRoot('mount', ['-o', `remount,${is === 'read-only' ? 'ro' : 'rw'}`, folder]),
    [Symbol.dispose]: () => {
      asRoot('umount', [folder]);
      rmSync(top, { recursive: true, force: true });
    },
  };
}

function asRoot(command: string, args: readonly string[]): void {
  const [program, ...rest] = process.getuid!() === 0 ? [command, ...args] : ['sudo', '-n', command, ...args];
  execFileSync(program!, rest, { stdio: 'ignore' });
}
