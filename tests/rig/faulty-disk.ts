// A disk that dies, tears a write, loses what was never synced, or refuses: node:fs with some of its functions replaced.
// SQLite has its own way to the disk and is not touched: what becomes of its files is the business of other tests.
import fs, { type Dirent } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

export type Fault = {
  /**
   * `die`: the n-th operation and all after it fail, as if the machine were gone. `tear`: the same, but a write puts a
   * part of its bytes down first. `lose`, `lose-some`: as die, and what no fsync covered is taken back, all of it or a
   * part. `io-error`: the n-th operation fails with EIO and the next ones work. `full`: from the n-th on nothing more
   * can be written (ENOSPC), reading works. `read-error`: as io-error, but it is the n-th reading that fails.
   */
  readonly kind: 'die' | 'tear' | 'lose' | 'lose-some' | 'io-error' | 'full' | 'read-error';
  /** Which operation, from 1. */
  readonly at: number;
  readonly random: () => number;
};

export type FaultyDisk = Disposable & {
  /** Did the fault strike? False: the story needed fewer operations. */
  struck(): boolean;
  /** Puts the disk to what would be left after the power came back. Call it after dispose. */
  afterPowerLoss(): void;
};

type FileNode = { readonly kind: 'file'; durable: Buffer };
type FolderNode = {
  readonly kind: 'folder';
  readonly live: Map<string, Node>;
  durable: Map<string, Node>;
};
type Node = FileNode | FolderNode;

const sound = { ...fs };

/** @param root an existing folder: the part of the disk that is watched. What is there now counts as durable. */
export function breakDisk(root: string, fault: Fault): FaultyDisk {
  const tree = readTree(root);
  const nodes = new Map<number, Node>();
  let operations = 0;
  let struck = false;
  let dead = false;

  const isOurs = (file: unknown): file is string => typeof file === 'string' && file.startsWith(root);
  /** Before each operation that changes something: null = go on. */
  const trouble = (): Error | null => {
    if (dead) return gone();
    if (fault.kind === 'full' && struck) return refused('ENOSPC');
    if (fault.kind === 'read-error' || ++operations !== fault.at) return null;
    struck = true;
    if (fault.kind === 'io-error') return refused('EIO');
    if (fault.kind === 'full') return refused('ENOSPC');
    dead = true;
    return gone();
  };
  const step = (): void => {
    const why = trouble();
    if (why) throw why;
  };
  const nodeAt = (file: string): Node | undefined => {
    let node: Node | undefined = tree;
    for (const name of path.relative(root, file).split(path.sep).filter(Boolean)) {
      node = node?.kind === 'folder' ? node.live.get(name) : undefined;
    }
    return node;
  };
  const parentOf = (file: string): FolderNode => nodeAt(path.dirname(file)) as FolderNode;
  const settle = (fd: number): (() => void) => {
    const node = nodes.get(fd);
    if (node?.kind === 'folder') {
      const names = new Map(node.live);
      return () => {
        node.durable = names;
      };
    }
    const file = node && pathOf(tree, node);
    if (!node || file === undefined) return () => {};
    const bytes = sound.readFileSync(path.join(root, file));
    return () => {
      node.durable = bytes;
    };
  };

  const faulty = {
    openSync(file: string, flags: string, ...rest: never[]) {
      const isChange = isOurs(file) && /[wa+]/.test(String(flags));
      if (isChange) step();
      else if (dead && isOurs(file)) throw gone();
      const fd = sound.openSync(file, flags, ...rest);
      if (!isOurs(file)) return fd;
      if (isChange && !nodeAt(file)) {
        parentOf(file).live.set(path.basename(file), { kind: 'file', durable: Buffer.alloc(0) });
      }
      nodes.set(fd, nodeAt(file)!);
      return fd;
    },
    closeSync(fd: number) {
      nodes.delete(fd);
      sound.closeSync(fd);
    },
    writeSync(fd: number, bytes: Uint8Array, offset = 0, length = bytes.length - offset) {
      if (!nodes.has(fd)) return sound.writeSync(fd, bytes, offset, length);
      const wasDead = dead || (fault.kind === 'full' && struck);
      const why = trouble();
      if (!why) return sound.writeSync(fd, bytes, offset, length);
      if (wasDead || (fault.kind !== 'tear' && fault.kind !== 'full')) throw why;
      // A part arrives. A full disk says how much, a torn write says nothing any more.
      const part = Math.floor(fault.random() * length);
      if (part > 0) sound.writeSync(fd, bytes, offset, part);
      if (fault.kind === 'tear' || part === 0) throw why;
      return part;
    },
    fsyncSync(fd: number) {
      if (nodes.has(fd)) step();
      sound.fsyncSync(fd);
      settle(fd)();
    },
    fsync: syncLater,
    fdatasync: syncLater,
    ftruncateSync(fd: number, size: number) {
      if (nodes.has(fd)) step();
      sound.ftruncateSync(fd, size);
    },
    renameSync(from: string, to: string) {
      if (isOurs(to)) step();
      sound.renameSync(from, to);
      if (!isOurs(to)) return;
      // What SQLite made is known to nobody before it is moved.
      const moved = nodeAt(from) ?? { kind: 'file', durable: Buffer.alloc(0) };
      parentOf(from).live.delete(path.basename(from));
      parentOf(to).live.set(path.basename(to), moved);
    },
    mkdirSync(folder: string, options: { readonly recursive?: boolean }) {
      if (!isOurs(folder) || nodeAt(folder)) return sound.mkdirSync(folder, options);
      step();
      const first = sound.mkdirSync(folder, options);
      const missing: string[] = [];
      for (let at = folder; !nodeAt(at); at = path.dirname(at)) missing.unshift(at);
      for (const each of missing) {
        parentOf(each).live.set(path.basename(each), { kind: 'folder', live: new Map(), durable: new Map() });
      }
      return first;
    },
    rmSync(file: string, options: object) {
      if (!isOurs(file) || !nodeAt(file)) return sound.rmSync(file, options);
      step();
      sound.rmSync(file, options);
      parentOf(file).live.delete(path.basename(file));
    },
    ...reading(() => {
      if (dead) return gone();
      if (fault.kind !== 'read-error' || ++operations !== fault.at) return null;
      struck = true;
      return refused('EIO');
    }),
  };
  replace(faulty);

  function syncLater(fd: number, done: (error: Error | null) => void): void {
    const why = nodes.has(fd) ? trouble() : null;
    if (why) {
      setImmediate(done, why);
      return;
    }
    const arrive = settle(fd);
    sound.fsync(fd, (error) => {
      if (!error && !dead) arrive();
      done(dead ? gone() : error);
    });
  }

  return {
    struck: () => struck,
    afterPowerLoss: () => putBack({ folder: root, node: tree, fault }),
    [Symbol.dispose]: () =>
      replace(
        Object.fromEntries(Object.keys(faulty).map((name) => [name, sound[name as keyof typeof sound]])),
      ),
  };
}

/** Reading from a machine that is gone does not work either. */
function reading(trouble: () => Error | null): object {
  const names = ['readSync', 'readFileSync', 'readdirSync', 'statSync', 'fstatSync'] as const;
  return Object.fromEntries(
    names.map((name) => [
      name,
      (...given: never[]) => {
        const why = trouble();
        if (why) throw why;
        return (sound[name] as (...given: never[]) => unknown)(...given);
      },
    ]),
  );
}

function replace(functions: object): void {
  Object.assign(fs, functions);
  syncBuiltinESMExports();
}

function gone(): Error {
  return refused('ENODEV');
}

function refused(code: string): Error {
  return Object.assign(new Error(`${code}: the disk of the test`), { code });
}

function readTree(folder: string): FolderNode {
  const live = new Map<string, Node>();
  for (const entry of sound.readdirSync(folder, { withFileTypes: true }) as Dirent[]) {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) live.set(entry.name, readTree(at));
    else live.set(entry.name, { kind: 'file', durable: sound.readFileSync(at) });
  }
  return { kind: 'folder', live, durable: new Map(live) };
}

function pathOf(folder: FolderNode, wanted: Node): string | undefined {
  for (const [name, node] of folder.live) {
    if (node === wanted) return name;
    const below = node.kind === 'folder' ? pathOf(node, wanted) : undefined;
    if (below !== undefined) return path.join(name, below);
  }
  return undefined;
}

/** SQLite's own files stay as they are wherever their folder survives. */
const OTHERS = /^(index|lock)\.db/;

function putBack(at: { readonly folder: string; readonly node: FolderNode; readonly fault: Fault }): void {
  const { folder, node, fault } = at;
  for (const name of sound.readdirSync(folder)) {
    const kept = node.durable.get(name);
    const file = path.join(folder, name);
    if (kept?.kind === 'folder') continue;
    const lost = kept && fault.kind === 'lose-some' ? tailOf({ file, kept }) : Buffer.alloc(0);
    if (!OTHERS.test(name)) sound.rmSync(file, { recursive: true, force: true });
    if (!kept || OTHERS.test(name)) continue;
    const luck = lost.subarray(0, Math.floor(fault.random() * lost.length));
    sound.writeFileSync(file, Buffer.concat([kept.durable, luck]));
  }
  for (const [name, kept] of node.durable) {
    const file = path.join(folder, name);
    if (kept.kind === 'folder') {
      sound.mkdirSync(file, { recursive: true });
      putBack({ folder: file, node: kept, fault });
    } else if (!OTHERS.test(name) && !sound.existsSync(file)) {
      sound.writeFileSync(file, kept.durable);
    }
  }
}

/** What was appended after the last sync. */
function tailOf(at: { readonly file: string; readonly kept: FileNode }): Buffer {
  const bytes = sound.readFileSync(at.file);
  const { durable } = at.kept;
  return bytes.subarray(0, durable.length).equals(durable) ? bytes.subarray(durable.length) : Buffer.alloc(0);
}
