// Files of a new experiment: all of them, or none. Nothing that is there is overwritten.
import { existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../open/command-error.ts';

/** @throws CommandError where any of them is there already, or where a second manifest would stand beside one */
export function refuseTaken(folder: string, names: Iterable<string>, again: string): void {
  // A second manifest beside it would leave every command asking which is meant.
  const taken = [...names, 'experiment.yml'].flatMap((name) => takenBy(folder, name));
  if (taken.length === 0) return;
  const shown = [...new Set(taken)].join(', ');
  throw new CommandError(
    `${shown} ${taken.length === 1 ? 'is' : 'are'} there already and nothing was written; name another folder: npx expgraph init my-experiment${again}`,
  );
}

/** The file itself, or a file where one of its folders would be. Links that lead nowhere are there, too. */
function takenBy(folder: string, name: string): readonly string[] {
  const parts = name.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join('/');
    const kind = lstatSync(path.join(folder, part), { throwIfNoEntry: false });
    if (kind === undefined) return [];
    const isFolder = kind.isDirectory() || (kind.isSymbolicLink() && existsSync(path.join(folder, part)));
    if (depth === parts.length || !isFolder) return [part];
  }
  return [];
}

/** @throws CommandError where one cannot be written; then none is left behind */
export function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: 'wx' });
      written.push(file);
    }
  } catch (cause) {
    for (const file of written) rmSync(file, { force: true });
    throw new CommandError(`cannot write there: ${(cause as Error).message}; nothing was left behind`);
  }
}
