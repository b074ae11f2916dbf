// Tells what is read by way of `node:fs`, whoever does it in this thread: files, folders, and files that a started program
// is given as words. Nothing else of what the functions do is changed.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** r: a file is read. l: a folder is listed. w: a file is made, or written anew. The path is absolute. */
export type NoteRead = (kind: 'r' | 'l' | 'w', file: string) => void;

type Given = readonly unknown[];

/** Installs it for good. `import { readFile } from 'node:fs/promises'` sees it, too. */
export function observeFs(note: NoteRead): void {
  const tell = (kind: 'r' | 'l' | 'w', given: unknown): void => {
    const file = pathOf(given);
    if (file !== null) note(kind, file);
  };
  const reads = ([file]: Given): void => tell('r', file);
  const lists = ([folder]: Given): void => tell('l', folder);
  const makes = ([file, , options]: Given): void => written(file, flagsOf(options) ?? 'w');
  const copies = ([from, to]: Given): void => {
    tell('r', from);
    tell('w', to);
  };
  const moves = ([, to]: Given): void => tell('w', to);
  const opens = ([file, flags]: Given): void => {
    if (isReading(flags)) tell('r', file);
    else written(file, flags);
  };
  /** What is appended to was there before, unless it is made by that. */
  function written(given: unknown, flags: unknown): void {
    const file = pathOf(given);
    const appends =
      typeof flags === 'number' ? (flags & fs.constants.O_APPEND) !== 0 : /^a/.test(String(flags));
    if (file !== null && (!appends || !fs.existsSync(file))) note('w', file);
  }
  const table: { readonly [name: string]: (given: Given) => void } = {
    readFile: reads,
    readFileSync: reads,
    createReadStream: reads,
    openAsBlob: reads,
    open: opens,
    openSync: opens,
    readdir: lists,
    readdirSync: lists,
    opendir: lists,
    opendirSync: lists,
    writeFile: makes,
    writeFileSync: makes,
    createWriteStream: ([file, options]) => written(file, flagsOf(options) ?? 'w'),
    appendFile: ([file]) => written(file, 'a'),
    appendFileSync: ([file]) => written(file, 'a'),
    copyFile: copies,
    copyFileSync: copies,
    rename: moves,
    renameSync: moves,
  };
  wrap(fs, table);
  wrap(fs.promises, table);
  const starts = ([file, given, options]: Given): void => {
    const words = [file, ...(Array.isArray(given) ? given : [])];
    tellWords(words, Array.isArray(given) ? options : given);
  };
  const shells = ([line, options]: Given): void => tellWords(String(line).split(/\s+/), options);
  function tellWords(words: Given, options: unknown): void {
    const { cwd } = (options ?? {}) as { readonly cwd?: unknown };
    const folder = pathOf(cwd) ?? process.cwd();
    for (const word of words.slice(0, MAX_WORDS)) {
      if (typeof word !== 'string' || word === '' || word.startsWith('-')) continue;
      const file = path.resolve(folder, word.replace(/^["']|["']$/g, ''));
      if (fs.statSync(file, { throwIfNoEntry: false })?.isFile()) note('r', file);
    }
  }
  wrap(childProcess, {
    spawn: starts,
    spawnSync: starts,
    execFile: starts,
    execFileSync: starts,
    fork: starts,
    exec: shells,
    execSync: shells,
  });
  syncBuiltinESMExports();
}

const MAX_WORDS = 100;

function isReading(flags: unknown): boolean {
  if (typeof flags !== 'number') return flags === undefined || /^(?:r|a\+)/.test(String(flags));
  const { O_WRONLY, O_TRUNC } = fs.constants;
  return (flags & O_WRONLY) === 0 && (flags & O_TRUNC) === 0;
}

function flagsOf(options: unknown): unknown {
  if (typeof options !== 'object' || options === null) return undefined;
  return (
    (options as { readonly flag?: unknown; readonly flags?: unknown }).flag ??
    (options as { readonly flags?: unknown }).flags
  );
}

function pathOf(given: unknown): string | null {
  if (typeof given === 'string') return path.resolve(given);
  if (Buffer.isBuffer(given)) return path.resolve(given.toString());
  return given instanceof URL && given.protocol === 'file:' ? fileURLToPath(given) : null;
}

/** A proxy keeps whatever else hangs on a function: its name, its length, its promisified form. */
function wrap(module: object, table: { readonly [name: string]: (given: Given) => void }): void {
  const functions = module as { [name: string]: (...given: unknown[]) => unknown };
  for (const [name, tell] of Object.entries(table)) {
    const original = functions[name];
    if (typeof original !== 'function') continue;
    functions[name] = new Proxy(original, {
      apply(target, self, given) {
        try {
          tell(given);
        } catch {
          // An odd argument: the function itself says so.
        }
        return Reflect.apply(target, self, given) as unknown;
      },
    });
  }
}
