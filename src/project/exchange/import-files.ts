// What the user names -> the files of results that are meant: files as they are, of a folder what may hold results.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../open/command-error.ts';

export type ImportFile = {
  /** Absolute. */
  readonly file: string;
  /** For people. */
  readonly shown: string;
  /** Found in a folder: other things than results may stand there. */
  readonly isFound: boolean;
};

const RESULTS = /\.(jsonl|ndjson|json|csv|tsv|eval)$/i;
/** Of the artifacts, and no results. */
const BESIDE = new Set([
  'invocation.json',
  'parts.jsonl',
  'attempts.jsonl',
  'archive.json',
  'logs.json',
  'package.json',
]);
const MAX_FILES = 100_000;

export function filesToImport(cwd: string, named: readonly string[]): readonly ImportFile[] {
  const files = named.flatMap((name): readonly ImportFile[] => {
    const file = path.resolve(cwd, name);
    if (!existsSync(file)) throw new CommandError(`there is no ${name}`);
    if (!statSync(file).isDirectory()) return [{ file, shown: path.basename(file), isFound: false }];
    const inside = below(file, '');
    if (inside.length > 0)
      return inside.map((one) => ({ file: path.join(file, one), shown: one, isFound: true }));
    throw new CommandError(
      `${name} is a folder without results: there is no .jsonl, .json, .csv, .tsv or .eval in it`,
    );
  });
  return [...new Map(files.map((one) => [one.file, one])).values()];
}

/** Sorted by name, so that two imports number alike. */
function below(root: string, folder: string): string[] {
  const entries = readdirSync(path.join(root, folder), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...below(root, name));
    else if (entry.isFile() && RESULTS.test(entry.name) && !BESIDE.has(entry.name)) found.push(name);
    if (found.length > MAX_FILES) throw new CommandError(`more than ${MAX_FILES} files are in ${root}`);
  }
  return found;
}
