// Of a file that is not there, the one that was meant: a misspelt name beside it, or the same name elsewhere above it.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../../core/nearest.ts';

const MAX_ENTRIES = 2000;

/** What to do about a path that leads nowhere. */
export function missingFileHint(input: { readonly file: string; readonly shown: string }): string {
  const guess = nearest(path.basename(input.file), entriesOf(path.dirname(input.file)));
  if (guess === null) return "paths are relative to the manifest's folder";
  const meant = path.posix.join(path.posix.dirname(input.shown.replaceAll('\\', '/')), guess);
  return `did you mean ${JSON.stringify(/^\.\//.test(input.shown) ? `./${meant}` : meant)}?`;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).slice(0, MAX_ENTRIES);
  } catch {
    return [];
  }
}
