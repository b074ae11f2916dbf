// A pack: whole invocations as they lie in a store, with the bodies that they name, as a tar that zstd made small.
import { createReadStream, mkdtempSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { readFolder, StoreError } from '../../cache/disk/disk-read.ts';
import { diskWords } from '../../cache/disk/disk-words.ts';
import { makeFolder, removeAll } from '../../cache/disk/durable.ts';
import type { StoreFile } from './local.ts';
import { packTar, type TarLimits, unpackTar } from './tar.ts';

/** Of what packs may unpack to: far beyond what is pushed as one, and no more than a disk holds. */
const LIMITS: TarLimits = { entries: 2_000_000, fileBytes: 64 * 1024 ** 3, bytes: 64 * 1024 ** 3 };

/** Lies beside the files of a store, and nobody takes it for one: without it two packs of the same content have one name. */
const INSTEAD = 'instead-of.txt';

/** In memory as small as it is sent. @param instead digests of packs with the same content that are damaged at the remote */
export async function packFiles(
  files: readonly StoreFile[],
  instead: readonly string[],
): Promise<Uint8Array> {
  const told = Buffer.from(instead.map((digest) => `${digest}\n`).join(''));
  const tar = packTar([
    ...files.map(({ name, file, bytes }) => ({
      name,
      size: bytes,
      // What is appended meanwhile belongs to another one.
      read: () => (bytes === 0 ? [] : createReadStream(file, { end: bytes - 1 })),
    })),
    ...(instead.length === 0 ? [] : [{ name: INSTEAD, size: told.length, read: () => [told] }]),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of Readable.from(tar).compose(createZstdCompress())) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const INCOMING = 'incoming-';

/**
 * @param use gets the folder that it was unpacked to, which is gone afterwards, and what of it was left out
 * @throws TarError where it is none; StoreError where the disk here stands in the way
 */
export async function withUnpacked<Value>(
  root: string,
  bytes: Uint8Array,
  use: (folder: string, leftOut: readonly { readonly what: string; readonly why: string }[]) => Value,
): Promise<Value> {
  const place = path.join(root, 'remote');
  makeFolder(place);
  // What a killed one left: nothing of it was counted.
  for (const name of readFolder(place)) if (name.startsWith(INCOMING)) removeAll(path.join(place, name));
  const folder = mkdtempSync(path.join(place, INCOMING));
  try {
    const { leftOut } = await unpackTar(bytes, folder, LIMITS).catch((cause: NodeJS.ErrnoException) => {
      if (cause.syscall === undefined) throw cause;
      throw new StoreError(`could not unpack what came: ${diskWords(folder, cause)}`, { cause });
    });
    return use(
      folder,
      leftOut.map(({ name, why }) => ({ what: name, why })),
    );
  } finally {
    removeAll(folder);
  }
}
