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

/** For thousands of slices of a few files: opening a file costs more than reading two kilobytes of it. */
export function openSlices(): Slices {
  const open = new Map<string, number>();
  const handleOf = (file: string): number => {
    const known = open.get(file);
    if (known !== undefined) return known;
    for (const [name, fd] of open) {
      if (open.size < OPEN_TO_READ) break;
      closeSync(fd);
      open.delete(name);
    }
    const fd = openSync(file, 'r');
    open.set(file, fd);
    return fd;
  };
  return {
    read: (file, at) =>
      guardRead(file, () => {
        const fd = handleOf(file);
        const buffer = Buffer.allocUnsafe(at.length);
        let done = 0;
        while (done < at.length) {
          const read = readSync(fd, buffer, done, at.length - done, at.offset + done);
          if (read === 0) break;
          done += read;
        }
        return buffer.subarray(0, done);
      }),
    [Symbol.dispose]: () => {
      for (const fd of open.values()) closeSync(fd);
    },
  };
}
