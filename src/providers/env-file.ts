// `env_file:`: variables that the user keeps in a file (.env) and names for one kind of process. They are read where that
// process is started, and go nowhere else.
import { readFileSync, statSync } from 'node:fs';
import { parseEnv } from 'node:util';

/** A file of variables is a page, not a data set. */
const MAX_BYTES = 1_000_000;

/** null = it cannot be read. */
export function readEnvFile(file: string): { readonly [name: string]: string } | null {
  try {
    if (statSync(file).size > MAX_BYTES) return null;
    const parsed = parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    return Object.fromEntries(
      Object.entries(parsed).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  } catch {
    return null;
  }
}
