// Compiled code of a long file of dist/, kept with the functions that a command called: Node's own cache of compiled code is made
// before a module runs, so it holds none of them, and V8 compiles each anew at every start. scripts/kept-code.ts says which files.
import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** What a file gives when it is called with what it imports. */
type Body = (...given: readonly unknown[]) => { readonly [name: string]: unknown };

/** The first start may have found an empty store: what the second and third call is added. */
const MADE_ANEW = 3;
/** CRC-32 of what follows, and how often it was made. */
const HEAD_BYTES = 8;

/** Compiles the file, or takes what was compiled. Without a cache of Node (`NODE_DISABLE_COMPILE_CACHE`) there is none of ours. */
export function keptCode(url: URL): Body {
  const filename = fileURLToPath(url);
  const source = readFileSync(filename, 'latin1');
  const folder = getCompileCacheDir();
  if (folder === undefined) return new Script(source, { filename }).runInThisContext() as Body;
  // V8 knows code of itself by the length of its source alone.
  const digest = hex(crc32(source));
  const file = path.join(folder, `expgraph-${path.basename(filename, '.js')}-${digest}-${command()}`);
  const kept = readKept(file);
  const script = new Script(source, { filename, ...(kept && { cachedData: kept.code }) });
  const times = kept && script.cachedDataRejected === false ? kept.times : 0;
  if (times < MADE_ANEW) process.once('exit', () => keep(file, { script, times: times + 1 }));
  return script.runInThisContext() as Body;
}

/** Each command has its own: what others call would only be read. What was typed is nobody else's to read. */
function command(): string {
  const word = process.argv[2] ?? '';
  return hex(crc32(/^[a-z][a-z-]{0,20}$/.test(word) ? word : ''));
}

const hex = (sum: number): string => sum.toString(16).padStart(8, '0');

type Kept = { readonly code: Buffer; readonly times: number };

/** null: there is none, it is damaged, or somebody else could have written it, for it is code that will run. */
function readKept(file: string): Kept | null {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return null;
  }
  try {
    const { uid, mode } = fstatSync(fd);
    if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0)) return null;
    const bytes = readFileSync(fd);
    if (bytes.length <= HEAD_BYTES || crc32(bytes.subarray(4)) !== bytes.readUInt32LE(0)) return null;
    return { code: bytes.subarray(HEAD_BYTES), times: bytes.readUInt32LE(4) };
  } catch {
    return null;
  } finally {
    closeSync(fd);
  }
}

/** Only a cache: where it cannot be written, the next start takes as long as this one. */
function keep(file: string, { script, times }: { readonly script: Script; readonly times: number }): void {
  const next = `${file}.${process.pid}`;
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(times, 4);
    const code = script.createCachedData();
    head.writeUInt32LE(crc32(code, crc32(head.subarray(4))), 0);
    writeFileSync(next, Buffer.concat([head, code]), { mode: 0o600, flag: 'wx' });
    renameSync(next, file);
  } catch {
    rmSync(next, { force: true });
  }
}
