// Where the package is, as seen from a folder: editors read its schema there.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SCHEMA } from '../open/templates.ts';

/** The nearest node_modules/expgraph, as Node would find it; null = there is none. */
export function installedAt(folder: string): string | null {
  const found = above(folder, 'node_modules/expgraph');
  return found === null ? null : path.join(found, 'node_modules/expgraph');
}

/** The nearest folder, this one or above, that has this in it. */
export function above(start: string, name: string): string | null {
  let folder = start;
  while (!existsSync(path.join(folder, name))) {
    const next = path.dirname(folder);
    if (next === folder) return null;
    folder = next;
  }
  return folder;
}

/** The schema may be above the folder. */
export function withSchema(
  files: ReadonlyMap<string, string>,
  folder: string,
  installed: string | null,
): ReadonlyMap<string, string> {
  if (installed === null) return files;
  const schema = path.relative(folder, path.join(installed, 'schema')).replaceAll('\\', '/');
  const from = `$schema=${SCHEMA}`;
  const to = `$schema=${schema.startsWith('.') ? '' : './'}${schema}/`;
  return new Map([...files].map(([name, text]) => [name, text.replace(from, to)]));
}
