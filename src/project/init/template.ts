// A working experiment in a folder, the repository's own sample or a template. All of its files, or none.
import { existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from '../../core/nearest.ts';
import { CommandError } from '../open/command-error.ts';
import {
  isTemplate,
  SCHEMA,
  sampleFiles,
  TEMPLATES,
  type TemplateFiles,
  templateFiles,
} from '../open/templates.ts';

export type TemplateInput = {
  /** Absolute. */
  readonly folder: string;
  /** null = the sample. */
  readonly template: string | null;
  /** Only look whether its files could be written. */
  readonly dryRun: boolean;
};

export type WrittenTemplate = {
  /** Relative to the folder, the manifest first. */
  readonly files: readonly string[];
  /** Whether the package is installed in this project; where it is, editors read its schema there. */
  readonly isInstalled: boolean;
  /** The repository's top, absolute, where it is above the folder: GitHub reads workflows there. */
  readonly repository: string | null;
};

/** @throws CommandError where there is no such template, or any of its files is there already: then nothing is written */
export function writeTemplate({ folder, template, dryRun }: TemplateInput): WrittenTemplate {
  const installed = installedAt(folder);
  const files = withSchema(filesOf(template), folder, installed);
  refuseTaken(folder, files, template);
  if (!dryRun) writeAll(folder, files);
  const repository = above(folder, '.git');
  return {
    files: [...files.keys()],
    isInstalled: installed !== null,
    repository: repository === folder ? null : repository,
  };
}

function filesOf(template: string | null): TemplateFiles {
  if (template === null) return sampleFiles();
  if (isTemplate(template)) return templateFiles(template);
  const names = Object.keys(TEMPLATES);
  const guess = didYouMean(template, names);
  throw new CommandError(
    `there is no template ${JSON.stringify(template)}; ${guess ?? `they are: ${names.join(', ')}`}`,
  );
}

/** The nearest node_modules/expgraph, as Node would find it; null = there is none. */
function installedAt(folder: string): string | null {
  const found = above(folder, 'node_modules/expgraph');
  return found === null ? null : path.join(found, 'node_modules/expgraph');
}

function above(start: string, name: string): string | null {
  let folder = start;
  while (!existsSync(path.join(folder, name))) {
    const next = path.dirname(folder);
    if (next === folder) return null;
    folder = next;
  }
  return folder;
}

/** Editors read the schema from where the package is, which may be above the folder. */
function withSchema(files: TemplateFiles, folder: string, installed: string | null): TemplateFiles {
  if (installed === null) return files;
  const schema = path.relative(folder, path.join(installed, 'schema')).replaceAll('\\', '/');
  const from = `$schema=${SCHEMA}`;
  const to = `$schema=${schema.startsWith('.') ? '' : './'}${schema}/`;
  return new Map([...files].map(([name, text]) => [name, text.replace(from, to)]));
}

function refuseTaken(folder: string, files: TemplateFiles, template: string | null): void {
  // A second manifest beside it would leave every command asking which is meant.
  const taken = [...files.keys(), 'experiment.yml'].flatMap((name) => takenBy(folder, name));
  if (taken.length === 0) return;
  const names = [...new Set(taken)].join(', ');
  const again = template === null ? '' : ` --template ${template}`;
  throw new CommandError(
    `${names} ${taken.length === 1 ? 'is' : 'are'} there already and nothing was written; name another folder: npx expgraph init my-experiment${again}`,
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

function writeAll(folder: string, files: TemplateFiles): void {
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
