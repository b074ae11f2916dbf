// expgraph report: one file that shows what came of an experiment; with adr the same as a decision record to be decided on.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { replaceFile } from '../../cache/disk/durable.ts';
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import { CommandError, EXIT } from '../../project/open/command-error.ts';
import type { FilterOptions } from '../../project/open/filters.ts';
import { makeReport, type ReportFormat } from '../../project/report/report.ts';
import { quoteWord } from '../../text/next.ts';
import { type Io, isGithub } from '../io.ts';

export type ReportOptions = FilterOptions & {
  readonly file: string;
  readonly what: 'adr' | undefined;
  /** Left out: html. */
  readonly format?: Exclude<ReportFormat, 'adr'>;
  /** Left out: of a page a file beside the results, of everything else stdout. */
  readonly output?: string;
  readonly onlyDifferences?: string;
};

export async function reportCommand(io: Io, options: ReportOptions): Promise<number> {
  const { what, format = what ?? 'html', output, onlyDifferences, ...asked } = options;
  if (what === 'adr' && format !== 'adr')
    throw new CommandError('a decision record is Markdown: leave --format out');
  if (what === 'adr' && output !== undefined && output !== '-') refuseExisting(io, output);
  const { text, document, root } = await makeReport(io, {
    ...asked,
    format,
    ...(onlyDifferences === undefined ? {} : { onlyDifferences: countOf(onlyDifferences) }),
  });
  for (const warning of document.warnings) io.err.write(`expgraph: ${warning}\n`);
  if (format === 'github' && isGithub(io)) {
    const { appendSummaryText } = await import('../terminal/github.ts');
    appendSummaryText(io, text);
  }
  const to = output ?? (format === 'html' ? path.join(root, 'report.html') : '-');
  // On a screen nobody parses it: what would move the cursor is shown.
  if (to === '-') io.out.raw(io.out.isTerminal ? sanitizeBlock(text) : text);
  else if (format === 'adr') writeNew(io, { output: to, text });
  else {
    const file = fileIn(io, to);
    replaceFile(file, [text]);
    told(io, { file, text });
  }
  return EXIT.complete;
}

/** Somebody may have written a decision into it. */
function writeNew(io: Io, { output, text }: { readonly output: string; readonly text: string }): void {
  const file = fileIn(io, output);
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') refuseExisting(io, output);
    throw new CommandError(`it cannot be written: ${message}`);
  }
  told(io, { file, text });
}

function refuseExisting(io: Io, output: string): void {
  if (!existsSync(fileIn(io, output))) return;
  throw new CommandError(
    `${sanitizeLine(output)} is there already, and a decision may stand in it: name another file with -o`,
  );
}

function countOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new CommandError(
    `--only-differences ${JSON.stringify(text)} is no number of scenarios; write for example 5`,
  );
}

/** @throws CommandError where its folder is not there */
function fileIn(io: Io, output: string): string {
  const file = path.resolve(io.cwd, output);
  const folder = path.dirname(file);
  if (existsSync(folder)) return file;
  throw new CommandError(
    `there is no folder ${sanitizeLine(folder)} to write ${sanitizeLine(path.basename(file))} into`,
  );
}

function told(io: Io, { file, text }: { readonly file: string; readonly text: string }): void {
  const near = path.relative(io.cwd, file);
  const shown = sanitizeLine(near.startsWith('..') || near === '' ? file : near);
  const size = Math.ceil(Buffer.byteLength(text) / 1_000);
  io.err.write(`wrote ${quoteWord(shown)}, ${size} kB\n`);
}
