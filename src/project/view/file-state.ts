// How a file stands: two states that are equal are those of one content, as far as can be told without reading it.
import { type Stats, statSync } from 'node:fs';

export function stateOf(file: string): string {
  const stat = statOf(file);
  return stat === null ? '?' : stat === undefined ? '-' : `${stat.size} ${stat.mtimeMs} ${stat.ino}`;
}

/** undefined = it is not there; null = nobody can tell. */
export function statOf(file: string): Stats | null | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return null;
  }
}
