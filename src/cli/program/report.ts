// The command that shows what came of an experiment, in one file: report.
import { declare, Option, type Wiring, withRows, withScope } from '../base.ts';
import { UNBLIND_ROW } from './rows.ts';

export function addReport({ program, io, done }: Wiring): void {
  const report = declare(program).filed(`
    report            what was asked, how, and what came of it, in one file that needs nothing else
    [adr]             a decision record in Markdown: everything but the decision  { adr }
    --variant <glob>  only these variants; the first is held against each other one (repeatable)`);
  withRows(withScope(report), [
    '--format <format>       a page, a document, or what fits a job summary and a comment (default: html)  { html md github }',
    '-o, --output <path>     a file, - for stdout (default: html report.html beside the results, else stdout); with adr a new file',
    '--only-differences <n>  the n scenarios that differ most (else 10), and no other transcript',
    UNBLIND_ROW,
  ]);
  // Taken so that it can be said why they choose nothing here.
  for (const flag of ['--failed', '--not-passed', '--stale', '--differs', '--shard <i/n>'])
    report.addOption(new Option(flag).hideHelp());
  report.action(async (what: 'adr' | undefined, options) =>
    done(await (await import('../commands/report.ts')).reportCommand(io, { ...options, what })),
  );
}
