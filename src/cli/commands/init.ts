// expgraph init: a working experiment in a folder, the repository's own sample or a template. All of its files, or none.
import path from 'node:path';
import { writeTemplate } from '../../project/init/template.ts';
import { TEMPLATES } from '../../project/open/templates.ts';
import { initText, writtenLines } from '../../report/setup/init.ts';
import type { Io } from '../io.ts';

export type InitOptions = { readonly template?: string; readonly dryRun?: boolean };

/** Writes nothing if any of its files is there already. */
export function initCommand(io: Io, given: string, options: InitOptions = {}): number {
  const { template = null, dryRun = false } = options;
  const folder = path.resolve(io.cwd, given);
  const { files, isInstalled, repository } = writeTemplate({ folder, template, dryRun });
  io.out.write(writtenLines(files, { dryRun }));
  if (dryRun) return 0;
  const move =
    repository === null
      ? null
      : { up: path.relative(folder, repository), down: path.relative(repository, folder) };
  const shown = path.relative(io.cwd, folder) || folder;
  const others = template === null ? Object.keys(TEMPLATES) : null;
  io.out.write(initText({ folder: folder === io.cwd ? null : shown, others, isInstalled, move }));
  return 0;
}
