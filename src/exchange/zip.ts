// Entries of a zip file, one at a time and none larger than it may be. Names are data, never paths.
import { zstdDecompressSync } from 'node:zlib';
import { type Entry, openPromise } from 'yauzl';

/** Inspect writes zstd, which is method 93 of the format. */
const ZSTD = 93;
const MAX_ENTRIES = 500_000;

export type ZipEntry = {
  readonly name: string;
  /** @throws ZipError where it is not what it says, or larger than allowed. */
  text(): Promise<string>;
};

/** The file is no zip, is damaged, or holds more than it may. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

export async function* zipEntries(file: string, maxBytes: number): AsyncGenerator<ZipEntry> {
  // Names as bytes: yauzl would refuse the whole file for a name that is no safe path, and nothing here is a path.
  const zip = await openPromise(file, { decodeStrings: false, autoClose: false }).catch((cause: Error) => {
    throw new ZipError(`is no zip file that can be read: ${cause.message}`);
  });
  try {
    if (zip.entryCount > MAX_ENTRIES)
      throw new ZipError(`has ${zip.entryCount} entries; ${MAX_ENTRIES} are allowed`);
    for await (const entry of zip.eachEntry()) {
      const name = String(entry.fileName);
      yield { name, text: () => textOf(entry, name) };
    }
  } catch (cause) {
    throw cause instanceof ZipError ? cause : new ZipError(`is damaged: ${(cause as Error).message}`);
  } finally {
    zip.close();
  }

  async function textOf(entry: Entry, name: string): Promise<string> {
    try {
      return await unpack(entry, name);
    } catch (cause) {
      if (cause instanceof ZipError) throw cause;
      // A size that is not the true one, a checksum that does not fit, a stream that is none.
      throw new ZipError(
        `${JSON.stringify(name.slice(0, 120))} in it is damaged: ${(cause as Error).message}`,
      );
    }
  }

  async function unpack(entry: Entry, name: string): Promise<string> {
    const tooLarge = (): ZipError =>
      new ZipError(`${JSON.stringify(name.slice(0, 120))} in it is larger than ${maxBytes >> 20} MB`);
    if (entry.uncompressedSize > maxBytes || entry.compressedSize > maxBytes) throw tooLarge();
    const isZstd = entry.compressionMethod === ZSTD;
    if (!isZstd && !entry.canDecodeFileData()) {
      throw new ZipError(
        `${JSON.stringify(name.slice(0, 120))} in it is encrypted or packed by an unknown method`,
      );
    }
    const stream = await zip.openReadStreamPromise(entry, isZstd ? { decodeFileData: false } : {});
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
    const all = Buffer.concat(chunks);
    if (!isZstd) return all.toString('utf8');
    const most = { maxOutputLength: Math.max(1, entry.uncompressedSize) };
    return zstdDecompressSync(all, most).toString('utf8');
  }
}
