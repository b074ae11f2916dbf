// Reads a history file line by line in bounded memory. A last line without its line end is the torn tail of a crash.
import { closeSync, fstatSync } from 'node:fs';
import { openToRead, readInto } from './disk-read.ts';

export type ScannedLine =
  | { readonly kind: 'line'; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'torn-tail'; readonly offset: number; readonly length: number };

const CHUNK_BYTES = 1 << 20;
const NEWLINE = 10;

/** Lines from `offset` to the size that the file has now; what a writer appends meanwhile is left for the next time. */
export function* scanLines(file: string, offset = 0): Generator<ScannedLine> {
  const fd = openToRead(file);
  try {
    const end = fstatSync(fd).size;
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, end - offset)));
    let carried: Buffer[] = [];
    let carriedBytes = 0;
    let lineStart = offset;
    let at = offset;
    while (at < end) {
      const length = Math.min(chunk.length, end - at);
      const read = readInto(fd, { file, buffer: chunk, length, position: at });
      if (read === 0) break;
      at += read;
      let from = 0;
      for (let stop = chunk.indexOf(NEWLINE, from); stop >= 0 && stop < read; ) {
        const piece = chunk.subarray(from, stop);
        const bytes = carriedBytes === 0 ? Buffer.from(piece) : Buffer.concat([...carried, piece]);
        yield { kind: 'line', offset: lineStart, bytes };
        lineStart += bytes.length + 1;
        carried = [];
        carriedBytes = 0;
        from = stop + 1;
        stop = from < read ? chunk.indexOf(NEWLINE, from) : -1;
      }
      if (from < read) {
        carried.push(Buffer.from(chunk.subarray(from, read)));
        carriedBytes += read - from;
      }
    }
    if (carriedBytes > 0) yield { kind: 'torn-tail', offset: lineStart, length: carriedBytes };
  } finally {
    closeSync(fd);
  }
}

const LINE_END = Buffer.from('\n');

/** The lines of a file as `change` makes them, without their line ends; null = left out. */
export function* changedLines(
  file: string,
  change: (line: ScannedLine) => Uint8Array | null,
): Generator<Uint8Array> {
  for (const line of scanLines(file)) {
    const bytes = change(line);
    if (bytes === null) continue;
    yield bytes;
    yield LINE_END;
  }
}
