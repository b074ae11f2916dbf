// A list of files and packages as it is kept: sorted, so that equal code is equal text.
import type { Code } from '../../core/harness.ts';

export function sorted(files: ReadonlyMap<string, string>, packages: ReadonlyMap<string, string>): Code {
  const byName = (a: readonly [string, string], b: readonly [string, string]) => (a[0] < b[0] ? -1 : 1);
  return {
    files: [...files].sort(byName).map(([path, digest]) => ({ path, digest })),
    packages: [...packages].sort(byName).map(([name, version]) => ({ name, version })),
  };
}
