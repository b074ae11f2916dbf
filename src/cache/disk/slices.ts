// Reads pieces of files by their place, a few files open at a time.
import { closeSync, openSync, readSync } from 'node:fs';
import { guardRead } from './disk-read.ts';

/** Reads `length` bytes at `offset`; fewer if the file ends before; null where there is no such file. */
export function readSlice(file: string, input: Slice): Uint8Array | null {
  using slices = openSlices();
  return slices.read(file, input);
}

export type Slice = { readonly offset: number; readonly length: number };

export type Slices = Disposable & {
  /** As readSlice; files stay open between calls. */
  read(file: string, input: Slice): Uint8Array | null;
};

/** Files kept open at once while many slices are read. */
const OPEN_TO_READ = 8;
/** Read at once of a file that is read from front to back. */
const AHEAD_BYTES = 1 << 18;

type OpenToRead = { readonly fd: number; buffer: Buffer; offset: number; length: number; ahead: number };

/**
 * For thousands of slices of a few files: opening a file costs more than reading two kilobytes of it, and so does a call to the
 * kernel for each. Who asks for what stands a little further on gets it from what was read with the last one.
 */
export function openSlices(): Slices {
  const open = new Map<string, OpenToRead>();
  const handleOf = (file: string): OpenToRead => {
    const known = open.get(file);
    if (known !== undefined) return known;
    for (const [name, { fd }] of open) {
      if (open.size < OPEN_TO_READ) break;
      closeSync(fd);
      open.delete(name);
    }
    const fresh = { fd: openSync(file, 'r'), buffer: Buffer.alloc(0), offset: 0, length: 0, ahead: 0 };
    open.set(file, fresh);
    return fresh;
  };
  return {
    read: (file, at) =>
      guardRead(file, () => {
        const from = handleOf(file);
        if (at.offset < from.offset || at.offset + at.length > from.offset + from.length) fill(from, at);
        const start = at.offset - from.offset;
        return from.buffer.subarray(start, Math.min(from.length, start + at.length));
      }),
    [Symbol.dispose]: () => {
      for (const { fd } of open.values()) closeSync(fd);
    },
  };
}

/** What is asked for here and there is read alone; each step forward reads twice as far ahead as the last. */
function fill(from: OpenToRead, at: Slice): void {
  const end = from.offset + from.length;
  const goesOn = from.length > 0 && at.offset >= from.offset && at.offset <= end + AHEAD_BYTES;
  from.ahead = goesOn ? Math.min(AHEAD_BYTES, Math.max(at.length, from.ahead * 2)) : 0;
  const wanted = at.length + from.ahead;
  // A new one each time: whoever was given a piece of the last one may keep it.
  from.buffer = Buffer.allocUnsafeSlow(wanted);
  let done = 0;
  while (done < wanted) {
    const read = readSync(from.fd, from.buffer, done, wanted - done, at.offset + done);
    if (read === 0) break;
    done += read;
  }
  from.offset = at.offset;
  from.length = done;
}
