// Bodies that come compressed although nobody asked for it: gateways and caches do that.
import type { IncomingMessage } from 'node:http';
import { type Duplex, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

type Unpack = (
  bytes: Uint8Array,
  options: { readonly maxOutputLength: number },
) => Promise<Buffer<ArrayBuffer>>;

const unpackers: { readonly [encoding: string]: Unpack } = {
  gzip: promisify(zlib.unzip) as Unpack,
  'x-gzip': promisify(zlib.unzip) as Unpack,
  deflate: inflate,
  br: promisify(zlib.brotliDecompress) as Unpack,
  zstd: promisify(zlib.zstdDecompress) as Unpack,
};

/** Whether anything has to be done; nearly never. */
export function isCompressed(encoding: string | undefined, bytes: Uint8Array): boolean {
  return encodingsOf(encoding).length > 0 || isGzip(bytes);
}

/**
 * @param encoding of the header `content-encoding`
 * @throws Error where the bytes are not of that encoding, it is not known, or more than `maxBytes` would come of it.
 */
export async function decompress(
  bytes: Buffer<ArrayBuffer>,
  input: { readonly encoding: string | undefined; readonly maxBytes: number },
): Promise<Buffer<ArrayBuffer>> {
  const encodings = encodingsOf(input.encoding);
  let body = bytes;
  // Some say gzip of what is none any more, because somebody on the way has unpacked it; some the other way round.
  if (encodings.length === 0 && isGzip(bytes)) encodings.push('gzip');
  for (const encoding of encodings.reverse()) {
    const unpack = unpackers[encoding];
    if (unpack === undefined) throw new Error(`the encoding ${encoding.slice(0, 40)} is not known`);
    if (isJsonStart(body)) return body;
    body = await unpack(body, { maxOutputLength: input.maxBytes });
  }
  // Packed by who made it and by who stands before it, and told of once.
  return isGzip(body) ? await unpackers.gzip!(body, { maxOutputLength: input.maxBytes }) : body;
}

/** The same of an answer that is not held, piece by piece. @throws what ended it too early, whatever `take` threw among that */
export async function unpackInto(
  take: (bytes: Uint8Array) => Promise<void>,
  incoming: IncomingMessage,
): Promise<void> {
  const steps = encodingsOf(incoming.headers['content-encoding'])
    .reverse()
    .map((encoding): Duplex => {
      const make = STREAMS[encoding];
      if (make === undefined) throw new Error(`the encoding ${encoding.slice(0, 40)} is not known`);
      return make();
    });
  const sink = new Writable({
    write(piece: Uint8Array, _encoding, done) {
      take(piece).then(() => done(), done);
    },
  });
  await pipeline([incoming, ...steps, sink]);
}

const STREAMS: { readonly [encoding: string]: () => Duplex } = {
  gzip: () => zlib.createUnzip(),
  'x-gzip': () => zlib.createUnzip(),
  deflate: () => zlib.createUnzip(),
  br: () => zlib.createBrotliDecompress(),
  zstd: () => zlib.createZstdDecompress(),
};

function encodingsOf(encoding: string | undefined): string[] {
  const names = (encoding ?? '').toLowerCase().split(',');
  return names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
}

/** With its header, as it should be, or without, as some send it. */
async function inflate(...[bytes, options]: Parameters<Unpack>): Promise<Buffer<ArrayBuffer>> {
  const hasHeader = ((bytes[0] ?? 0) & 0x0f) === 8;
  return (promisify(hasHeader ? zlib.inflate : zlib.inflateRaw) as Unpack)(bytes, options);
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isJsonStart(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b && (bytes[1] === 0x22 || bytes[1] === 0x0a || bytes[1] === 0x20);
}
