// Files for VS Code beside an experiment: tasks whose mistakes become marks in the editor. Nothing that is there is overwritten.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../open/command-error.ts';
import { writeAll } from './write-files.ts';

const FILE = '.vscode/tasks.json';

/** @returns what was written, or would be @throws CommandError where there is one already: the experiment stays as it is */
export function writeEditorFiles(
  folder: string,
  { dryRun }: { readonly dryRun: boolean },
): readonly string[] {
  if (existsSync(path.join(folder, FILE)))
    throw new CommandError(
      `${FILE} is there already and was left alone; what would stand in it: docs/editors-and-containers.md`,
    );
  const text = readFileSync(fileURLToPath(new URL('../../../vscode/tasks.json', import.meta.url)), 'utf8');
  if (!dryRun) writeAll(folder, new Map([[FILE, text]]));
  return [FILE];
}
