// Which files of the project somebody read. Own code is watched in its thread, programs tell of it: Python by an audit hook,
// Node by a module loaded ahead (observe/), each by a line to a file whose name is in their environment. Other programs,
// and those that leave that environment out, tell nothing.
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Code } from '../core/harness.ts';

/** r: a file was read. l: a folder was listed. w: a file was made, or written anew. */
export type ReadKind = 'r' | 'l' | 'w';

export type ReadList = {
  /** @param file absolute @param by whose code did it; null = it may be anybody's */
  note(kind: ReadKind, file: string, by?: Code | null): void;
  /** What is there, was read and is none of the code, relative to the folder and sorted; a folder ends in a slash. */
  undeclared(code: Code): readonly string[];
};

export function makeReadList(folder: string): ReadList {
  const roots = [...new Set([folder, realOf(folder)])];
  const read = new Map<string, Set<Code | null>>();
  const listed = new Map<string, Set<Code | null>>();
  const written = new Set<string>();
  const inside = (file: string): string | null => {
    for (const root of roots) {
      const shown = path.relative(root, file).replaceAll('\\', '/');
      if (shown !== '' && !shown.startsWith('../') && shown !== '..' && !path.isAbsolute(shown))
        return isInput(file, shown) ? shown : null;
    }
    return null;
  };
  return {
    note(kind, file, by = null) {
      const shown = inside(path.resolve(file));
      if (shown === null) return;
      if (kind === 'w') {
        if (!read.has(shown)) written.add(shown);
        return;
      }
      // What it made itself is no input, and nobody has to be told of it.
      if (kind === 'r' && written.has(shown)) return;
      const all = kind === 'r' ? read : listed;
      all.set(shown, (all.get(shown) ?? new Set()).add(by));
    },
    undeclared(code) {
      const own = new Set(code.files.map((file) => file.path));
      const concerns = (readers: ReadonlySet<Code | null>): boolean =>
        [...readers].some((by) => by === null || by === code || by.files.some((file) => own.has(file.path)));
      const files = [...read].flatMap(([shown, readers]) =>
        concerns(readers) && !own.has(shown) && isFile(path.join(folder, shown)) ? [shown] : [],
      );
      const folders = [...listed].flatMap(([shown, readers]) => {
        const names = concerns(readers) ? filesIn(path.join(folder, shown)) : [];
        const unknown = names
          .map((name) => `${shown}/${name}`)
          .filter((file) => !own.has(file) && !written.has(file) && isInput(path.join(folder, file), file));
        return unknown.length === 0 ? [] : [`${shown}/`];
      });
      return [...files, ...folders].sort().slice(0, MAX_UNDECLARED);
    },
  };
}

/** What is installed is known by its version; what tools and expgraph write beside the project is no input. */
const NOT_INPUTS =
  /^artifacts\/|(?:^|\/)(?:node_modules|\.git|__pycache__|\.venv|site-packages|dist-packages|\.tox|\.[a-z]+_cache|[^/]+\.(?:egg|dist)-info)(?:\/|$)|(?:^|\/)package\.json$/;
const MAX_UNDECLARED = 5_000;

/** expgraph itself may be the project: what it consists of is known by its version. */
const PACKAGE = fileURLToPath(new URL('../../', import.meta.url));
const OF_PACKAGE = ['dist', 'src', 'python', 'observe', 'node_modules'].map(
  (name) => path.join(PACKAGE, name) + path.sep,
);

function isInput(file: string, shown: string): boolean {
  return !NOT_INPUTS.test(shown) && !OF_PACKAGE.some((own) => file.startsWith(own));
}

export type Reads = Disposable & {
  /** Where it is told; it may be opened again when whoever opened it is gone. */
  readonly file: string;
  /** The environment with which a program tells what it reads, as far as it can. */
  env(env: { readonly [name: string]: string }): { readonly [name: string]: string };
  /** By it and by what it started, so far. @param until where it told no more than so many bytes */
  undeclared(code: Code, until?: number): readonly string[];
  /** Files that it and what it started wrote, so far, and how long they were before; absolute. Python alone tells these. */
  opened(): readonly { readonly file: string; readonly bytes: number }[];
  close(): void;
};

const OBSERVE = path.join(PACKAGE, 'observe');

/** For one process and all that it starts. @param folder of the manifest, absolute @param before opened by somebody else */
export function openReads(folder: string, before?: string): Reads {
  const list = makeReadList(folder);
  const file = before ?? path.join(os.tmpdir(), `expgraph-reads-${randomUUID()}`);
  let taken = 0;
  const close = (): void => rmSync(file, { force: true });
  return {
    file,
    env: (env) => ({ ...env, ...readsEnv({ file, folder, env }) }),
    undeclared(code, until = Number.POSITIVE_INFINITY) {
      const told = bytesOf(file).subarray(taken, Math.max(taken, until));
      const whole = told.subarray(0, told.lastIndexOf('\n') + 1);
      for (const line of whole.toString('utf8').split('\n')) noteLine(list, line);
      taken += whole.length;
      return list.undeclared(code);
    },
    opened() {
      const first = new Map<string, number>();
      for (const line of bytesOf(file).toString('utf8').split('\n')) {
        const told = /^(?:w|a (\d{1,15})) (.+)$/.exec(line);
        if (!told || !path.isAbsolute(told[2]!)) continue;
        const bytes = Number(told[1] ?? 0);
        first.set(told[2]!, Math.min(bytes, first.get(told[2]!) ?? bytes));
      }
      return [...first].map(([name, bytes]) => ({ file: name, bytes }));
    },
    close,
    [Symbol.dispose]: close,
  };
}

/** What own code starts tells of it in the same way. */
export function readsEnv(input: {
  readonly file: string;
  readonly folder: string;
  readonly env: { readonly [name: string]: string | undefined };
}): { readonly [name: string]: string } {
  const { file, folder, env } = input;
  const preload = `--require ${JSON.stringify(path.join(OBSERVE, 'reads.cjs'))}`;
  return {
    EXPGRAPH_READS: file,
    EXPGRAPH_FOLDER: [...new Set([folder, realOf(folder)])].join('\n'),
    NODE_OPTIONS: env.NODE_OPTIONS ? `${env.NODE_OPTIONS} ${preload}` : preload,
    PYTHONPATH: env.PYTHONPATH ? `${OBSERVE}${path.delimiter}${env.PYTHONPATH}` : OBSERVE,
  };
}

/** A line is a kind, a blank and a path; whatever else stands there is nobody's. */
export function noteLine(list: ReadList, line: string): void {
  const [kind] = line;
  if ((kind === 'r' || kind === 'l' || kind === 'w') && line[1] === ' ' && path.isAbsolute(line.slice(2)))
    list.note(kind, line.slice(2));
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    // Nobody has told anything.
    return Buffer.alloc(0);
  }
}

function realOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [] : [entry.name],
    );
  } catch {
    return [];
  }
}
