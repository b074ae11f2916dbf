// Files of a translation, each under a name that is free: what lies there is never overwritten, and one text is one file.
import { existsSync } from 'node:fs';
import path from 'node:path';

export type Files = {
  /** @returns the path that it gets */
  add(wanted: string, text: string): string;
  /** A file with this text that was added before, or lies there, is that file. */
  same(wanted: string, text: string): string;
  /** Under this name and no other. */
  once(name: string, text: () => string): void;
  written(): ReadonlyMap<string, string>;
};

/** @param folder absolute: where the manifest is to be */
export function makeFiles(folder: string): Files {
  const files = new Map<string, string>();
  const isTaken = (name: string): boolean => files.has(name) || existsSync(path.join(folder, name));
  const free = (wanted: string): string => {
    if (!isTaken(wanted)) return wanted;
    const ending = path.extname(wanted);
    const bare = wanted.slice(0, wanted.length - ending.length);
    for (let n = 1; ; n++) {
      const name = `${bare}.expgraph${n === 1 ? '' : `-${n}`}${ending}`;
      if (!isTaken(name)) return name;
    }
  };
  const add = (wanted: string, text: string): string => {
    const name = free(wanted);
    files.set(name, text);
    return name;
  };
  return {
    add,
    same(wanted, text) {
      const there = [...files].find(([, held]) => held === text);
      return there?.[0] ?? add(wanted, text);
    },
    once: (name, text) => void (files.has(name) || files.set(name, text())),
    written: () => files,
  };
}
