// A working experiment in a folder, the repository's own sample or a template. All of its files, or none.
import { didYouMean } from '../../core/nearest.ts';
import { CommandError } from '../open/command-error.ts';
import { isTemplate, sampleFiles, TEMPLATES, type TemplateFiles, templateFiles } from '../open/templates.ts';
import { above, installedAt, withSchema } from './installed.ts';
import { refuseTaken, writeAll } from './write-files.ts';

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
  refuseTaken(folder, files.keys(), template === null ? '' : ` --template ${template}`);
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
