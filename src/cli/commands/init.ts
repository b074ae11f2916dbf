// expgraph init: a working experiment in a folder, the repository's own sample or a template. All of its files, or none.
import { existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { didYouMean } from '../../manifest/errors/nearest.ts';
import { CommandError } from '../../project/open/command-error.ts';
import {
  isTemplate,
  SCHEMA,
  sampleFiles,
  TEMPLATES,
  type TemplateFiles,
  templateFiles,
} from '../../project/open/templates.ts';
import type { Io } from '../io.ts';

export type InitOptions = { readonly template?: string; readonly dryRun?: boolean };

/** Writes nothing if any of its files is there already. */
export function initCommand(io: Io, folder: string, options: InitOptions = {}): number {
  const { template } = options;
  const target = path.resolve(io.cwd, folder);
  const installed = installedAt(target);
  const files = withSchema(filesOf(template), { target, installed });
  refuseTaken(target, files, template);
  const say = (line: string): void => io.out.write(`${line}\n`);
  if (options.dryRun) {
    say([...files.keys()].map((name) => `  would write ${name}`).join('\n'));
    return 0;
  }
  writeAll(target, files);
  say([...files.keys()].map((name) => `  wrote ${name}`).join('\n'));
  const cd = target === io.cwd ? '' : `cd ${path.relative(io.cwd, target) || target} && `;
  say(`\nTry it: ${cd}npx expgraph run`);
  say('It runs on a simulation, which is no model: change `provider:` in experiment.yaml to ask a real one.');
  for (const line of template === undefined ? others() : notes(target, installed)) say(line);
  return 0;
}

function filesOf(template: string | undefined): TemplateFiles {
  if (template === undefined) return sampleFiles();
  if (isTemplate(template)) return templateFiles(template);
  const names = Object.keys(TEMPLATES);
  const guess = didYouMean(template, names);
  throw new CommandError(
    `there is no template ${JSON.stringify(template)}; ${guess ?? `they are: ${names.join(', ')}`}`,
  );
}

function others(): readonly string[] {
  return [`Others: --template ${Object.keys(TEMPLATES).join('|')}, or --from-pytest`];
}

/** What the template cannot know: whether the package is there, and where the repository begins. */
function notes(target: string, installed: string | null): readonly string[] {
  const repository = above(target, '.git');
  return [
    ...(installed === null
      ? ['Not installed in this project yet: `npm install --save-dev expgraph` pins it; CI runs `npm ci`.']
      : []),
    ...(repository !== null && repository !== target
      ? [
          `GitHub reads workflows at the top of a repository: move .github to ${path.relative(target, repository)}, and write in it working-directory: ${path.relative(repository, target)}`,
        ]
      : []),
  ];
}

/** The nearest node_modules/expgraph, as Node would find it; null = there is none. */
function installedAt(target: string): string | null {
  const folder = above(target, 'node_modules/expgraph');
  return folder === null ? null : path.join(folder, 'node_modules/expgraph');
}

function above(target: string, name: string): string | null {
  let folder = target;
  while (!existsSync(path.join(folder, name))) {
    const next = path.dirname(folder);
    if (next === folder) return null;
    folder = next;
  }
  return folder;
}

/** Editors read the schema from where the package is, which may be above the folder. */
function withSchema(
  files: TemplateFiles,
  { target, installed }: { readonly target: string; readonly installed: string | null },
): TemplateFiles {
  if (installed === null) return files;
  const schema = path.relative(target, path.join(installed, 'schema')).replaceAll('\\', '/');
  const from = `$schema=${SCHEMA}`;
  const to = `$schema=${schema.startsWith('.') ? '' : './'}${schema}/`;
  return new Map([...files].map(([name, text]) => [name, text.replace(from, to)]));
}

function refuseTaken(target: string, files: TemplateFiles, template: string | undefined): void {
  // A second manifest beside it would leave every command asking which is meant.
  const taken = [...files.keys(), 'experiment.yml'].flatMap((name) => takenBy(target, name));
  if (taken.length === 0) return;
  const names = [...new Set(taken)].join(', ');
  const again = template === undefined ? '' : ` --template ${template}`;
  throw new CommandError(
    `${names} ${taken.length === 1 ? 'is' : 'are'} there already and nothing was written; name another folder: npx expgraph init my-experiment${again}`,
  );
}

/** The file itself, or a file where one of its folders would be. Links that lead nowhere are there, too. */
function takenBy(target: string, name: string): readonly string[] {
  const parts = name.split('/');
  for (let depth = 1; depth <= parts.length; depth++) {
    const part = parts.slice(0, depth).join('/');
    const kind = lstatSync(path.join(target, part), { throwIfNoEntry: false });
    if (kind === undefined) return [];
    const isFolder = kind.isDirectory() || (kind.isSymbolicLink() && existsSync(path.join(target, part)));
    if (depth === parts.length || !isFolder) return [part];
  }
  return [];
}

function writeAll(target: string, files: TemplateFiles): void {
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      const file = path.join(target, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text, { flag: 'wx' });
      written.push(file);
    }
  } catch (cause) {
    for (const file of written) rmSync(file, { force: true });
    throw new CommandError(`cannot write there: ${(cause as Error).message}; nothing was left behind`);
  }
}
