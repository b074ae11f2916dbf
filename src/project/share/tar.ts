// Tar files, read and made. What is read may be hostile: it is bounded, its names are data until they were looked at, and nothing but
// plain files becomes anything on this disk. What is made is the same to the byte whenever and wherever it is made.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { extract, type Header, pack } from 'tar-stream';
import { modesNow } from '../../cache/disk/modes.ts';

export type TarLimits = {
  readonly entries: number;
  /** Of one file. */
  readonly fileBytes: number;
  /** Of all of it, unpacked. */
  readonly bytes: number;
};

export type Unpacked = {
  readonly files: number;
  /** Entries that are no plain file of a name that stays below the folder. `name` as the tar has it. */
  readonly leftOut: readonly { readonly name: string; readonly why: string }[];
};

/** It is no tar, is damaged, or holds more than it may. What came before is in the folder. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

/**
 * Writes the plain files of a tar below a folder that is there and empty; plain, gzip or zstd, by what its first bytes say. Nothing
 * is made durable: whoever unpacks takes what is wanted from there.
 * @throws TarError
 */
export async function unpackTar(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  into: string,
  limits: TarLimits,
): Promise<Unpacked> {
  const tar = extract();
  const reading = writeEntries(tar, into, limits);
  const feeding = feed(source, { limits, to: tar as unknown as NodeJS.WritableStream });
  // Before a byte came nobody else tells who reads.
  feeding.catch((cause: Error) => tar.destroy(cause));
  const settled = await Promise.allSettled([reading, feeding]);
  const reasons = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  // Whichever found it out first stopped the other one, which says less.
  const worst = reasons.find((reason) => reason instanceof TarError) ?? reasons[0];
  if (worst !== undefined) throw worst instanceof TarError ? worst : asTarError(worst);
  return await reading;
}

function asTarError(cause: NodeJS.ErrnoException): Error {
  // What the disk says of a file is not the tar's fault.
  const isOfDisk = cause.syscall !== undefined;
  return isOfDisk ? cause : new TarError(`is no tar, or a damaged one: ${cause.message}`, { cause });
}

type Entries = AsyncIterable<AsyncIterable<Uint8Array> & { readonly header: Header; resume(): unknown }>;

async function writeEntries(tar: unknown, into: string, limits: TarLimits): Promise<Unpacked> {
  const leftOut: { readonly name: string; readonly why: string }[] = [];
  let files = 0;
  let entries = 0;
  for await (const entry of tar as Entries) {
    if (++entries > limits.entries) throw new TarError(`holds more than ${limits.entries} entries`);
    const { name, size, type } = entry.header;
    const why = problemOf(entry.header);
    if (why === null && type !== 'directory') {
      if (size > limits.fileBytes) throw new TarError(`holds a file of more than ${limits.fileBytes} bytes`);
      if (await writeEntry(path.join(into, ...namesOf(name)), entry)) files++;
      else leftOut.push({ name, why: 'is there twice, or stands where another one has a folder' });
    } else if (why !== null) leftOut.push({ name, why });
    // What was not read is passed over.
    entry.resume();
  }
  return { files, leftOut };
}

function namesOf(name: string): readonly string[] {
  return name.split('/').filter((part) => part !== '' && part !== '.');
}

const LINKS: { readonly [type: string]: string } = {
  symlink: 'is a link',
  link: 'is a link to another file',
};
/** Of folders in each other, and of bytes in a name: what every system can make. */
const MOST = { depth: 32, bytes: 255 };

/** @returns why an entry is left out; null = it is a plain file or a folder, of a name that stays where it belongs */
function problemOf({ name, type }: Header): string | null {
  if (type !== 'file' && type !== 'contiguous-file' && type !== 'directory')
    return LINKS[String(type)] ?? 'is no plain file';
  const parts = namesOf(name);
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'has an absolute name';
  if (parts.includes('..') || /[\\\u0000-\u001f\u007f]/.test(name)) return 'has a name that leads elsewhere';
  const isLong = parts.length > MOST.depth || parts.some((part) => Buffer.byteLength(part) > MOST.bytes);
  return isLong ? 'has a name that is too long' : null;
}

/** @returns false where something of that name is there: nothing is written */
async function writeEntry(file: string, chunks: AsyncIterable<Uint8Array>): Promise<boolean> {
  let fd: number;
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    fd = openSync(file, 'wx', modesNow().file & 0o600);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') return false;
    throw cause;
  }
  try {
    for await (const chunk of chunks)
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done, chunk.length - done);
  } finally {
    closeSync(fd);
  }
  return true;
}

async function feed(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  { limits, to }: { readonly limits: TarLimits; readonly to: NodeJS.WritableStream },
): Promise<void> {
  const chunks = (source instanceof Uint8Array ? [source] : source) as AsyncIterable<Uint8Array>;
  const { head, all } = await withHead(chunks);
  const other = OTHERS.find(({ magic }) => head.subarray(0, magic.length).equals(magic));
  if (other !== undefined) throw new TarError(`is ${other.what}`);
  await pipeline(Readable.from(all), unzipOf(head) ?? new PassThrough(), bound(limits), to);
}

/** Whatever it is called: names say little, and pipes have none. */
function unzipOf(head: Buffer): Transform | null {
  if (head.subarray(0, 2).equals(GZIP)) return createGunzip();
  return head.subarray(0, 4).equals(ZSTD) ? createZstdDecompress() : null;
}

/** What results come packed as elsewhere, CI's downloads among them. */
const OTHERS: readonly { readonly magic: Buffer; readonly what: string }[] = [
  { magic: Buffer.from('PK'), what: 'a zip file: unpack it and name the folder' },
  { magic: Buffer.from([0xfd, 0x37, 0x7a, 0x58]), what: 'packed with xz: unpack it with xz -d first' },
  { magic: Buffer.from('BZh'), what: 'packed with bzip2: unpack it with bzip2 -d first' },
  { magic: Buffer.from('7z'), what: 'a 7z file: unpack it and name the folder' },
];
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

async function withHead(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<{ readonly head: Buffer; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = (async function* () {
    yield* chunks;
  })();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < ZSTD.length) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return {
    head,
    all: (async function* () {
      if (head.length > 0) yield head;
      yield* iterator;
    })(),
  };
}

/** A small file may unpack to more than any disk holds. */
function bound({ bytes: most }: TarLimits): (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array> {
  return async function* (chunks) {
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > most) throw new TarError(`holds more than ${most} bytes`);
      yield chunk;
    }
  };
}

export type TarFile = {
  /** With / between its names. */
  readonly name: string;
  readonly size: number;
  /** Its bytes, `size` of them. */
  read(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
};

/** A plain tar of these files, in the order of their names; one file at a time is read. */
export async function* packTar(files: Iterable<TarFile>): AsyncGenerator<Uint8Array, void> {
  const tar = pack();
  const packing = (async () => {
    for (const { name, size, read } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const entry = tar.entry({ name, size, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 });
      await pipeline(Readable.from(read()), entry as unknown as NodeJS.WritableStream);
    }
    tar.finalize();
  })();
  packing.catch((cause: Error) => tar.destroy(cause));
  yield* tar as unknown as AsyncIterable<Uint8Array>;
  await packing;
}
